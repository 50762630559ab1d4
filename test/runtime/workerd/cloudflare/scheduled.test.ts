import {
	createExecutionContext,
	createScheduledController,
	waitOnExecutionContext,
} from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { beforeEach, expect, test, vi } from "vitest";
import { AppScheduled } from "../../../../src/app/runtime-events.ts";
import type { Config } from "../../../../src/app/config.ts";
import {
	emptied,
	NOTES,
	notes,
	schema,
	stateOf,
	TestWorker,
	WatchedContext,
} from "./test-worker.ts";

beforeEach(() => emptied());

/** Fires the way the runtime does. */
async function fire(worker: TestWorker, cron = "0 3 * * *", scheduledTime = new Date(86_400_000)) {
	const context = createExecutionContext();
	await worker.scheduled(
		createScheduledController({ cron, scheduledTime }),
		{ DB: bindings.DB },
		context,
	);
	await waitOnExecutionContext(context);
}

test("a Cron Trigger is an event with its expression and the time it was due", async () => {
	const heard: unknown[] = [];
	const worker = new TestWorker({ schema });
	const { app } = worker;
	app.emgr.onEvent(AppScheduled, ({ params, topic }) => void heard.push([topic, params]), "sync");
	await fire(worker);
	expect(heard).toEqual([
		["app.scheduled", { app, cron: "0 3 * * *", scheduledTime: new Date(86_400_000) }],
	]);
});

test("all listeners are waited for, and everything that they lead to", async () => {
	const gates: PromiseWithResolvers<void>[] = [];
	const gate = (): Promise<void> => {
		const made = Promise.withResolvers<void>();
		gates.push(made);
		return made.promise;
	};
	const worker = new TestWorker({ schema });
	const { app } = worker;
	const { emgr } = app;
	emgr.onEvent(AppScheduled, gate, "sync");
	emgr.onEvent(
		AppScheduled,
		async (_event, _slug, { emit, defer }) => {
			await gate();
			await emit("notes.nested", {});
			await app.em.mutator(notes).insertOne({ title: "by cron" });
			defer(gate());
		},
		"async",
	);
	emgr.on("notes.nested", gate, "async");
	emgr.on("data.notes.insert.after", gate, "async");
	const fired = fire(worker);
	expect(await stateOf(fired)).toBe("waiting");
	for (let opened = 0; opened < 5; opened++) {
		expect(await stateOf(fired), `gate ${opened}`).toBe("waiting");
		expect(gates.length).toBeGreaterThan(opened);
		gates[opened]?.resolve();
	}
	await fired;
	expect([gates.length, emgr.pending]).toEqual([5, 0]);
});

test("a listener that fails keeps nobody from running, and is named by what the handler rejects with", async () => {
	const heard: string[] = [];
	const worker = new TestWorker({
		schema,
		duties: [{ name: "sweep", runOnce: async () => (heard.push("duty"), 0) }],
	});
	const { emgr } = worker.app;
	emgr.onEvent(AppScheduled, () => Promise.reject(new Error("first")), { mode: "sync", id: "a" });
	emgr.onEvent(AppScheduled, () => void heard.push("sync"), "sync");
	emgr.onEvent(
		AppScheduled,
		() => {
			throw new Error("last");
		},
		{ mode: "sync", id: "b" },
	);
	emgr.onEvent(AppScheduled, () => void heard.push("async"), "async");
	await expect(fire(worker)).rejects.toMatchObject({
		code: "scheduled_failed",
		message:
			"listener a, listener b of the cron trigger 0 3 * * * failed. The log has the details.",
	});
	expect(heard).toEqual(["sync", "async", "duty"]);
	expect(worker.logs.filter(({ level }) => level === "error")).toHaveLength(2);
});

test("an async listener that fails is logged, and the trigger counts as failed", async () => {
	const worker = new TestWorker({ schema });
	const fails = (): Promise<void> => Promise.reject(new Error("lost"));
	worker.app.emgr.onEvent(AppScheduled, fails, { id: "nightly" });
	await expect(fire(worker)).rejects.toMatchObject({
		code: "scheduled_failed",
		message: expect.stringContaining("listener nightly") as string,
	});
	expect(worker.logs.map(({ level }) => level)).toEqual(["error"]);
});

test("what a listener leaves running is heard under the context of its trigger", async () => {
	const held = Promise.withResolvers<void>();
	const heard: string[] = [];
	const worker = new TestWorker({ schema });
	const { emgr } = worker.app;
	emgr.onEvent(
		AppScheduled,
		() => void held.promise.then(() => emgr.emit("notes.late", {})),
		"sync",
	);
	emgr.on("notes.late", () => void heard.push("late"), "async");
	const context = new WatchedContext();
	await worker.scheduled({ cron: "* * * * *", scheduledTime: 0 }, { DB: bindings.DB }, context);
	await context.settled();
	const { waits } = context;
	held.resolve();
	await Promise.resolve().then(() => {});
	expect(context.waits).toBe(waits + 1);
	await context.settled();
	expect(heard).toEqual(["late"]);
});

test("duties that fail are logged and named, and stop no other", async () => {
	const ran: string[] = [];
	const failing = (name: string, error: unknown): NonNullable<Config["duties"]>[number] => ({
		name,
		async runOnce() {
			ran.push(name);
			throw error;
		},
	});
	const worker = new TestWorker({
		schema,
		plugins: [{ name: "media", duties: [failing("orphans", new Error("no bucket"))] }],
		duties: [
			failing("nothing", undefined),
			{ name: "publish", runOnce: async () => (ran.push("publish"), 0) },
		],
	});
	await expect(fire(worker)).rejects.toMatchObject({
		message:
			"duty orphans, duty nothing of the cron trigger 0 3 * * * failed. The log has the details.",
	});
	expect(ran).toEqual(["orphans", "nothing", "publish"]);
	expect(worker.logs.map(({ message, fields }) => [message, fields["duty"]])).toEqual([
		["A duty failed.", "orphans"],
		["A duty failed.", "nothing"],
	]);
});

test("duties go step by step, with the database and async listeners of their trigger", async () => {
	const steps: number[] = [];
	const heard: string[] = [];
	const worker: TestWorker = new TestWorker({
		schema,
		duties: [
			{
				name: "fill",
				async runOnce({ limit }) {
					steps.push(limit);
					await worker.app.em.mutator(notes).insertOne({ title: `step ${steps.length}` });
					return steps.length < 3 ? limit : 0;
				},
			},
		],
	});
	worker.app.emgr.on("data.notes.insert.after", () => void heard.push("async"), "async");
	await fire(worker);
	expect([steps, heard]).toEqual([
		[100, 100, 100],
		["async", "async", "async"],
	]);
	const { results } = await bindings.DB.prepare("select title from notes").all();
	expect(results).toHaveLength(3);
});

test("a duty that never ends makes room for nobody, but ends with the time of its trigger", async () => {
	const steps: number[] = [];
	let now = 1_000_000;
	vi.spyOn(Date, "now").mockImplementation(() => now);
	const worker = new TestWorker({
		schema,
		duties: [
			{
				name: "endless",
				async runOnce({ limit }) {
					steps.push(now);
					now += 7000;
					return limit;
				},
			},
			{ name: "late", runOnce: async () => (steps.push(-1), 0) },
		],
	});
	await fire(worker);
	vi.restoreAllMocks();
	expect(steps).toEqual([1_000_000, 1_007_000, 1_014_000]);
});

test("requests are answered while a trigger runs, and triggers run beside each other", async () => {
	const held = Promise.withResolvers<void>();
	let running = 0;
	const worker = new TestWorker({ schema });
	worker.app.emgr.onEvent(
		AppScheduled,
		async () => {
			running++;
			await held.promise;
		},
		"sync",
	);
	const fired = Promise.all([fire(worker, "a"), fire(worker, "b")]);
	expect(await stateOf(fired)).toBe("waiting");
	expect(running).toBe(2);
	expect((await worker.send(NOTES).done).status).toBe(200);
	held.resolve();
	await fired;
});
