import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createTable } from "../../src/data/migrate/create-table.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { Database } from "../../src/data/database.ts";
import { EntityManager } from "../../src/data/entity-manager.ts";
import type { FindOptions } from "../../src/data/query/find-options.ts";
import type { ReadResult } from "../../src/data/read/read-result.ts";
import { readSchema } from "../../src/data/schema/read-schema.ts";
import { Registry } from "../../src/data/schema/registry.ts";
import { EventManager } from "../../src/events/event-manager.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { ReferenceWorld, type World } from "../support/reference-world.ts";
import { queryOf, sortOf, worldRows, type QueryInput } from "../support/world-queries.ts";
import * as schema from "../support/world-schema.ts";

const TIMEOUT = 120_000;
const ENTITIES = ["companies", "authors", "posts", "comments", "tags", "postsTags"];
/** Those with the most rows and relations are asked most often. */
const ASKED = [...ENTITIES, "posts", "posts", "authors", "comments"];

/** How many worlds are made, and how many queries are asked in each. */
export interface WorldRuns {
	readonly worlds: number;
	readonly queries: number;
}

/** An engine with the tables of a world. */
export class WorldBench {
	readonly em: EntityManager;
	readonly #database: Database;

	constructor(database: Database) {
		const registry = new Registry(readSchema(schema, { authors: { hidden: ["secret"] } }));
		const events = new EventManager(DatabaseEvents, { logger: silentLogger });
		this.#database = database;
		this.em = new EntityManager({ registry, database, events });
	}

	/** Makes the tables. */
	async prepare(): Promise<this> {
		const tables = this.em.entities.flatMap(({ table }) => createTable(table));
		await this.#database.batch(tables.map((sql) => ({ sql, params: [] })));
		return this;
	}

	/** Puts these rows in the place of all others. */
	async fill(world: World): Promise<void> {
		await this.#database.batch(
			ENTITIES.toReversed().map((name) => ({
				sql: `delete from ${this.em.entity(name).identifier}`,
				params: [],
			})),
		);
		for (const name of ENTITIES) await this.em.mutator(name).insertMany(world[name] as never);
	}

	/** All pages of a query, by cursor. */
	async pages(entity: string, options: FindOptions): Promise<readonly (readonly unknown[])[]> {
		const pages: (readonly unknown[])[] = [];
		let cursor: string | null = "";
		while (cursor !== null) {
			const { data, meta }: ReadResult<readonly unknown[]> = await this.em
				.repository(entity)
				.findMany({ ...options, cursor });
			pages.push(data);
			cursor = meta.cursor ?? null;
		}
		return pages;
	}
}

const asked = fc
	.constantFrom(...ASKED)
	.chain((entity) => queryOf(entity).map((query) => ({ entity, query })));

const walked = fc
	.constantFrom(...ENTITIES)
	.chain((entity) =>
		fc.tuple(
			fc.constant(entity),
			queryOf(entity, 1),
			sortOf(entity),
			fc.integer({ min: 1, max: 4 }),
		),
	);

/** What of a query decides which rows it counts. */
function conditions({ where, join }: QueryInput): FindOptions {
	return { ...(where ? { where } : {}), ...(join ? { join } : {}) } as FindOptions;
}

/**
 * Generated queries over related rows on a driver, against the slow reference.
 *
 * @param open Opens an empty database.
 */
export function describeWorld(
	name: string,
	open: () => Promise<Database>,
	{ worlds, queries }: WorldRuns,
): void {
	const exactly = { minLength: queries, maxLength: queries };
	const made = async () => new WorldBench(await open()).prepare();

	describe(`a world of related rows on ${name}`, () => {
		test("is found and counted as the reference finds it", { timeout: TIMEOUT }, async () => {
			const bench = await made();
			const check = async (world: World, all: readonly { entity: string; query: QueryInput }[]) => {
				await bench.fill(world);
				const reference = new ReferenceWorld(world);
				for (const { entity, query } of all) {
					const repository = bench.em.repository(entity);
					const { data } = await repository.findMany(query as FindOptions);
					const expected = reference.find(entity, query as never);
					expect([entity, query, data]).toEqual([entity, query, expected]);
					const counted = { ...conditions(query), limit: 1, count: true };
					const { meta } = await repository.findMany(counted);
					expect(meta.count).toBe(reference.matching(entity, query as never).length);
				}
			};
			await fc.assert(fc.asyncProperty(worldRows, fc.array(asked, exactly), check), {
				numRuns: worlds,
				endOnFailure: true,
			});
		});

		test("is walked by cursor, each row once, in order", { timeout: TIMEOUT }, async () => {
			const bench = await made();
			await fc.assert(
				fc.asyncProperty(worldRows, fc.array(walked, exactly), async (world, walks) => {
					await bench.fill(world);
					const reference = new ReferenceWorld(world);
					for (const [entity, { where, select }, sort, limit] of walks) {
						const query = { sort, ...(where ? { where } : {}), ...(select ? { select } : {}) };
						const pages = await bench.pages(entity, { ...query, limit } as FindOptions);
						const expected = reference.find(entity, { ...query, limit: 100 } as never);
						expect([entity, query, pages.flat()]).toEqual([entity, query, expected]);
						expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
					}
				}),
				{ numRuns: Math.ceil(worlds / 3), endOnFailure: true },
			);
		});
	});
}
