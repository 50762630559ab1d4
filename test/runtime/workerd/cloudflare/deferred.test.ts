import { beforeEach, expect, test } from "vitest";
import { DatabaseEvents } from "../../../../src/data/index.ts";
import { AppBeforeResponse } from "../../../../src/app/app-events.ts";
import { emptied, NOTES, notes, schema, stateOf, TestWorker } from "./test-worker.ts";

const { MutatorInsertBefore, MutatorInsertAfter } = DatabaseEvents;
const env = { BURDOCK_TOKEN: "s3cret" };
const headers = { authorization: "Bearer s3cret" };
const POST = { method: "POST", body: { title: "x" }, env, headers } as const;

beforeEach(() => emptied());

test("async listeners start when the response is ready, and not before", async () => {
	const order: string[] = [];
	const worker = new TestWorker({ schema });
	const { emgr } = worker.app;
	emgr.onEvent(MutatorInsertAfter, () => void order.push("async"), "async");
	emgr.onEvent(MutatorInsertAfter, () => void order.push("sync"), "sync");
	emgr.onEvent(AppBeforeResponse, () => void order.push("response"), "sync");
	const sent = worker.send(NOTES, POST);
	const response = await sent.response;
	order.push("answered");
	expect(response.status).toBe(201);
	await sent.done;
	expect(order).toEqual(["sync", "response", "answered", "async"]);
});

test("the context waits for async listeners, what they emit, their timers and what they defer", async () => {
	const gates = new Map<string, PromiseWithResolvers<void>>();
	const gate = (name: string): Promise<void> => {
		const made = Promise.withResolvers<void>();
		gates.set(name, made);
		return made.promise;
	};
	const worker = new TestWorker({ schema });
	const { emgr } = worker.app;
	emgr.onEvent(
		MutatorInsertAfter,
		async (_event, _slug, { emit, defer }) => {
			await gate("listener");
			await emit("notes.nested", {});
			defer(gate("deferred"));
			setTimeout(() => void emgr.emit("notes.timed", {}));
		},
		"async",
	);
	emgr.on("notes.nested", () => gate("nested"), "async");
	emgr.on("notes.timed", () => gate("timed"), "async");
	const { done, response } = worker.send(NOTES, POST);
	expect((await response).status).toBe(201);
	for (const name of ["listener", "nested", "deferred", "timed"]) {
		expect(await stateOf(done), name).toBe("waiting");
		expect([...gates.keys()]).toContain(name);
		gates.get(name)?.resolve();
	}
	expect((await done).status).toBe(201);
	expect(emgr.pending).toBe(0);
});

test("an async listener that fails is logged, and the others are heard", async () => {
	const heard: string[] = [];
	const worker = new TestWorker({ schema });
	const { emgr } = worker.app;
	emgr.onEvent(MutatorInsertAfter, () => Promise.reject(new Error("lost")), {
		mode: "async",
		id: "mail",
	});
	emgr.onEvent(MutatorInsertAfter, () => void heard.push("second"), "async");
	const response = await worker.send(NOTES, POST).done;
	expect([response.status, heard]).toEqual([201, ["second"]]);
	const errors = worker.logs.filter(({ level }) => level === "error");
	expect(errors).toHaveLength(1);
	expect(JSON.stringify(errors[0])).toContain("mail");
});

test("a write whose client leaves is finished and heard, and is under the context from the start", async () => {
	const heard: string[] = [];
	const held = Promise.withResolvers<void>();
	const client = new AbortController();
	const worker = new TestWorker({ schema });
	const { app } = worker;
	await worker.send("/health").done;
	app.emgr.onEvent(MutatorInsertBefore, () => held.promise, "sync");
	app.emgr.onEvent(
		MutatorInsertAfter,
		({ params }) => void heard.push(`sync ${params.data.id}`),
		"sync",
	);
	app.emgr.onEvent(
		MutatorInsertAfter,
		async () => {
			const { count } = await app.em.repository(notes).count();
			heard.push(`async ${count}`);
		},
		"async",
	);
	const { context, response, done } = worker.send(NOTES, { ...POST, signal: client.signal });
	// The runtime has to know of the work before the client leaves.
	expect(context.waits).toBe(1);
	expect(await stateOf(response)).toBe("waiting");
	client.abort();
	held.resolve();
	// Nobody reads the response, and the context is all that the runtime still waits for.
	await context.settled();
	expect(heard).toEqual(["sync 1", "async 1"]);
	await done;
});

test("a client that reads no body loses no listener", async () => {
	const heard: string[] = [];
	const worker = new TestWorker({ schema });
	worker.app.emgr.onEvent(MutatorInsertAfter, () => void heard.push("async"), "async");
	const { response, context } = worker.send(NOTES, POST);
	await (await response).body?.cancel();
	await context.settled();
	expect(heard).toEqual(["async"]);
});

test("what a stream emits after its response has left is heard under its request", async () => {
	const heard: string[] = [];
	const read = Promise.withResolvers<void>();
	const worker = new TestWorker({
		schema,
		onServerInit(hono, app) {
			hono.get("/stream", () => {
				const body = new ReadableStream<Uint8Array>({
					async start(controller) {
						await read.promise;
						await app.emgr.emit("notes.streamed", {});
						controller.close();
					},
				});
				return new Response(body);
			});
		},
	});
	worker.app.emgr.on(
		"notes.streamed",
		(_event, _slug, { request }) => void heard.push(String(request?.url)),
		"async",
	);
	const { response, done } = worker.send("/stream");
	const answer = await response;
	await done;
	expect(heard).toEqual([]);
	read.resolve();
	await answer.text();
	await stateOf(Promise.resolve());
	expect(heard).toEqual(["https://blog.example/stream"]);
});
