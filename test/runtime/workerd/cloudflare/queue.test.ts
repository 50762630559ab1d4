import { createExecutionContext, createMessageBatch, getQueueResult } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { AppQueueMessage } from "../../../../src/app/runtime-events.ts";
import { emptied, notes, schema, stateOf, TestWorker } from "./test-worker.ts";

beforeEach(() => emptied());

const SENT = new Date(1000);

/** Delivers bodies as a queue does; answers which messages were acknowledged, and which retried. */
async function deliver(worker: TestWorker, bodies: readonly unknown[], attempts = 1) {
	const messages = bodies.map((body, index) => ({
		id: `m${index}`,
		timestamp: SENT,
		attempts,
		body,
	}));
	const batch = createMessageBatch("orders", messages);
	const context = createExecutionContext();
	await worker.queue(batch, { DB: bindings.DB }, context);
	const { explicitAcks, retryMessages, ackAll, retryBatch } = await getQueueResult(batch, context);
	expect([ackAll, retryBatch.retry]).toEqual([false, false]);
	return { acked: explicitAcks, retried: retryMessages.map(({ msgId }) => msgId) };
}

const BODIES = [0, "", false, null, 7.5, "text", true, [1, [2]], { a: { b: null } }, {}];

test("each message is an event, one after the other, whatever JSON it is", async () => {
	const heard: unknown[] = [];
	const order: string[] = [];
	const worker = new TestWorker({ schema });
	const { app } = worker;
	app.emgr.onEvent(
		AppQueueMessage,
		async ({ params, path, topic }) => {
			const { id } = params.message;
			order.push(`begin ${path}/${id}`);
			await Promise.resolve();
			heard.push(params.message.body);
			expect({ ...params, topic }).toEqual({
				app,
				queue: "orders",
				message: { id, body: params.message.body, attempts: 1, timestamp: SENT },
				topic: "app.queue-message",
			});
			order.push(`end ${path}/${id}`);
		},
		"sync",
	);
	const ids = BODIES.map((_, index) => `m${index}`);
	expect(await deliver(worker, BODIES)).toEqual({ acked: ids, retried: [] });
	expect(heard).toEqual(BODIES);
	expect(order).toEqual(ids.flatMap((id) => [`begin orders/${id}`, `end orders/${id}`]));
	expect(worker.logs).toEqual([]);
});

test("only what a sync listener refuses comes again", async () => {
	const worker = new TestWorker({ schema });
	const heard: unknown[] = [];
	worker.app.emgr.onEvent(
		AppQueueMessage,
		({ params }) => {
			heard.push(params.message.body);
			if (params.message.body === "poison") throw new Error("It can't be read.");
		},
		{ mode: "sync", id: "orders" },
	);
	expect(await deliver(worker, ["a", "poison", "b"], 3)).toEqual({
		acked: ["m0", "m2"],
		retried: ["m1"],
	});
	expect(heard).toEqual(["a", "poison", "b"]);
	expect(worker.logs).toMatchObject([
		{
			level: "error",
			message: "A message was refused: it comes again.",
			fields: { queue: "orders", id: "m1", attempts: 3, listener: "orders" },
		},
	]);
});

test("a message that nobody listens to comes again, with one line in the log", async () => {
	const worker = new TestWorker({ schema });
	expect(await deliver(worker, [1, 2])).toEqual({ acked: [], retried: ["m0", "m1"] });
	expect(worker.logs.map(({ level, fields }) => [level, fields["id"]])).toEqual([
		["error", "m0"],
		["error", "m1"],
	]);
});

test("who only looks on is nobody who takes a message", async () => {
	const worker = new TestWorker({ schema, events: { history: { size: 10 } } });
	const { emgr } = worker.app;
	const channel = emgr.subscribe("**");
	expect(await deliver(worker, [1])).toEqual({ acked: [], retried: ["m0"] });
	emgr.onEvent(AppQueueMessage, () => {}, "async");
	expect(await deliver(worker, [2])).toEqual({ acked: ["m0"], retried: [] });
	channel.close();
});

test("async listeners are waited for, with their database and what they emit", async () => {
	const held = Promise.withResolvers<void>();
	const worker = new TestWorker({ schema });
	const { app } = worker;
	app.emgr.onEvent(
		AppQueueMessage,
		async ({ params }, _slug, { emit }) => {
			await held.promise;
			await app.em.mutator(notes).insertOne({ title: String(params.message.body) });
			await emit("notes.stored", {});
		},
		"async",
	);
	const heard: string[] = [];
	app.emgr.on(
		"notes.stored",
		async () => void heard.push(await Promise.resolve("stored")),
		"async",
	);
	const delivered = deliver(worker, ["a", "b"]);
	expect(await stateOf(delivered)).toBe("waiting");
	held.resolve();
	expect(await delivered).toEqual({ acked: ["m0", "m1"], retried: [] });
	expect(heard).toEqual(["stored", "stored"]);
	const { results } = await bindings.DB.prepare("select title from notes order by id").all();
	expect(results).toEqual([{ title: "a" }, { title: "b" }]);
});

test("what an async listener could not do comes again; the others have heard it", async () => {
	const worker = new TestWorker({ schema });
	const heard: unknown[] = [];
	const { emgr } = worker.app;
	emgr.onEvent(
		AppQueueMessage,
		async ({ params }) => {
			if (params.message.body === "lost") throw new Error("no network");
		},
		{ id: "mail" },
	);
	emgr.onEvent(AppQueueMessage, ({ params }) => void heard.push(params.message.body), "async");
	expect(await deliver(worker, ["a", "lost", "b"])).toEqual({
		acked: ["m0", "m2"],
		retried: ["m1"],
	});
	expect(heard).toEqual(["a", "lost", "b"]);
	expect(worker.logs).toMatchObject([
		{ level: "error", message: "A listener failed.", fields: { listener: "mail" } },
	]);
});

test("listeners choose their queue by the path, and messages by a condition", async () => {
	const heard: unknown[] = [];
	const worker = new TestWorker({ schema });
	const { emgr } = worker.app;
	const listen = (name: string, config: object): unknown =>
		emgr.onEvent(
			AppQueueMessage,
			({ params }) => void heard.push([name, params.message.body]),
			config,
		);
	listen("orders", { path: "orders" });
	listen("mail", { path: "mail" });
	listen("large", { where: ({ params }: AppQueueMessage) => params.message.body === "large" });
	expect((await deliver(worker, ["small", "large"])).retried).toEqual([]);
	expect(heard).toEqual([
		["orders", "small"],
		["orders", "large"],
		["large", "large"],
	]);
});

test("a message that every listener leaves out, or that only is counted, comes again", async () => {
	const worker = new TestWorker({ schema });
	const { emgr } = worker.app;
	emgr.onAny(() => {}, "sync");
	emgr.on("**", () => {});
	emgr.onEvent(AppQueueMessage, () => {}, { path: "mail" });
	emgr.onEvent(AppQueueMessage, () => {}, { where: () => false });
	expect(await deliver(worker, ["a"])).toEqual({ acked: [], retried: ["m0"] });
	expect(worker.logs).toMatchObject([
		{ level: "error", message: "Nobody takes this message: it comes again." },
	]);
	emgr.onEvent(AppQueueMessage, () => {}, { once: true });
	expect(await deliver(worker, ["a", "b"])).toEqual({ acked: ["m0"], retried: ["m1"] });
});

test("a Worker that can't be built acknowledges nothing", async () => {
	const worker = new TestWorker({
		schema,
		onBuilt() {
			throw new Error("not today");
		},
	});
	await expect(deliver(worker, ["a"])).rejects.toThrow("not today");
});

test("duties run after the messages, and a failing one retries none of them", async () => {
	const ran: string[] = [];
	const worker = new TestWorker({
		schema,
		duties: [
			{
				name: "broken",
				async runOnce() {
					ran.push("duty");
					throw new Error("no");
				},
			},
		],
	});
	worker.app.emgr.onEvent(AppQueueMessage, () => void ran.push("message"), "sync");
	expect(await deliver(worker, ["a"])).toEqual({ acked: ["m0"], retried: [] });
	expect(ran).toEqual(["message", "duty"]);
});
