import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { BundledWorker, NOTES } from "./bundled-worker.ts";
import { Desk } from "./desk.ts";

const MINUTE = 60_000;

const APP = `import { AsyncLocalStorage } from "node:async_hooks";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { serve } from "burdock/cloudflare";
import { DatabaseEvents, AppEvents, defineService } from "burdock";

const notes = sqliteTable("notes", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
});
const Desk = defineService("desk");
const invocations = [];
let builds = 0;

const worker = serve({
	schema: { notes },
	connection: { session: "first-unconstrained" },
	async seed({ em }) {
		await em.mutator(notes).insertOne({ title: "seeded" });
	},
	beforeBuild: (app) => app.provide(Desk, (_, { env }) => (what, text) =>
		fetch(env.DESK + "/" + what + "/" + encodeURIComponent(text)), { per: "scope" }),
	onServerInit(hono, app) {
		builds++;
		hono.get("/builds", (c) => c.json(builds));
		hono.get("/next", async (c) => {
			using asked = app.emgr.subscribe("notes.asked");
			// A request that waits for another one alone has hung, says the runtime.
			const alive = setTimeout(() => {}, 60_000);
			await app.get(Desk)("note", "waits for the next");
			for await (const { params } of asked) {
				clearTimeout(alive);
				return c.json(params);
			}
		});
		hono.get("/recorders", (c) =>
			c.json(app.emgr.getListeners().filter(({ mode }) => mode === "record").length));
		hono.get("/ask", async (c) => c.text((await app.emgr.emit("notes.asked", { asked: 1 })).slug));
		const pulled = (within) => new Response(new ReadableStream({
			async pull(controller) {
				const rows = within(() => app.em.repository(notes).count());
				const said = await rows.then(({ count }) => count > 0 ? "rows" : "none", ({ code }) => code);
				controller.enqueue(new TextEncoder().encode(said));
				controller.close();
			},
		}, { highWaterMark: 0 }));
		hono.get("/pulled", () => pulled((call) => call()));
		hono.get("/pulled-within", () => pulled(AsyncLocalStorage.snapshot()));
		hono.get("/started", () => new Response(new ReadableStream({
			async start(controller) {
				await app.get(Desk)("hold", "started");
				const { count } = await app.em.repository(notes).count();
				await app.emgr.emit("notes.streamed", {});
				controller.enqueue(new TextEncoder().encode(count > 0 ? "rows" : "none"));
				controller.close();
			},
		})));
	},
	onBuilt({ emgr }) {
		emgr.onEvent(DatabaseEvents.MutatorInsertBefore, async ({ params }, _, { get }) => {
			if (params.data.title.startsWith("held")) await get(Desk)("hold", params.data.title);
		}, "sync");
		emgr.onEvent(DatabaseEvents.MutatorInsertAfter, async ({ params }, _, { get }) => {
			await get(Desk)("note", "after " + params.data.title);
		}, "async");
		emgr.on("notes.streamed", (_event, _slug, { get }) => get(Desk)("note", "streamed"), "async");
		emgr.onEvent(AppEvents.AppScheduled, async ({ params }, _, { get }) => {
			await get(Desk)("note", "cron " + params.cron);
			if (params.cron === "1 * * * *") throw new Error("broken");
		}, "sync");
	},
});

/** A binding that waits at the desk before each answer. */
function held({ DB, DESK }, name) {
	const wait = () => fetch(DESK + "/hold/" + name);
	const statement = (one) => ({
		bind: (...values) => statement(one.bind(...values)),
		raw: () => wait().then(() => one.raw()),
	});
	const over = (binding) => ({
		prepare: (sql) => statement(binding.prepare(sql)),
		getBookmark: () => binding.getBookmark?.() ?? null,
		withSession: (start) => over(binding.withSession(start)),
	});
	return over(DB);
}

export default {
	...worker,
	async fetch(request, env, context) {
		const { pathname } = new URL(request.url);
		if (pathname === "/kept") {
			gc();
			const kept = invocations.filter((one) => one.deref() !== undefined).length;
			return Response.json({ kept, all: invocations.length });
		}
		const name = request.headers.get("x-hold");
		const own = name === null ? { ...env } : { ...env, DB: held(env, name) };
		invocations.push(new WeakRef(own));
		return worker.fetch(request, own, context);
	},
};
`;

const desk = new Desk();
let worker: BundledWorker;

beforeAll(async () => {
	vi.stubEnv("MINIFLARE_WORKERD_V8_FLAGS", "--expose-gc");
	worker = new BundledWorker(APP, { DESK: await desk.open() });
	await worker.start();
}, MINUTE);
afterAll(async () => {
	await worker?.stop();
	desk.close();
}, MINUTE);

async function post(title: string, init: RequestInit = {}): Promise<Response> {
	return worker.send(NOTES, { method: "POST", body: JSON.stringify({ title }), ...init });
}

test("the first request of an isolate hangs on its database, and others are answered", async () => {
	const first = worker.send("/builds", { headers: { "x-hold": "boot" } });
	await desk.held("boot");
	const others = await Promise.all([worker.send("/builds"), worker.send(NOTES), post("early")]);
	expect(others.map(({ status }) => status)).toEqual([200, 200, 201]);
	expect(await worker.fire("0 * * * *")).toBe("ok");
	desk.release("boot");
	// It claims the first boot only now, and says so to a database that is not empty any more.
	for (let held = true; held;) {
		held = await Promise.race([desk.held("boot").then(() => true), first.then(() => false)]);
		desk.release("boot");
	}
	expect(await (await first).json()).toBe(1);
	expect(await (await worker.send("/builds")).json()).toBe(1);
});

test(
	"a client that leaves in the middle of a write loses no listener",
	{ timeout: MINUTE },
	async () => {
		const client = new AbortController();
		const left = post("held 1", { signal: client.signal });
		left.catch(() => {});
		await desk.held("held 1");
		client.abort();
		await expect(left).rejects.toThrow(/abort/);
		expect((await worker.send("/health")).status).toBe(200);
		desk.release("held 1");
		await desk.noted("after held 1");
		expect(
			await (
				await worker.send(`${NOTES}?where=${encodeURIComponent('{"title":"held 1"}')}`)
			).text(),
		).toContain("held 1");
	},
);

test("interleaved writes are heard by their own requests", { timeout: MINUTE }, async () => {
	const titles = ["held a", "held b", "held c"];
	const sent = titles.map((title) => post(title));
	await Promise.all(titles.map((title) => desk.held(title)));
	for (const title of ["held c", "held a", "held b"]) {
		desk.release(title);
		await desk.noted(`after ${title}`);
	}
	expect((await Promise.all(sent)).map(({ status }) => status)).toEqual([201, 201, 201]);
});

test("one request follows the events of others", { timeout: MINUTE }, async () => {
	const { body } = await worker.send("/api/system/events?ref=data.**");
	const reader = (body as ReadableStream<Uint8Array>).getReader();
	const line = async () => new TextDecoder().decode((await reader.read()).value);
	expect(await line()).toBe("\n");
	expect((await post("followed")).status).toBe(201);
	let lines = "";
	while (!lines.includes("data.notes.insert.after")) lines += await line();
	expect((await post("followed again")).status).toBe(201);
	while (!lines.includes("followed again")) lines += await line();
	expect(await (await worker.send("/recorders")).json()).toBe(1);
	await reader.cancel();
	// The runtime notices that the client has left when it has something to write: an event, or a heartbeat.
	let recorders = 1;
	while (recorders > 0) {
		expect((await post("unread")).status).toBe(201);
		recorders = (await (await worker.send("/recorders")).json()) as number;
	}
});

test("one request waits for an event of another", { timeout: MINUTE }, async () => {
	const waiting = worker.send("/next");
	await desk.noted("waits for the next");
	expect(await (await worker.send("/ask")).text()).toBe("notes.asked");
	expect(await (await waiting).json()).toEqual({ asked: 1 });
});

test("a stream goes on with the bindings of its request", { timeout: MINUTE }, async () => {
	const { body } = await worker.send("/started");
	await desk.held("started");
	desk.release("started");
	expect(await new Response(body).text()).toBe("rows");
	await desk.noted("streamed");
});

test("what a stream does when it is read belongs to no request", { timeout: MINUTE }, async () => {
	expect(await (await worker.send("/pulled")).text()).toBe("outside_of_request");
	expect(await (await worker.send("/pulled-within")).text()).toBe("rows");
});

test("a trigger whose listener fails has failed", { timeout: MINUTE }, async () => {
	expect(await worker.fire("1 * * * *")).toBe("exception");
	expect(await worker.fire("2 * * * *")).toBe("ok");
	expect(desk.notes).toContain("cron 2 * * * *");
});

test("bookmarks of D1 go out and come in", async () => {
	const written = await post("marked");
	const bookmark = String(written.headers.get("x-d1-bookmark"));
	const { data } = (await written.json()) as { readonly data: { readonly id: number } };
	const headers = { "x-d1-bookmark": bookmark };
	const read = await worker.send(`${NOTES}/${data.id}`, { headers });
	expect(await read.text()).toContain("marked");
	expect(read.headers.get("x-d1-bookmark")).toMatch(/^[\da-f]{8}-/);
	const bad = await worker.send(NOTES, { headers: { "x-d1-bookmark": "first-primary" } });
	expect([bad.status, bad.headers.get("x-d1-bookmark")]).toEqual([400, null]);
});

test("an isolate keeps nothing of what was answered", { timeout: MINUTE }, async () => {
	for (let request = 0; request < 10; request++) {
		for (const path of [NOTES, "/ask", "/nowhere"]) await (await worker.send(path)).text();
		await (await post(`one of many ${request}`)).text();
	}
	let last = { kept: Number.POSITIVE_INFINITY, all: 0 };
	for (let round = 0; round < 10 && last.kept > 0; round++) {
		last = (await (await worker.send("/kept")).json()) as typeof last;
	}
	expect(last.all).toBeGreaterThan(40);
	expect(last.kept).toBe(0);
});
