import { expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { audit, journal, posts } from "../../support/journal-schema.ts";
import { testApp } from "../../support/test-app.ts";

const { MutatorInsertBefore, MutatorInsertAfter, MutatorUpdateAfter } = DatabaseEvents;
const open = () => testApp({ schema: journal });

test("a listener may write through the mutator, and that write passes through its own phases", async () => {
	const { app, rows } = await open();
	app.emgr.onEvent(
		MutatorInsertAfter,
		async ({ params }) => {
			await app.em.mutator(audit).insertOne({ action: "insert", number: Number(params.entityId) });
		},
		{ mode: "sync", entity: posts },
	);
	app.emgr.onEvent(
		MutatorInsertBefore,
		({ params }) => ({ ...params.data, subject: `seen ${params.data.number}` }),
		{
			mode: "sync",
			entity: audit,
		},
	);
	await app.em.mutator(posts).insertMany([{ title: "a" }, { title: "b" }]);
	const found = await rows("select action, subject, number from audit");
	expect(found).toEqual([
		["insert", "seen 1", 1],
		["insert", "seen 2", 2],
	]);
});

test("a listener that writes its own row again and again is stopped, and the first write stays", async () => {
	const { app, rows } = await open();
	await app.em.mutator(posts).insertOne({ title: "a" });
	let calls = 0;
	app.emgr.onEvent(
		MutatorUpdateAfter,
		async ({ params }) => {
			calls++;
			await app.em.mutator(posts).updateOne(params.entityId, { views: params.data.views + 1 });
		},
		{ mode: "sync", entity: posts, id: "echo" },
	);
	const { meta } = await app.em.mutator(posts).updateOne(1, { views: 1 });
	expect(meta.items).toBe(1);
	expect(calls).toBeLessThan(20);
	expect(Number((await rows("select view_count from posts"))[0]?.[0])).toBeGreaterThanOrEqual(2);
});

test("writes at the same time do not mix their events or their batches", async () => {
	const { app, counts, rows } = await open();
	app.emgr.onEvent(
		MutatorInsertBefore,
		async ({ params }) => {
			await Promise.resolve();
			return { ...params.data, views: params.data.title.length };
		},
		{ mode: "sync", entity: posts },
	);
	const titles = Array.from({ length: 50 }, (_, at) => "x".repeat((at % 20) + 1));
	const results = await Promise.all(
		titles.map((title) => app.em.mutator(posts).insertOne({ title })),
	);
	expect(results.map(({ data }) => [data.title, data.views])).toEqual(
		titles.map((title) => [title, title.length]),
	);
	expect(await counts()).toMatchObject({ posts: 50 });
	expect(await rows("select count(*) from posts where view_count <> length(title)")).toEqual([[0]]);
});
