import fc from "fast-check";
import { expect, test } from "vitest";
import type { App } from "../../../src/app/app.ts";
import type { FindOptions } from "../../../src/data/query/find-options.ts";
import type { ReadResult } from "../../../src/data/read/read-result.ts";
import { compareBy, rulesOf } from "../../support/reference-query.ts";
import { ReferenceWorld, type World } from "../../support/reference-world.ts";
import { testApp } from "../../support/test-app.ts";
import { queryOf, sortOf, worldRows, type QueryInput } from "../../support/world-queries.ts";
import * as schema from "../../support/world-schema.ts";

const TIMEOUT = 120_000;
const ENTITIES = ["companies", "authors", "posts", "comments", "tags", "postsTags"];
/** Those with the most rows and relations are asked most often. */
const ASKED = [...ENTITIES, "posts", "posts", "authors", "comments"];
const HIDDEN = { authors: { hidden: ["secret"] } };

const worldApp = () => testApp({ schema, entities: HIDDEN });

/** Puts these rows in the place of all others, without hooks and defaults. */
async function fill(app: App, world: World): Promise<void> {
	await app.database.batch(
		ENTITIES.toReversed().map((name) => ({
			sql: `delete from ${app.em.entity(name).identifier}`,
			params: [],
		})),
	);
	for (const name of ENTITIES) await app.em.mutator(name).insertMany(world[name] as never);
}

const asked = fc
	.constantFrom(...ASKED)
	.chain((entity) => queryOf(entity).map((query) => ({ entity, query })));

/** The query without its relations, which are not counted. */
function conditions({ where, join }: QueryInput): FindOptions {
	return { ...(where ? { where } : {}), ...(join ? { join } : {}) } as FindOptions;
}

test(
	"finds and counts what the reference finds, with relations, joins and dotted fields",
	{ timeout: TIMEOUT },
	async () => {
		const { app } = await worldApp();
		await fc.assert(
			fc.asyncProperty(
				worldRows,
				fc.array(asked, { minLength: 40, maxLength: 40 }),
				async (world, queries) => {
					await fill(app, world);
					const reference = new ReferenceWorld(world);
					for (const { entity, query } of queries) {
						const repository = app.em.repository(entity);
						const { data } = await repository.findMany(query as FindOptions);
						expect([entity, query, data]).toEqual([
							entity,
							query,
							reference.find(entity, query as never),
						]);
						const counted = await repository.findMany({
							...conditions(query),
							limit: 1,
							count: true,
						});
						expect(counted.meta.count).toBe(reference.matching(entity, query as never).length);
					}
				},
			),
			{ numRuns: 300 },
		);
	},
);

test(
	"walks by cursor over exactly the rows of the query, in their order",
	{ timeout: TIMEOUT },
	async () => {
		const { app } = await worldApp();
		const walk = fc
			.constantFrom(...ENTITIES)
			.chain((entity) =>
				fc.tuple(
					fc.constant(entity),
					queryOf(entity, 1),
					sortOf(entity),
					fc.integer({ min: 1, max: 4 }),
				),
			);
		await fc.assert(
			fc.asyncProperty(
				worldRows,
				fc.array(walk, { minLength: 20, maxLength: 20 }),
				async (world, walks) => {
					await fill(app, world);
					const reference = new ReferenceWorld(world);
					for (const [entity, { where, select }, sort, limit] of walks) {
						const query = { sort, ...(where ? { where } : {}), ...(select ? { select } : {}) };
						const pages = await pagesOf(app, entity, { ...query, limit } as FindOptions);
						const expected = reference.find(entity, { ...query, limit: 100 } as never);
						expect([entity, query, pages.flat()]).toEqual([entity, query, expected]);
						expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
					}
				},
			),
			{ numRuns: 100 },
		);
	},
);

test(
	"walks by cursor past rows that come and go meanwhile, and misses and repeats none of the others",
	{ timeout: TIMEOUT },
	async () => {
		const { app } = await worldApp();
		const comments = app.em.mutator(schema.comments);
		const score = fc.option(fc.integer({ min: -2, max: 3 }));
		await fc.assert(
			fc.asyncProperty(
				fc.array(score, { minLength: 4, maxLength: 12 }),
				fc.constantFrom<readonly string[]>(["score"], ["-score"], ["-score", "-id"], []),
				fc.array(fc.tuple(score, fc.nat(11)), { minLength: 6, maxLength: 6 }),
				async (scores, sort, changes) => {
					await app.database.all({ sql: "delete from comments", params: [] });
					const { data: first } = await comments.insertMany(scores.map((one) => ({ score: one })));
					const gone = new Set<unknown>();
					const seen: (typeof first)[number][] = [];
					let cursor: string | null = "";
					for (let page = 0; cursor !== null; page++) {
						const result: ReadResult<typeof first> = await app.em
							.repository(schema.comments)
							.findMany({ sort, limit: 2, cursor } as FindOptions);
						seen.push(...result.data);
						cursor = (result.meta as { cursor?: string | null }).cursor ?? null;
						const [added, removed] = changes[page % changes.length] ?? [null, 0];
						if (page < changes.length) {
							await comments.insertOne({ score: added });
							const id = first[removed]?.id;
							if (id !== undefined && !gone.has(id)) {
								gone.add(id);
								await comments.deleteOne(id);
							}
						}
					}
					const ids = seen.map(({ id }) => id);
					expect(new Set(ids).size).toBe(ids.length);
					const stayed = first.filter(({ id }) => !gone.has(id));
					expect(ids).toEqual(expect.arrayContaining(stayed.map(({ id }) => id)));
					const rules = rulesOf(sort);
					expect(seen).toEqual(seen.toSorted((a, b) => compareBy(a, b, rules)));
				},
			),
			{ numRuns: 300 },
		);
	},
);

/** All pages of a query, by cursor. */
async function pagesOf(
	app: App,
	entity: string,
	options: FindOptions,
): Promise<(readonly unknown[])[]> {
	const pages: (readonly unknown[])[] = [];
	let cursor: string | null = "";
	while (cursor !== null) {
		const result: ReadResult<readonly unknown[]> = await app.em
			.repository(entity)
			.findMany({ ...options, cursor });
		pages.push(result.data);
		cursor = (result.meta as { cursor?: string | null }).cursor ?? null;
	}
	return pages;
}
