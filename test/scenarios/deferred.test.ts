import { describe, expect, test } from "vitest";
import { blog } from "../support/blog.ts";

const BASE = "/api/data/entity";
const INSERT = ["POST", `${BASE}/tags`, { name: "new" }] as const;

describe("async listeners of a request", () => {
	test("hold up no response, and are done all the same", async () => {
		const { app, send, settle } = await blog();
		const go = Promise.withResolvers<void>();
		const heard: string[] = [];
		app.emgr.on("data.tags.insert.after", async () => {
			await go.promise;
			heard.push("first");
		});
		app.emgr.on("data.tags.insert.after", () => void heard.push("second"));
		expect((await send(INSERT)).status).toBe(201);
		expect(heard).not.toContain("first");
		go.resolve();
		await settle();
		expect(heard.toSorted()).toEqual(["first", "second"]);
	});

	test("write, and what they write is heard in turn", async () => {
		const { app, send, settle } = await blog();
		const names: unknown[] = [];
		app.emgr.on("data.tags.insert.after", async () => {
			await app.em.mutator("authors").insertOne({ id: "cy", name: "Cy", email: "cy@example.org" });
		});
		app.emgr.on("data.authors.insert.after", async (_event, _slug, { emit }) => {
			const { data } = await app.em.repository("authors").findOne("cy");
			names.push(data?.["name"]);
			await emit("authors.welcomed");
		});
		app.emgr.on("authors.welcomed", () => void names.push("welcomed"));
		await send(INSERT);
		await settle();
		expect(names).toEqual(["Cy", "welcomed"]);
		expect((await send(["GET", `${BASE}/authors/cy`])).status).toBe(200);
	});

	test("fail alone, with a line in the log and none in the answer", async () => {
		const { app, send, settle, log } = await blog();
		const heard: string[] = [];
		app.emgr.on("data.tags.insert.after", () => Promise.reject(new Error("lost")), {
			id: "mailer",
		});
		app.emgr.on("data.tags.insert.after", () => void heard.push("other"));
		const response = await send(INSERT);
		expect(await response.text()).not.toMatch(/lost|mailer/);
		await settle();
		expect(heard).toEqual(["other"]);
		expect(log.of("error")).toMatchObject([
			{ fields: { listener: "mailer", event: "mutator-insert-after", error: new Error("lost") } },
		]);
	});

	test("know the actor and the request that they belong to, however requests interleave", async () => {
		const { app, send, settle } = await blog({ env: { BURDOCK_TOKEN: "t0ken" } });
		const seen: string[] = [];
		app.emgr.on("data.tags.insert.after", async (event, _slug, { actor }) => {
			await app.em.repository("tags").count();
			const { data } = event.params as { readonly data: { readonly name: string } };
			const name = event.context.request?.headers.get("x-name");
			seen.push(`${data.name} ${name} ${actor?.id}`);
		});
		const names = ["a", "b", "c", "d"];
		await Promise.all(
			names.map(async (name, index) => {
				const authorization = index % 2 === 0 ? "Bearer t0ken" : "Bearer wrong";
				await send(["POST", `${BASE}/tags`, { name }, { authorization, "x-name": name }]);
			}),
		);
		await settle();
		expect(seen.toSorted()).toEqual(
			names.map((name, index) => `${name} ${name} ${index % 2 === 0 ? "token" : undefined}`),
		);
	});
});
