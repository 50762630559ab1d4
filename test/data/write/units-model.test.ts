import fc from "fast-check";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import type { AtomicUnit } from "../../../src/data/write/atomic-unit.ts";
import { AppError } from "../../../src/kernel/error.ts";
import type { AnyEvent } from "../../../src/events/event-class.ts";
import { applyStep, type Answer } from "../../support/forum-calls.ts";
import { ForumModel, type Effect, type Effects, type Values } from "../../support/forum-model.ts";
import { audit, authors, comments, tags, topics, topicTags } from "../../support/forum-schema.ts";
import { forumSteps, type Call, type Step, type TopicInput } from "../../support/forum-steps.ts";
import { testApp, type TestApp } from "../../support/test-app.ts";

const schema = { authors, topics, comments, tags, topicTags, audit };
const WRITES = "data.(authors|topics|comments|topicTags).(insert|update|delete)";
const TEXT: Record<string, string> = { authors: "name", topics: "title", comments: "body" };

type Phase = keyof Effects;
interface Heard {
	readonly entity: { readonly name: string };
	readonly data: Values;
	readonly rows: readonly { readonly rowId: unknown }[];
	readonly batch: { add(statement: unknown): void };
}

/** Listeners to every phase that do what the step says, and note what they hear. */
function listen({ app }: TestApp, timing: string) {
	const counts = { before: 0, commit: 0, after: 0 };
	const state = {
		effects: { before: [], commit: [], after: [] } as Effects,
		heard: [] as string[],
	};
	const hear = (event: AnyEvent, phase?: Phase): Effect => {
		const [, entity, kind, name] = event.topic.split(".");
		const path = phase && phase !== "commit" && event.path ? ` ${event.path.split("/")[1]}` : "";
		state.heard.push(`${entity}.${kind}.${name}${path}`);
		return (phase && state.effects[phase][counts[phase]++]) ?? "pass";
	};
	const paramsOf = (event: AnyEvent) => event.params as Heard;
	const answer = <T>(value: T) => (timing === "later" ? Promise.resolve(value) : value);
	app.emgr.on(
		`${WRITES}.before`,
		(event) => {
			const effect = hear(event, "before");
			if (effect === "refuse") throw new AppError("forbidden", "Refused.");
			if (effect === "prevent") event.preventDefault();
			const { entity, data } = paramsOf(event);
			const text = TEXT[entity.name];
			if (effect !== "change" || !text || event.slug === "mutator-delete-before")
				return answer(undefined);
			const changed = event.slug === "mutator-update-before" ? "changed" : `${String(data[text])}!`;
			return answer({ ...data, [text]: changed }) as never;
		},
		"sync",
	);
	app.emgr.on(
		["mutator-insert-commit", "mutator-update-commit", "mutator-delete-commit"],
		(event) => {
			const { entity, rows, batch } = paramsOf(event);
			const effect = hear(event, "commit");
			if (effect === "refuse") throw new AppError("conflict", "Rejected.");
			if (effect !== "append") return;
			for (const { rowId } of rows) {
				const { topicId, tagId } = rowId as Record<string, unknown>;
				const id = entity.name === "topicTags" ? sql`${topicId} || ',' || ${tagId}` : sql`${rowId}`;
				const what = `${event.topic.split(".")[2]} ${entity.name} `;
				batch.add(sql`insert into audit (what) values (${what} || ${id})`);
			}
		},
		"sync",
	);
	app.emgr.on(
		`${WRITES}.after`,
		(event) => {
			if (hear(event, "after") === "warn") throw new Error("Too late.");
			return answer(undefined);
		},
		"sync",
	);
	app.emgr.on(`${WRITES}.failed`, (event) => void hear(event), "sync");
	return {
		heard: () => state.heard,
		direct(effects: Effects) {
			Object.assign(counts, { before: 0, commit: 0, after: 0 });
			Object.assign(state, { effects, heard: [] });
		},
	};
}

function inputOf({ title, author, comments: bodies, tags: links }: TopicInput): Values {
	const operations = Object.entries(links ?? {}).filter(([, ids]) => ids !== undefined);
	return {
		...(title === undefined ? {} : { title }),
		...(author === undefined
			? {}
			: { author: "set" in author ? { $set: author.set } : { $create: { name: author.create } } }),
		...(bodies === undefined ? {} : { comments: { $create: bodies.map((body) => ({ body })) } }),
		...(links === undefined
			? {}
			: { tags: Object.fromEntries(operations.map(([name, ids]) => [`$${name}`, ids])) }),
	};
}

interface Done {
	readonly answer: Answer;
	readonly warnings: number;
	readonly prevented: boolean;
}

interface MutatorLike {
	insertOne(data: Values): Promise<unknown>;
	insertMany(data: readonly Values[]): Promise<unknown>;
	updateOne(id: number, data: Values): Promise<unknown>;
	updateWhere(data: Values, where: Values): Promise<unknown>;
	deleteOne(id: number): Promise<unknown>;
	deleteWhere(where: Values): Promise<unknown>;
}

/** The version that a caller says it has seen. */
type Seen = (id: number) => number;

async function makeCall(mutatorOf: (name: string) => MutatorLike, call: Call, seen: Seen) {
	const mutator = mutatorOf("topics");
	switch (call.kind) {
		case "insert": {
			const rows = call.topics.map(inputOf);
			const [only] = rows;
			return rows.length > 1 || !only ? mutator.insertMany(rows) : mutator.insertOne(only);
		}
		case "update": {
			const { versionOff } = call.topic;
			const version = versionOff === undefined ? {} : { version: seen(call.id) + versionOff };
			return mutator.updateOne(call.id, { ...inputOf(call.topic), ...version });
		}
		case "updateWhere":
			return mutator.updateWhere({ title: call.title }, { id: { $in: call.ids } });
		case "delete":
			return mutator.deleteOne(call.id);
		case "deleteWhere":
			return mutator.deleteWhere({ id: { $in: call.ids } });
		case "deleteAuthor":
			return mutatorOf("authors").deleteOne(call.id);
		default:
			throw new Error(`${call.kind} is a call of units only.`);
	}
}

interface PendingLike {
	readonly id: unknown;
	readonly row: Values | null;
	readonly prevented: boolean;
}

async function makeUnit(unit: AtomicUnit, { calls, throws }: Step, seen: Seen) {
	const pending: PendingLike[][] = [];
	const state: { last?: PendingLike } = {};
	const mutatorOf = (name: string) => unit.mutator(name) as unknown as MutatorLike;
	for (const call of calls) {
		if (call.kind === "author") {
			const one = (await mutatorOf("authors").insertOne({ name: call.name })) as PendingLike;
			if (one.prevented) delete state.last;
			else state.last = one;
			pending.push([one]);
		} else if (call.kind === "topicOfLast") {
			const data = state.last ? { authorId: state.last.id } : {};
			const one = await mutatorOf("topics").insertOne({ title: call.title, ...data });
			pending.push([one as PendingLike]);
		} else pending.push([await makeCall(mutatorOf, call, seen)].flat() as PendingLike[]);
	}
	if (throws) throw new AppError("conflict", "No.");
	return pending;
}

async function carryOut({ app }: TestApp, step: Step, seen: Seen): Promise<Done> {
	if (step.atomic) {
		const { data, meta } = await app.em.atomic((unit) => makeUnit(unit, step, seen));
		return {
			answer: data.map((rows) => rows.map(({ row }) => row)),
			warnings: meta.warnings?.length ?? 0,
			prevented: meta.prevented ?? false,
		};
	}
	const mutatorOf = (name: string) => app.em.mutator(name) as unknown as MutatorLike;
	const result = await makeCall(mutatorOf, step.calls[0] as Call, seen);
	const { data, meta } = result as {
		data: Values | Values[];
		meta: { warnings?: unknown[]; prevented?: boolean };
	};
	return {
		answer: [[data].flat()],
		warnings: meta.warnings?.length ?? 0,
		prevented: meta.prevented ?? false,
	};
}

const READS = {
	authors: "select id, name from authors order by id",
	topics: "select id, title, version, author_id as authorId from topics order by id",
	comments: "select id, body, slug, topic_id as topicId from comments order by id",
	topicTags: "select topic_id as topicId, tag_id as tagId from topic_tags order by 1, 2",
} as const;
const FIELDS = {
	authors: ["id", "name"],
	topics: ["id", "title", "version", "authorId"],
	comments: ["id", "body", "slug", "topicId"],
	topicTags: ["topicId", "tagId"],
} as const;

/** The rows of all tables, as the database has them. */
async function storedIn({ app }: TestApp): Promise<unknown> {
	const results = await app.database.batch(
		Object.values(READS).map((read) => ({ sql: read, params: [] })),
	);
	return Object.fromEntries(
		Object.entries(FIELDS).map(([name, fields], index) => [
			name,
			(results[index] ?? []).map((row) =>
				Object.fromEntries(fields.map((field, place) => [field, row[place]])),
			),
		]),
	);
}

function modelled(model: ForumModel): unknown {
	return Object.fromEntries(
		Object.entries(model.state).map(([name, rows]) => [
			name,
			[...rows.values()].toSorted((a, b) => compare(a, b)),
		]),
	);
}

function compare(a: Values, b: Values): number {
	const [left, right] = [a["id"] ?? a["topicId"], b["id"] ?? b["topicId"]] as [number, number];
	return left - right || String(a["tagId"]).localeCompare(String(b["tagId"]));
}

async function clear({ app }: TestApp): Promise<void> {
	const names = ["topic_tags", "comments", "topics", "authors", "audit", "sqlite_sequence"];
	await app.database.batch(names.map((name) => ({ sql: `delete from ${name}`, params: [] })));
}

test.each([
	["at once", 1000],
	["later", 300],
])(
	"database, events and answers of units, relations, cascades and versions are what the model says, listeners answering %s",
	async (timing, numRuns) => {
		const tested = await testApp({ schema });
		await tested.app.em.mutator(tags).insertMany([{ id: "a" }, { id: "b" }, { id: "c" }]);
		const listener = listen(tested, timing);
		await fc.assert(
			fc.asyncProperty(forumSteps, async (sequence) => {
				await clear(tested);
				const model = new ForumModel();
				for (const step of sequence) {
					const versions = new Map(
						[...model.state.topics].map(([id, row]) => [id, row["version"] as number]),
					);
					const expected = applyStep(model, step);
					listener.direct(step.effects);
					const seen = (id: number) => versions.get(String(id)) ?? 1;
					const done = await carryOut(tested, step, seen).catch((error: unknown) => {
						expect(error).toBeInstanceOf(AppError);
						expect((error as AppError).kind).not.toBe("internal");
						return undefined;
					});
					expect(listener.heard()).toEqual(model.events);
					expect(done?.answer).toEqual(expected);
					if (done) {
						const { warnings, prevented } = done;
						expect({ warnings, prevented }).toEqual({
							warnings: model.warnings,
							prevented: model.prevented,
						});
					}
					expect(await storedIn(tested)).toEqual(modelled(model));
				}
				const appended = await tested.rows("select what from audit order by id");
				expect(appended.flat()).toEqual(model.audit);
				expect(await tested.rows("select * from burdock_row_ids")).toEqual([]);
			}),
			{ numRuns },
		);
	},
	120_000,
);
