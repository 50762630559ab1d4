import { env as bindings } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { AppRequest } from "../../../../src/app/app-events.ts";
import type { App } from "../../../../src/app/app.ts";
import type { Config } from "../../../../src/app/config.ts";
import { DatabaseEvents } from "../../../../src/data/index.ts";
import { defineEvent, type Actor } from "../../../../src/events/index.ts";
import { defineService } from "../../../../src/kernel/service.ts";
import { emptied, NOTES, notes, schema, stateOf, TestWorker } from "./test-worker.ts";

const { MutatorInsertAfter } = DatabaseEvents;
/** The bindings of the request that asks, as listeners get at them. */
const Bindings = defineService<{ readonly NAME: Name }>("bindings");
const Nested = defineEvent<{ readonly from: string }>("notes.nested");
const TOKENS = { ann: "token-of-ann", bob: "token-of-bob" };

beforeEach(async () => {
	await emptied();
	await emptied(bindings.SECOND_DB);
});

type Name = keyof typeof TOKENS;

/** The bindings of a user: database, token and a setting of their own. */
function envOf(name: Name): Readonly<Record<string, unknown>> {
	const DB = name === "ann" ? bindings.DB : bindings.SECOND_DB;
	return { DB, BURDOCK_TOKEN: TOKENS[name], NAME: name };
}

function authorized(name: Name): Readonly<Record<string, string>> {
	return { authorization: `Bearer ${TOKENS[name]}` };
}

function provideBindings(app: App): void {
	app.provide(Bindings, (_, scope) => scope.env as { readonly NAME: Name }, { per: "scope" });
}

/** Notes in which environment, scope and database code runs. */
class Witness {
	readonly seen: string[] = [];
	/** What is asked when there is nobody to ask but the module. */
	app: App | undefined;

	async look(place: string, { NAME }: { readonly NAME: Name }, actor?: Actor): Promise<void> {
		const app = this.app as App;
		const { count } = await app.em.repository(notes).count();
		if (count === 0) throw new Error("It looked into an empty database.");
		this.seen.push([place, NAME, actor?.id, app.get(Bindings).NAME].join(" "));
	}

	of(place: string): readonly string[] {
		return this.seen.filter((one) => one.startsWith(place)).toSorted();
	}
}

/** Registers listeners of every kind, which know the app only from outside of any request. */
function listening(witness: Witness, config: Config = {}): TestWorker {
	const worker = new TestWorker({
		schema,
		beforeBuild: provideBindings,
		...config,
	});
	const { app } = worker;
	const { emgr } = app;
	witness.app = app;
	emgr.onEvent(
		MutatorInsertAfter,
		async (_event, _slug, { get, actor }) => {
			await witness.look("sync", get(Bindings), actor);
			await app.emgr.emit(Nested, { from: "sync" });
			setTimeout(() => void app.emgr.emit(Nested, { from: "timer" }));
		},
		"sync",
	);
	emgr.onEvent(
		MutatorInsertAfter,
		async (_event, _slug, { get, actor }) => {
			await witness.look("async", get(Bindings), actor);
			await app.emgr.emit(Nested, { from: "async" });
		},
		"async",
	);
	emgr.onEvent(
		Nested,
		({ params }, _slug, { get, actor }) =>
			witness.look(`nested-${params.from}`, get(Bindings), actor),
		"async",
	);
	return worker;
}

/** Sends many writes of both users at once, some of them twice. */
async function interleaved(worker: TestWorker): Promise<readonly string[]> {
	const names: readonly Name[] = ["ann", "bob", "ann", "bob", "bob", "ann"];
	const sent = names.map((name, index) =>
		worker.send(NOTES, {
			method: "POST",
			body: { title: `${name} ${index}` },
			env: envOf(name),
			headers: authorized(name),
		}),
	);
	const answers = await Promise.all(sent.map(({ done }) => done));
	return Promise.all(answers.map(async (one) => `${one.status} ${await one.text()}`));
}

const ORDER = ["ann", "ann", "ann", "bob", "bob", "bob"];

test.for(["cold", "warm"])(
	"interleaved requests on a %s isolate see their own bindings, database, actor and services",
	async (isolate) => {
		const witness = new Witness();
		const worker = listening(witness);
		if (isolate === "warm") await worker.send("/health", { env: envOf("bob") }).done;
		const answers = await interleaved(worker);
		expect(answers.map((one) => one.slice(0, 3))).toEqual(Array(6).fill("201"));
		for (const place of ["sync", "async", "nested-sync", "nested-async", "nested-timer"]) {
			const seen = witness.of(place).map((one) => one.split(" "));
			expect(
				seen.map(([, name]) => name),
				place,
			).toEqual(ORDER);
			expect(seen.every(([, name, actor, basket]) => actor === "token" && basket === name)).toBe(
				true,
			);
		}
		const titles = async (database: unknown) => {
			const { results } = await (database as D1Database).prepare("select title from notes").all();
			return results.map(({ title }) => String(title)).toSorted();
		};
		expect(await titles(bindings.DB)).toEqual(["ann 0", "ann 2", "ann 5"]);
		expect(await titles(bindings.SECOND_DB)).toEqual(["bob 1", "bob 3", "bob 4"]);
		expect(worker.app.emgr.pending).toBe(0);
	},
);

test("a token opens the door of its own request alone", async () => {
	const worker = new TestWorker({ schema, beforeBuild: provideBindings });
	const post = (env: Name, token: Name) =>
		worker.send(NOTES, {
			method: "POST",
			body: { title: "x" },
			env: envOf(env),
			headers: authorized(token),
		}).done;
	const answers = await Promise.all([
		post("ann", "ann"),
		post("bob", "ann"),
		post("ann", "bob"),
		post("bob", "bob"),
		post("ann", "bob"),
		post("bob", "ann"),
	]);
	expect(answers.map(({ status }) => status)).toEqual([201, 403, 403, 201, 403, 403]);
});

test("each request waits under its own context, and nowhere else", async () => {
	const gates = { ann: Promise.withResolvers<void>(), bob: Promise.withResolvers<void>() };
	const done: string[] = [];
	const worker = new TestWorker({ schema, beforeBuild: provideBindings });
	await worker.send("/health", { env: envOf("ann") }).done;
	worker.app.emgr.onEvent(
		AppRequest,
		async (_event, _slug, { get }) => {
			const { NAME } = get(Bindings);
			await gates[NAME].promise;
			done.push(NAME);
		},
		"async",
	);
	const ann = worker.send("/health", { env: envOf("ann") });
	const bob = worker.send("/health", { env: envOf("bob") });
	await Promise.all([ann.response, bob.response]);
	expect([await stateOf(ann.done), await stateOf(bob.done)]).toEqual(["waiting", "waiting"]);
	gates.bob.resolve();
	expect((await bob.done).status).toBe(200);
	expect([done, await stateOf(ann.done)]).toEqual([["bob"], "waiting"]);
	gates.ann.resolve();
	await ann.done;
	expect(done).toEqual(["bob", "ann"]);
});

test("one request does not run what another has deferred", async () => {
	const held = Promise.withResolvers<void>();
	const started: string[] = [];
	const worker = new TestWorker({ schema, beforeBuild: provideBindings });
	const { emgr } = worker.app;
	emgr.on(
		"notes.asked",
		(event) => void started.push(String((event.params as { by: string }).by)),
		"async",
	);
	emgr.onEvent(
		AppRequest,
		async (_event, _slug, { get }) => {
			const { NAME } = get(Bindings);
			await emgr.emit("notes.asked", { by: NAME });
			if (NAME === "ann") await held.promise;
		},
		"sync",
	);
	const ann = worker.send("/health", { env: envOf("ann") });
	expect(await stateOf(ann.response)).toBe("waiting");
	for (let request = 0; request < 3; request++) {
		await worker.send("/health", { env: envOf("bob") }).done;
	}
	await worker.fire(envOf("bob"));
	expect(started).toEqual(["bob", "bob", "bob"]);
	held.resolve();
	await ann.done;
	expect(started).toEqual(["bob", "bob", "bob", "ann"]);
});

/** Ways in which a request ends badly, with the status that it comes to. */
const ENDINGS: readonly (readonly [name: string, config: Config, status: number])[] = [
	[
		"the handler throws",
		{
			onServerInit: (hono) =>
				void hono.get("/end", () => {
					throw new Error("broken");
				}),
		},
		500,
	],
	[
		"the handler rejects",
		{ onServerInit: (hono) => void hono.get("/end", () => Promise.reject(new Error("broken"))) },
		500,
	],
	[
		"a route throws a response",
		{
			onServerInit: (hono) =>
				void hono.get("/end", () => {
					throw Response.json({ no: 1 }, { status: 409 });
				}),
		},
		409,
	],
	["there is no route", {}, 404],
	[
		"a listener rejects",
		{
			onBuilt: ({ emgr }) =>
				void emgr.onEvent(AppRequest, () => Promise.reject(new Error("broken")), "sync"),
		},
		500,
	],
	[
		"a listener answers",
		{
			onBuilt: ({ emgr }) =>
				void emgr.onEvent(AppRequest, () => new Response("mine", { status: 418 }), "sync"),
		},
		418,
	],
];

test.for(ENDINGS)("what was deferred is done when %s", async ([, config, status]) => {
	const heard: string[] = [];
	const worker = new TestWorker({ schema, beforeBuild: provideBindings, ...config });
	const { emgr } = worker.app;
	emgr.onEvent(
		AppRequest,
		async (_event, _slug, { get }) => {
			const { NAME } = get(Bindings);
			await emgr.emit("notes.asked", { by: NAME });
		},
		{ mode: "sync", order: -1 },
	);
	emgr.on(
		"notes.asked",
		async (event, _slug, { get }) => {
			await Promise.resolve();
			const { by } = event.params as { readonly by: string };
			heard.push(`${by} ${get(Bindings).NAME}`);
		},
		"async",
	);
	const sent = [
		worker.send("/end", { env: envOf("ann") }),
		worker.send("/end", { env: envOf("bob") }),
		worker.send("/end", { env: envOf("ann") }),
	];
	const answers = await Promise.all(sent.map(({ done }) => done));
	expect(answers.map((one) => one.status)).toEqual([status, status, status]);
	expect(heard.toSorted()).toEqual(["ann ann", "ann ann", "bob bob"]);
	expect(emgr.pending).toBe(0);
});

test("code that outlives its request is told so", async () => {
	const worker = new TestWorker({ schema, beforeBuild: provideBindings });
	const { app } = worker;
	await worker.send("/health").done;
	const error = { code: "outside_of_request" };
	await expect((async () => app.em.repository(notes).findMany())()).rejects.toMatchObject(error);
	await expect(
		(async () => app.database.all({ sql: "select 1", params: [] }))(),
	).rejects.toMatchObject(error);
	await expect(
		(async () => app.em.mutator(notes).insertOne({ title: "x" }))(),
	).rejects.toMatchObject({
		...error,
		message: /Bindings belong to a request: the database is there while fetch/,
	});
});

test("emits outside of any request are waited for", async () => {
	const worker = new TestWorker({ schema, beforeBuild: provideBindings });
	const { emgr } = worker.app;
	const held = Promise.withResolvers<void>();
	const heard: string[] = [];
	emgr.on(
		"notes.asked",
		async () => {
			await held.promise;
			heard.push("asked");
			await emgr.emit("notes.answered", {});
		},
		"async",
	);
	emgr.on(
		"notes.answered",
		async () => void heard.push(await Promise.resolve("answered")),
		"async",
	);
	const emitted = emgr.emit("notes.asked", {});
	expect(await stateOf(emitted)).toBe("waiting");
	// Somebody else's emit does not wait with it.
	await emgr.emit("notes.other", {});
	await emgr.emit("notes.answered", {});
	expect(heard).toEqual(["answered"]);
	held.resolve();
	await emitted;
	expect(heard).toEqual(["answered", "asked", "answered"]);
	expect(emgr.pending).toBe(0);
});
