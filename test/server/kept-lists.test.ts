import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../src/data/index.ts";
import { blog, type ShortRequest } from "../support/blog.ts";

const { RepositoryFindManyBefore, RepositoryFindManyAfter } = DatabaseEvents;
const LIST: ShortRequest = ["GET", "/api/data/entity/tags?limit=2&select=id,name"];

describe("a list that is asked for twice", () => {
	test("gives what is stored now", async () => {
		const { app, send } = await blog();
		const before = (await (await send(LIST)).json()) as { data: readonly object[] };
		await app.em.mutator("tags").updateOne(1, { name: "renamed" });
		const after = (await (await send(LIST)).json()) as { data: readonly object[] };
		expect(after.data).toEqual([{ id: 1, name: "renamed" }, before.data[1]]);
	});

	test("asks every listener every time, and keeps nothing of a reply", async () => {
		const { app, send } = await blog();
		const heard: unknown[] = [];
		app.emgr.onEvent(
			RepositoryFindManyBefore,
			({ params }) => {
				heard.push(params.options);
				return heard.length === 1 ? { ...params.options, where: { id: 2 } } : undefined;
			},
			"sync",
		);
		expect(await (await send(LIST)).json()).toMatchObject({ data: [{ id: 2 }] });
		expect(await (await send(LIST)).json()).toMatchObject({ data: [{ id: 1 }, { id: 2 }] });
		expect(heard[1]).toEqual({ limit: 2, offset: 0, select: ["id", "name"], sort: ["id"] });
	});

	test("hands listeners nothing that they could change for others", async () => {
		const { app, send } = await blog();
		const seen: { readonly options: object; readonly select: unknown }[] = [];
		app.emgr.onEvent(
			RepositoryFindManyAfter,
			({ params: { options } }) => void seen.push({ options, select: options.select }),
			"sync",
		);
		await send(LIST);
		for (const value of Object.values(seen[0] ?? {})) expect(Object.isFrozen(value)).toBe(true);
	});

	test("is another one for another entity", async () => {
		const { send } = await blog();
		await send(["GET", "/api/data/entity/tags?limit=1"]);
		const posts = (await (await send(["GET", "/api/data/entity/posts?limit=1"])).json()) as {
			data: readonly object[];
		};
		expect(posts.data[0]).toHaveProperty("title");
	});
});
