import { env as bindings } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import { AppFirstBoot } from "../../../../src/app/app-events.ts";
import type { Config } from "../../../../src/app/config.ts";
import { HeldBinding } from "./held-binding.ts";
import { emptied, NOTES, notes, schema, stateOf, TestWorker } from "./test-worker.ts";

beforeEach(() => emptied());

/** How many notes are stored, and whether somebody has the claim. */
async function stored(): Promise<readonly [notes: number, claims: number]> {
	const [count, claims] = await bindings.DB.batch<{ n: number }>([
		bindings.DB.prepare("select count(*) as n from notes"),
		bindings.DB.prepare("select count(*) as n from burdock_meta"),
	]);
	return [Number(count?.results[0]?.n), Number(claims?.results[0]?.n)];
}

test("one of several isolates that meet an empty database seeds it", async () => {
	let seeds = 0;
	let boots = 0;
	const config: Config = {
		schema,
		async seed({ em }) {
			seeds++;
			await em.mutator(notes).insertMany([{ title: "a" }, { title: "b" }]);
		},
		onBuilt: ({ emgr }) => void emgr.onEvent(AppFirstBoot, () => void boots++, "sync"),
	};
	const held = new HeldBinding(bindings.DB);
	const env = { DB: held };
	const workers = Array.from({ length: 5 }, () => new TestWorker(config));
	const sent = workers.flatMap((worker) => [
		worker.send(NOTES, { env }),
		worker.send(NOTES, { env }),
	]);
	await stateOf(Promise.resolve());
	// Each isolate has found that nobody has the claim; none has it yet.
	expect(held.asked.filter((sql) => sql.includes("burdock_meta"))).toHaveLength(5);
	held.release();
	const answers = await Promise.all(sent.map(({ done }) => done));
	expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
	expect([seeds, boots, await stored()]).toEqual([1, 1, [2, 1]]);
	await new TestWorker(config).send(NOTES).done;
	expect([seeds, boots]).toEqual([1, 1]);
});

test("a seed that fails gives the claim back, and the next request seeds", async () => {
	let attempts = 0;
	const worker = new TestWorker({
		schema,
		async seed({ em }) {
			if (++attempts === 1) throw new Error("no network");
			await em.mutator(notes).insertOne({ title: "a" });
		},
	});
	const failed = await worker.send(NOTES).done;
	expect(failed.status).toBe(500);
	expect(await failed.text()).not.toContain("no network");
	expect(worker.logs.at(-1)?.fields["error"]).toMatchObject({ code: "seed_failed" });
	expect(await stored()).toEqual([0, 0]);
	expect((await worker.send(NOTES).done).status).toBe(200);
	expect((await worker.send(NOTES).done).status).toBe(200);
	expect([attempts, await stored()]).toEqual([2, [1, 1]]);
});

test("a trigger and a queue boot, too", async () => {
	let seeds = 0;
	const worker = new TestWorker({
		schema,
		async seed({ em }) {
			seeds++;
			await em.mutator(notes).insertOne({ title: "a" });
		},
	});
	await worker.fire();
	expect([seeds, await stored()]).toEqual([1, [1, 1]]);
});

test("a database with rows is not seeded", async () => {
	await bindings.DB.prepare("insert into notes (title) values ('mine')").run();
	let seeds = 0;
	const worker = new TestWorker({ schema, seed: () => void seeds++ });
	expect((await worker.send(NOTES).done).status).toBe(200);
	expect([seeds, await stored()]).toEqual([0, [1, 1]]);
	expect(worker.logs.map(({ message }) => message)).toContain(
		"The database is not empty: the seed was not run.",
	);
});

test("a seed goes on when the client of the first request has left", async () => {
	const held = Promise.withResolvers<void>();
	const client = new AbortController();
	const worker = new TestWorker({
		schema,
		async seed({ em }) {
			await held.promise;
			await em.mutator(notes).insertOne({ title: "a" });
		},
	});
	const { context, response } = worker.send(NOTES, { signal: client.signal });
	expect(await stateOf(response)).toBe("waiting");
	client.abort();
	held.resolve();
	await context.settled();
	expect(await stored()).toEqual([1, 1]);
});

test("what a seed writes is heard, and not in the name of the first request", async () => {
	const heard: unknown[] = [];
	const worker = new TestWorker({
		schema,
		async seed({ em }) {
			await em.mutator(notes).insertOne({ title: "a" });
		},
	});
	worker.app.emgr.on(
		"data.notes.insert.after",
		async (_event, _slug, { actor, request }) => {
			await Promise.resolve();
			heard.push([actor, request]);
		},
		"async",
	);
	await worker.send(NOTES, {
		env: { BURDOCK_TOKEN: "s3cret" },
		headers: { authorization: "Bearer s3cret" },
	}).done;
	expect(heard).toEqual([[undefined, undefined]]);
});

test.for([
	["with a seed, each request", { seed: () => {} }, [503, 503]],
	["without one, only what needs a table", {}, [200, 500]],
] as const)("a database without migrations says so: %s", async ([, config, [health, read]]) => {
	await bindings.DB.batch(
		["notes", "burdock_meta"].map((name) => bindings.DB.prepare(`drop table ${name}`)),
	);
	const worker = new TestWorker({ schema, ...config });
	expect((await worker.send("/health").done).status).toBe(health);
	const response = await worker.send(NOTES).done;
	expect([response.status, (await response.text()).includes("burdock_meta")]).toEqual([
		read,
		false,
	]);
	const errors = worker.logs.map(({ fields }) => fields["error"] as { code?: string });
	expect(errors.map(({ code }) => code)).toContain("not_migrated");
});
