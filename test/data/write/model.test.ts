import fc from "fast-check";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import type { WriteResult } from "../../../src/data/write/write.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { JournalModel, steps, type Effect, type Step } from "../../support/journal-model.ts";
import { journal, posts } from "../../support/journal-schema.ts";
import { spy } from "../../../src/testing/spy.ts";
import { testApp, type TestApp } from "../../support/test-app.ts";

const { MutatorInsertBefore, MutatorInsertCommit, MutatorInsertAfter } = DatabaseEvents;
const { MutatorUpdateBefore, MutatorUpdateCommit, MutatorUpdateAfter } = DatabaseEvents;
const { MutatorDeleteBefore, MutatorDeleteCommit, MutatorDeleteAfter } = DatabaseEvents;

type Post = typeof posts.$inferSelect;
/** What listeners are told to do with a row: of an insert by its place, of others by its id. */
type EffectOf = (place: number) => Effect;

/** Listeners that do to each row what the current step says. */
function listen({ app }: TestApp, effectOf: EffectOf, timing: string) {
	const state = { effectOf, places: [] as number[], place: 0 };
	const effectOfRow = (id: unknown): Effect => state.effectOf(id as number);
	function before(event: { preventDefault(): void }, effect: Effect, data: object) {
		if (effect === "refuse") throw new AppError("forbidden", "Refused.");
		if (effect === "prevent") event.preventDefault();
		else state.places.push(state.place);
		state.place++;
		const reply = effect === "change" ? { ...data, views: 100 } : undefined;
		return timing === "later" ? Promise.resolve(reply) : reply;
	}
	function commit(
		action: string,
		rows: readonly { rowId: unknown }[],
		batch: { add(one: never): unknown },
		effects: readonly Effect[],
	) {
		for (const [at, row] of rows.entries()) {
			if (effects[at] === "reject") throw new AppError("conflict", "Rejected.");
			if (effects[at] !== "append") continue;
			batch.add(sql`insert into audit (action, number) values (${action}, ${row.rowId})` as never);
		}
	}
	function after(effect: Effect) {
		if (effect === "warn") throw new Error("Too late.");
		return timing === "later" ? Promise.resolve() : undefined;
	}
	app.emgr.onEvent(
		MutatorInsertBefore,
		(event) => before(event, state.effectOf(state.place), event.params.data) as never,
		"sync",
	);
	app.emgr.onEvent(
		MutatorInsertCommit,
		({ params }) => {
			commit("insert", params.rows, params.batch, state.places.map(state.effectOf));
			state.place = 0;
		},
		"sync",
	);
	app.emgr.onEvent(
		MutatorInsertAfter,
		() => after(state.effectOf(state.places[state.place++] ?? -1)),
		"sync",
	);
	app.emgr.onEvent(
		MutatorUpdateBefore,
		(event) => before(event, effectOfRow(event.params.entityId), event.params.data) as never,
		"sync",
	);
	app.emgr.onEvent(
		MutatorDeleteBefore,
		(event) => before(event, effectOfRow(event.params.entityId), {}) as never,
		"sync",
	);
	for (const [action, event] of [
		["update", MutatorUpdateCommit],
		["delete", MutatorDeleteCommit],
	] as const) {
		app.emgr.onEvent(
			event,
			({ params }) => {
				commit(
					action,
					params.rows,
					params.batch,
					params.rows.map((row) => effectOfRow(row.entityId)),
				);
			},
			"sync",
		);
	}
	for (const event of [MutatorUpdateAfter, MutatorDeleteAfter]) {
		app.emgr.onEvent(event, ({ params }) => after(effectOfRow(params.entityId)), "sync");
	}
	return (next: EffectOf) => Object.assign(state, { effectOf: next, places: [], place: 0 });
}

/** Carries a step out, one row by the methods for one row. */
async function carryOut(
	{ app }: TestApp,
	step: Step,
): Promise<WriteResult<readonly (Post | null)[]>> {
	const mutator = app.em.mutator(posts);
	if (step.kind === "insert") {
		const rows = step.rows.map(({ effect: _effect, ...row }) => row);
		const [only] = rows;
		if (rows.length > 1 || !only) return mutator.insertMany(rows);
		const { data, meta } = await mutator.insertOne(only);
		return { data: [data], meta };
	}
	const where = { id: { $in: step.ids } };
	const { data, meta } =
		step.kind === "update"
			? await mutator.updateWhere({ views: step.views }, where)
			: await mutator.deleteWhere(where);
	return { data, meta };
}

test.each(["at once", "later"])(
	"database, events and answers of any sequence of writes are what the model says, listeners answering %s",
	async (timing) => {
		const tested = await testApp({ schema: journal });
		const direct = listen(tested, () => "pass", timing);
		using events = spy(tested.app.emgr);
		await fc.assert(
			fc.asyncProperty(steps, async (sequence) => {
				const clear = ["delete from posts", "delete from audit", "delete from sqlite_sequence"];
				await tested.app.database.batch(clear.map((text) => ({ sql: text, params: [] })));
				const model = new JournalModel();
				const audit: string[] = [];
				for (const step of sequence) {
					direct(
						(place) =>
							(step.kind === "insert" ? step.rows[place]?.effect : step.effects[place - 1]) ??
							"pass",
					);
					events.clear();
					const expected = model.apply(step);
					const result = await carryOut(tested, step).catch((error: unknown) => {
						expect(error).toBeInstanceOf(AppError);
						return undefined;
					});
					const answer = result?.data.map(
						(row) => row && { id: row.id, title: row.title, views: row.views },
					);
					expect(answer).toEqual(expected.answer);
					expect(events.slugs).toEqual(
						expected.events.map((name) => `mutator-${step.kind}-${name}`),
					);
					expect(result?.meta.warnings?.length ?? 0).toBe(expected.warnings);
					expect(result?.meta.prevented ?? false).toBe(expected.prevented);
					audit.push(...expected.audit);
				}
				expect(await tested.rows("select id, title, view_count from posts order by id")).toEqual(
					[...model.rows.values()]
						.toSorted((a, b) => a.id - b.id)
						.map(({ id, title, views }) => [id, title, views]),
				);
				const appended = await tested.rows("select action || ' ' || number from audit order by id");
				expect(appended.flat()).toEqual(audit);
			}),
			{ numRuns: 700 },
		);
	},
	60_000,
);
