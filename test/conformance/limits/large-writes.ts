import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { papers } from "../../support/large-schema.ts";
import type { LimitsSubject } from "../../support/limits-bench.ts";

const LONG = 250_000;
const ROWS = 30;

function long(at: number): string {
	return `${at} "é\\ `.repeat(Math.ceil(LONG / 8));
}

const INPUT = Array.from({ length: ROWS }, (_, at) => ({ title: `p${at}`, body: long(at) }));

export function describeLargeWrites(subject: LimitsSubject): void {
	describe("writes of many megabytes", () => {
		inserts(subject);
		changes(subject);
		single(subject);
	});
}

function inserts(subject: LimitsSubject): void {
	test("insert all rows in one round trip, in the order of the input, each with its events", async () => {
		const { em, events, database } = subject.bench;
		const seen: string[] = [];
		events.on("data.papers.insert.*", ({ slug }) => void seen.push(slug), "sync");
		database.reset();
		const { data, meta } = await em.mutator(papers).insertMany(INPUT);
		expect(database.trips).toBe(1);
		expect(data.map(({ id, title }) => [id, title])).toEqual(
			INPUT.map(({ title }, at) => [at + 1, title]),
		);
		expect(data.every(({ body }, at) => body === INPUT[at]?.body)).toBe(true);
		expect(meta.results).toEqual(INPUT.map(() => "inserted"));
		expect(seen).toEqual([
			...INPUT.map(() => "mutator-insert-before"),
			"mutator-insert-commit",
			...INPUT.map(() => "mutator-insert-after"),
		]);
	});

	test("store nothing when a row of the last statement is refused", async () => {
		const { em } = subject.bench;
		const rows = [...INPUT, { title: "p3", body: "again" }];
		await expect(em.mutator(papers).insertMany(rows)).rejects.toMatchObject({
			code: "already_exists",
		});
		expect((await em.repository(papers).count()).count).toBe(0);
	});

	test("know the ids that the database makes, whatever statement made them", async () => {
		const { em, events } = subject.bench;
		events.onEvent(
			DatabaseEvents.MutatorInsertCommit,
			({ params: { rows, batch } }) => {
				for (const { rowId } of rows) {
					batch.add({ sql: "select 1" });
					expect(rowId).toBeDefined();
				}
			},
			{ mode: "sync", entity: papers },
		);
		const { data } = await em.atomic(async (unit) => {
			const made = await unit.mutator(papers).insertMany(INPUT);
			const last = made.at(-1);
			await unit.mutator(papers).insertOne({ title: "after", state: last?.id as never });
			return made;
		});
		expect(data.map(({ row }) => row?.id)).toEqual(INPUT.map((_, at) => at + 1));
		const { data: after } = await em.repository(papers).findOne(ROWS + 1);
		expect(after?.state).toBe(String(ROWS));
	});
}

function changes(subject: LimitsSubject): void {
	test("update and delete all rows, each with its own data", async () => {
		const { em, events, database } = subject.bench;
		await em.mutator(papers).insertMany(INPUT.map(({ title }) => ({ title })));
		events.onEvent(
			DatabaseEvents.MutatorUpdateBefore,
			({ params: { entityId, data } }) => ({ ...data, body: long(Number(entityId)) }),
			{ mode: "sync", entity: papers },
		);
		database.reset();
		const { data } = await em.mutator(papers).updateWhere({ state: "x" }, { id: { $gt: 0 } });
		expect(database.trips).toBe(2);
		expect(data.map(({ id }) => id)).toEqual(INPUT.map((_, at) => at + 1));
		expect(data.every(({ id, body }) => body === long(id))).toBe(true);
		const { data: gone } = await em.mutator(papers).deleteWhere({ state: "x" });
		expect(gone).toHaveLength(ROWS);
	});
}

function single(subject: LimitsSubject): void {
	test("take a value of up to the size that the engine takes, and refuse larger ones", async () => {
		const { em, database } = subject.bench;
		const { maxValueBytes } = database.capabilities;
		const mutator = em.mutator(papers);
		const body = "é".repeat(950_000);
		const { data } = await mutator.insertMany([
			{ title: "a", body },
			{ title: "b" },
			{ title: "c", body: body.slice(1) },
		]);
		expect(data.map((row) => row.body?.length ?? 0)).toEqual([950_000, 0, 949_999]);
		if (maxValueBytes > 10_000_000) return;
		const over = "x".repeat(maxValueBytes + 1);
		const refusal = { kind: "too_large", code: "value_too_large" };
		await expect(mutator.insertOne({ title: "d", body: over })).rejects.toMatchObject(refusal);
		await expect(
			mutator.insertMany([{ title: "e" }, { title: "f", body: over }]),
		).rejects.toMatchObject(refusal);
		await expect(mutator.updateOne(1, { body: over })).rejects.toMatchObject(refusal);
		expect((await em.repository(papers).count()).count).toBe(3);
	});
}
