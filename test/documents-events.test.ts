import { readFileSync, writeFileSync } from "node:fs";
import { transform } from "esbuild";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { AppEvents } from "../src/app/app-events.ts";
import type { Config } from "../src/app/config.ts";
import { createApp } from "../src/app/create-app.ts";
import { DatabaseEvents } from "../src/data/database-events.ts";
import type { EventClass } from "../src/events/event-class.ts";
import type { ListenerOptions } from "../src/events/listener-config.ts";
import { silentLogger } from "../src/kernel/logger.ts";
import { MediaEvents } from "../src/media/media-events.ts";
import { nodePlatform } from "../src/runtime/node/platform.ts";
import { spy } from "../src/testing/spy.ts";
import { newBlog } from "./support/blog.ts";
import { filesApp } from "./support/files-app.ts";
import { snippetsOf, typeErrors, writeSnippets } from "./support/snippets.ts";

const PAGE = "docs/events.md";
const page = readFileSync(PAGE, "utf8");
const classes: readonly (readonly [string, EventClass])[] = [
	...Object.entries(AppEvents),
	...Object.entries(DatabaseEvents),
	...Object.entries(MediaEvents),
] as const;

interface Row {
	readonly slug: string;
	readonly topic: string;
	readonly params: readonly string[];
	readonly may: string;
	readonly fact: string;
}

/** The rows of the tables of events, by class. */
const rows = new Map(
	page
		.split("\n")
		.map((line) => line.split(" | ").map((cell) => cell.replace(/^\| |\|$/g, "").trim()))
		.filter((cells) => cells.length === 6 && cells[0]?.startsWith("`"))
		.map(([name, slug, topic, params, may, fact]): [string, Row] => [
			bare(name),
			{
				slug: bare(slug),
				topic: bare(topic),
				params: (params ?? "").split(", ").map(bare),
				may: may ?? "",
				fact: fact ?? "",
			},
		]),
);

function bare(cell = ""): string {
	return cell.replaceAll("`", "");
}

describe("docs/events.md", () => {
	test("lists every event, and no other", () => {
		expect([...rows.keys()]).toEqual(classes.map(([name]) => name));
	});

	test.for(classes)("says of %s what the class says", ([name, eventClass]) => {
		expect(eventClass.name).toBe(name);
		expect(rows.get(name)).toMatchObject({
			slug: eventClass.slug,
			topic: eventClass.topicFor("<entity>"),
			fact: eventClass.fact ? "yes" : "no",
		});
		const { may } = rows.get(name) as Row;
		const replies = Object.hasOwn(eventClass.prototype as object, "validate");
		expect(/\breturn /.test(may), "what may be returned").toBe(replies);
		expect(/\bthrow\b/.test(may), "whether a throw refuses").toBe(!eventClass.fact);
	});

	test("names the params that the events carry", async () => {
		const { app, send } = newBlog();
		using events = spy(app.emgr);
		app.emgr.onEvent(DatabaseEvents.MutatorUpdateAfter, () => {}, { mode: "sync", previous: true });
		await app.build();
		const posts = "/api/data/entity/posts";
		await send(["GET", posts]);
		await send(["GET", `${posts}/1`]);
		await send(["PATCH", `${posts}/1`, { views: 1 }]);
		await send(["PATCH", `${posts}/99`, { views: 1 }]);
		await send(["DELETE", `${posts}/1`]);
		await send(["DELETE", `${posts}/1`]);
		await send(["POST", posts, { title: "Two", slug: "two" }]);
		await app.close();
		const files = await filesApp();
		using ofFiles = spy(files.app.emgr);
		const cover = readFileSync("blog/covers/dog.webp");
		await files.send(["POST", "/api/media/upload/dog.webp", cover]);
		await files.send(["GET", "/api/media/file/dog.webp?width=64"]);
		await files.send(["DELETE", "/api/media/file/dog.webp"]);
		await files.settle();
		const all = [...events.events, ...ofFiles.events];
		const silent = new Set<EventClass>([
			AppEvents.AppConfigUpdatedEvent,
			// Of processes: test/runtime/node/lifecycle.test.ts and test/cli/command-events.test.ts.
			...Object.values(AppEvents).filter(({ slug }) => /^(?:server|command)-/.test(slug)),
			// Of Workers: test/runtime/workerd/cloudflare.
			AppEvents.AppScheduled,
			AppEvents.AppQueueMessage,
		]);
		for (const [name, eventClass] of classes) {
			const found = all.filter((one) => one instanceof eventClass);
			expect(found.length > 0, name).toBe(!silent.has(eventClass));
			if (silent.has(eventClass)) continue;
			// Those of all, as not every one carries what it may.
			const keys = new Set(found.flatMap(({ params }) => Object.keys(params as object)));
			const params = [...keys].toSorted();
			const said = rows.get(name)?.params.map((param) => param.replace("?", ""));
			expect(params, name).toEqual(said?.toSorted());
		}
	});

	test("explains every key of a listener's config", () => {
		const keys: Readonly<Record<keyof ListenerOptions, true>> = {
			mode: true,
			id: true,
			order: true,
			entity: true,
			path: true,
			where: true,
			once: true,
			signal: true,
			timeout: true,
			onError: true,
			previous: true,
			reentrant: true,
		};
		const said = [...page.matchAll(/^\| `(\w+)` \| [^|]+ \|$/gm)].map(([, key]) => key as string);
		expect(said.toSorted()).toEqual(Object.keys(keys).toSorted());
	});

	test("its snippets compile", { timeout: 120_000 }, () => {
		const snippets = snippetsOf(PAGE);
		expect(snippets.length).toBeGreaterThan(10);
		expect(typeErrors(writeSnippets(snippets))).toBe("");
	});

	test("its class of listeners does what it says", async () => {
		const code = snippetsOf(PAGE).find((snippet) => snippet.includes("class PostListeners"));
		const [path = ""] = writeSnippets([code ?? ""]);
		const compiled = await transform(readFileSync(path, "utf8"), {
			loader: "ts",
			target: "es2022",
		});
		writeFileSync(path, compiled.code);
		const module = (await import(/* @vite-ignore */ path)) as { readonly default: Config };
		const app = createApp(module.default, nodePlatform({ logger: silentLogger }));
		onTestFinished(async () => {
			await app.close();
		});
		const body = JSON.stringify({ title: "One Two Three Four" });
		const request = new Request("http://localhost/api/data/entity/posts", { method: "POST", body });
		const stored = await app.fetch(request);
		expect(await stored.json()).toMatchObject({ data: { slug: "one-two-three" } });
		expect(app.emgr.getListeners().map(({ id }) => id)).toEqual(["PostListeners.addSlug"]);
	});

	test("its bus does what it says", async () => {
		const code = snippetsOf(PAGE).find((snippet) => snippet.includes("new InProcessBus()"));
		const [path = ""] = writeSnippets([code ?? ""]);
		using said = vi.spyOn(console, "log").mockImplementation(() => {});
		await import(/* @vite-ignore */ path);
		expect(said.mock.calls).toEqual([[{ id: "a1" }, "orders/a1"]]);
	});

	test("its first listener does what it says", async () => {
		const [first] = writeSnippets(snippetsOf(PAGE).slice(0, 1));
		const path = first as string;
		const module = (await import(/* @vite-ignore */ path)) as { readonly default: Config };
		const app = createApp(module.default, nodePlatform({ logger: silentLogger }));
		onTestFinished(async () => {
			await app.close();
		});
		const insert = (title: string) =>
			app.fetch(
				new Request("http://localhost/api/data/entity/posts", {
					method: "POST",
					body: JSON.stringify({ title }),
				}),
			);
		const stored = await insert("Hello World");
		expect(stored.status).toBe(201);
		expect(await stored.json()).toMatchObject({ data: { slug: "hello-world" } });
		expect((await insert("")).status).toBe(422);
	});
});
