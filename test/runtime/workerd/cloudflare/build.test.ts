import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { AppBuiltEvent, AppFirstBoot } from "../../../../src/app/app-events.ts";
import type { Config } from "../../../../src/app/config.ts";
import { HeldBinding } from "./held-binding.ts";
import { emptied, NOTES, schema, stateOf, TestWorker } from "./test-worker.ts";

beforeEach(() => emptied());

/** A config that notes what a build does. */
function counted(): { readonly config: Config; readonly hooks: string[] } {
	const hooks: string[] = [];
	const config: Config = {
		schema,
		beforeBuild: () => void hooks.push("beforeBuild"),
		onServerInit: () => void hooks.push("onServerInit"),
		onBuilt: () => void hooks.push("onBuilt"),
	};
	return { config, hooks };
}

const ONCE = ["beforeBuild", "onServerInit", "onBuilt"];

test("interleaved first requests of an isolate, a trigger and a queue build one app", async () => {
	const { config, hooks } = counted();
	const worker = new TestWorker(config);
	expect(hooks).toEqual([]);
	const { app } = worker;
	const answers = await Promise.all([
		...Array.from({ length: 10 }, () => worker.send(NOTES).done),
		worker.fire(),
		worker.send("/api/system/ping").done,
	]);
	expect(hooks).toEqual(ONCE);
	expect(answers.filter((one) => one instanceof Response && one.status !== 200)).toEqual([]);
	for (let request = 0; request < 3; request++) await worker.send(NOTES).done;
	expect(hooks).toEqual(ONCE);
	expect(worker.app).toBe(app);
});

test("a config that is a function is called once, by the first event, with its env", async () => {
	const envs: unknown[] = [];
	const worker = new TestWorker((given) => {
		envs.push(given["STAGE"]);
		return { schema };
	});
	expect(envs).toEqual([]);
	const stages = ["first", "second", "third"];
	await Promise.all(stages.map((STAGE) => worker.send(NOTES, { env: { STAGE } }).done));
	await worker.fire({ STAGE: "fourth" });
	expect(envs).toEqual(["first"]);
});

test("a seed is given the env of the request that boots", async () => {
	const given: unknown[] = [];
	const worker = new TestWorker({ schema, seed: (_app, { STAGE }) => void given.push(STAGE) });
	await worker.send(NOTES, { env: { STAGE: "first" } }).done;
	expect(given).toEqual(["first"]);
});

test("a request does not wait for the database of the one that builds", async () => {
	const held = new HeldBinding(env.DB);
	let seeds = 0;
	const worker = new TestWorker({ schema, seed: () => void seeds++ });
	const first = worker.send(NOTES, { env: { DB: held } });
	expect(await stateOf(first.response)).toBe("waiting");
	expect(held.asked).toHaveLength(1);
	expect((await worker.send(NOTES).done).status).toBe(200);
	await worker.fire();
	expect(seeds).toBe(0);
	expect(await stateOf(first.response)).toBe("waiting");
	held.release();
	expect((await first.done).status).toBe(200);
	expect(seeds).toBe(1);
});

test("a request is answered while the one that builds waits for a listener of the built app", async () => {
	const held = Promise.withResolvers<void>();
	const worker = new TestWorker({ schema });
	worker.app.emgr.onEvent(AppBuiltEvent, () => held.promise, "sync");
	const first = worker.send(NOTES);
	expect(await stateOf(first.response)).toBe("waiting");
	expect((await worker.send(NOTES).done).status).toBe(200);
	held.resolve();
	expect((await first.done).status).toBe(200);
});

test("a request that hangs and fails in its boot takes none down with it, and the next one boots", async () => {
	const held = new HeldBinding(env.DB);
	let seeds = 0;
	const worker = new TestWorker({ schema, seed: () => void seeds++ });
	const first = worker.send(NOTES, { env: { DB: held } });
	expect(await stateOf(first.response)).toBe("waiting");
	expect((await worker.send(NOTES).done).status).toBe(200);
	held.fail(new Error("D1_ERROR: Network connection lost."));
	expect((await first.done).status).toBe(503);
	expect(seeds).toBe(0);
	const after = await Promise.all([worker.send(NOTES).done, worker.send(NOTES).done]);
	expect(after.map(({ status }) => status)).toEqual([200, 200]);
	expect(seeds).toBe(1);
});

test("loading a module and building do no input and output, and are done at once", async () => {
	const { config, hooks } = counted();
	const held = new HeldBinding(env.DB);
	const asked: unknown[] = [];
	const worker = new TestWorker({ ...config, onBuilt: () => void asked.push(...held.asked) });
	expect(worker.app.emgr.getListeners()).toEqual([]);
	const { response } = worker.send("/health", { env: { DB: held } });
	// `fetch` has only just given back its promise.
	expect(hooks).toEqual(["beforeBuild", "onServerInit"]);
	expect(worker.app.hono.routes.length).toBeGreaterThan(5);
	expect(asked).toEqual([]);
	expect((await response).status).toBe(200);
	held.release();
});

test.for(["beforeBuild", "onServerInit", "onBuilt"] as const)(
	"%s that returns a promise is refused, by each request anew",
	async (hook) => {
		let calls = 0;
		const worker = new TestWorker({
			schema,
			plugins: [{ name: "slow", [hook]: async () => void calls++ }],
		});
		for (let request = 1; request <= 3; request++) {
			const response = await worker.send(NOTES).done;
			expect(response.status).toBe(500);
			expect(worker.logs).toHaveLength(request);
			expect(worker.logs.at(-1)?.fields["error"]).toMatchObject({
				code: "hook_waits",
				message: expect.stringContaining(`${hook} of plugin:slow returned a promise`) as string,
			});
			expect(calls).toBe(request);
		}
		await expect(worker.fire()).rejects.toMatchObject({ code: "hook_waits" });
		expect(worker.app.emgr.getListeners()).toEqual([]);
	},
);

test("a hook whose promise rejects leaves no rejection behind", async () => {
	const unhandled: unknown[] = [];
	const note = ({ reason }: PromiseRejectionEvent): void => void unhandled.push(reason);
	addEventListener("unhandledrejection", note);
	const worker = new TestWorker({ schema, onBuilt: () => Promise.reject(new Error("no")) });
	expect((await worker.send(NOTES).done).status).toBe(500);
	await stateOf(Promise.resolve());
	removeEventListener("unhandledrejection", note);
	expect(unhandled).toEqual([]);
});

test("a hook that throws is tried again by the next request", async () => {
	let calls = 0;
	const worker = new TestWorker({
		schema,
		onBuilt({ emgr }) {
			emgr.on("notes.paid", () => {});
			if (++calls === 1) throw new Error("not yet");
		},
	});
	expect((await worker.send(NOTES).done).status).toBe(500);
	expect((await worker.send(NOTES).done).status).toBe(200);
	expect(calls).toBe(2);
	expect(worker.app.emgr.getListeners()).toHaveLength(1);
});

const FAULTY = { schema, colour: "red" } as Config;

test("a config with faults throws when the module is loaded", () => {
	expect(() => new TestWorker(FAULTY)).toThrow(expect.objectContaining({ code: "bad_config" }));
});

test("a config with faults that is a function fails each event, and none but them", async () => {
	let faulty = true;
	const worker = new TestWorker(() => (faulty ? FAULTY : { schema }));
	await expect(worker.send(NOTES).response).rejects.toMatchObject({ code: "bad_config" });
	await expect(worker.fire()).rejects.toMatchObject({ code: "bad_config" });
	faulty = false;
	expect((await worker.send(NOTES).done).status).toBe(200);
});

test("without a seed, and with nobody who listens, no request waits for the claim", async () => {
	const held = new HeldBinding(env.DB);
	const worker = new TestWorker({ schema });
	const first = worker.send("/health", { env: { DB: held } });
	expect((await first.response).status).toBe(200);
	expect(await stateOf(first.done)).toBe("waiting");
	expect(held.asked).toHaveLength(1);
	held.release();
	expect((await first.done).status).toBe(200);
});

test("with a listener of the first boot, the request that builds waits for it", async () => {
	const boots: unknown[] = [];
	const worker = new TestWorker({
		schema,
		onBuilt({ emgr }) {
			emgr.onEvent(AppFirstBoot, ({ params }) => void boots.push(params.app), "sync");
		},
	});
	const { app } = worker;
	await worker.send("/health").response;
	expect(boots).toEqual([app]);
	const second = new TestWorker({
		schema,
		onBuilt({ emgr }) {
			emgr.onEvent(AppFirstBoot, () => void boots.push("again"), "sync");
		},
	});
	await second.send("/health").done;
	expect(boots).toEqual([app]);
});

test("a database that is not bound is named in the log, and what needs none is answered", async () => {
	const worker = new TestWorker({ schema, connection: { d1: "BLOG" } });
	const health = await worker.send("/health").done;
	const read = await worker.send(NOTES).done;
	expect([health.status, read.status, (await read.text()).includes("BLOG")]).toEqual([
		200,
		500,
		false,
	]);
	expect(worker.logs.at(-1)?.fields["error"]).toMatchObject({
		code: "no_d1_binding",
		message:
			'There is no D1 database BLOG: wrangler.toml binds one with [[d1_databases]] and binding = "BLOG".',
	});
});
