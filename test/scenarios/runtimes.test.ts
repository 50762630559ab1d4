import { expect, test } from "vitest";
import { blog } from "../support/blog.ts";
import { differs } from "../support/differs.ts";

const POSTS = "/api/data/entity/posts";
const TAGS = "/api/data/entity/tags";

/** What comes of work: its value, or the code of its error. */
async function outcome(work: () => unknown): Promise<unknown> {
	try {
		return await work();
	} catch (error) {
		return (error as { readonly code?: string }).code ?? error;
	}
}

test("whoever asks is told which engine has the data", async () => {
	const { send } = await blog();
	expect(await (await send(["GET", "/api/system/info"])).json()).toMatchObject({
		engine: differs("The engine", { node: "embedded libSQL", cloudflare: "D1" }),
	});
});

test("a request has a line in the log, unless the runtime writes one", async () => {
	const { send, log } = await blog();
	await send(["GET", "/health"]);
	await send(["GET", `${POSTS}/99`]);
	expect(log.of("info").length + log.of("warn").length).toBe(
		differs("Lines of requests", { node: 2, cloudflare: 0 }),
	);
	expect(log.of("error")).toEqual([]);
});

test("a pattern of over 50 bytes is matched, or refused in words that a client understands", async () => {
	const { send } = await blog();
	const where = encodeURIComponent(JSON.stringify({ title: { $like: `%${"x".repeat(50)}` } }));
	const { data = [], code } = (await (await send(["GET", `${POSTS}?where=${where}`])).json()) as {
		readonly data?: readonly unknown[];
		readonly code?: string;
	};
	expect([data, code]).toEqual(
		differs("Long patterns", { node: [[], undefined], cloudflare: [[], "pattern_too_long"] }),
	);
});

test("foreign keys hold for those who try to turn them off", async () => {
	const { send, database } = await blog();
	await outcome(() => database.all({ sql: "pragma foreign_keys = off", params: [] }));
	const nobodys = { title: "Four", slug: "four", authorId: "nobody" };
	const { status } = await send(["POST", POSTS, nobodys]);
	expect(status).toBe(differs("Foreign keys", { node: 201, cloudflare: 409 }));
});

test("the database is there outside of a request, or says why it is not", async () => {
	const { app } = await blog();
	const found = await outcome(async () => (await app.em.repository("tags").findOne(1)).data);
	expect(found).toEqual(
		differs<unknown>("The database outside of a request", {
			node: { id: 1, name: "hooks" },
			cloudflare: "outside_of_request",
		}),
	);
});

test("what is emitted outside of a request starts its async listeners, or waits for them", async () => {
	const { app } = await blog();
	const heard: string[] = [];
	const all = Promise.withResolvers<void>();
	app.emgr.on("orders.paid", async () => {
		await Promise.resolve();
		heard.push("listener");
		all.resolve();
	});
	await app.emgr.emit("orders.paid");
	heard.push("emitter");
	await all.promise;
	expect(heard).toEqual(
		differs("Emits outside of a request", {
			node: ["emitter", "listener"],
			cloudflare: ["listener", "emitter"],
		}),
	);
});

test("a hook of the build may take its time, or is refused", async () => {
	const config = { onBuilt: () => Promise.resolve() };
	const built = await outcome(
		async () => (await (await blog({ config })).send(["GET", TAGS])).status,
	);
	expect(built).toBe(
		differs<unknown>("Hooks of the build", { node: 200, cloudflare: "hook_waits" }),
	);
});
