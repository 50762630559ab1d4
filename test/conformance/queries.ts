import { getTableColumns } from "drizzle-orm";
import { beforeEach, describe, expect, test } from "vitest";
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
import { CountedDatabase } from "../support/counted-database.ts";
import * as schema from "../support/query-bench-schema.ts";

const { values, holders, broad, rooms, guests } = schema;
const MAX = 2n ** 63n - 1n;
const TEXT = 'it\'s "q" \\ \n \u0001 é 😀 \uffff';

/** Rows whose values are hard to pass on exactly. */
const HARD = [
	{
		whole: Number.MAX_SAFE_INTEGER,
		yes: true,
		atSeconds: new Date(-1000),
		atMillis: new Date(1_750_000_000_123),
		fraction: 1e308,
		decimal: "12.5",
		decimalNumber: 0.1 + 0.2,
		decimalBig: MAX,
		title: TEXT,
		choice: "red" as const,
		notes: { a: [1, null, { b: TEXT }], c: "1" },
		bytes: Buffer.from([0, 1, 254, 255]),
		bytesJson: ["x", 1],
		bytesBig: -MAX,
		custom: "low",
	},
	{
		whole: -1,
		yes: false,
		fraction: 5e-324,
		decimalBig: -MAX - 1n,
		title: "",
		notes: "1",
		bytes: Buffer.alloc(0),
	},
	{ fraction: -0.1, decimalNumber: 1e21, decimalBig: 2n ** 53n + 1n, title: "NULL", notes: [1] },
	{
		whole: 0,
		fraction: -6.6537714398196804e-121,
		decimalNumber: 4.3226555027672002e-308,
		title: "'",
		custom: "",
	},
	{},
];

/**
 * Queries over related rows on a driver: that values pass exactly, in one statement.
 *
 * @param open Opens an empty database for each test.
 */
export function describeQueries(name: string, open: () => Promise<Database>): void {
	describe(`queries on ${name}`, () => {
		let database: CountedDatabase;
		let em: EntityManager;

		beforeEach(async () => {
			database = new CountedDatabase(await open());
			const registry = new Registry(readSchema(schema, {}));
			const events = new EventManager(DatabaseEvents, { logger: silentLogger });
			em = new EntityManager({ registry, database, events });
			const tables = [values, broad, rooms, holders, guests].flatMap((table) => createTable(table));
			await database.batch(tables.map((sql) => ({ sql, params: [] })));
		});

		async function withValues(): Promise<void> {
			for (const row of HARD) await em.mutator(values).insertOne(row);
			await em.mutator(holders).insertMany(HARD.map((_, at) => ({ id: at + 1, valueId: at + 1 })));
		}

		async function walk(entity: string, options: FindOptions): Promise<readonly object[]> {
			const found: object[] = [];
			let cursor: string | null | undefined = "";
			for (let page = 0; typeof cursor === "string"; page++) {
				expect(page).toBeLessThan(50);
				const result: ReadResult<readonly object[]> = await em
					.repository(entity)
					.findMany({ ...options, cursor });
				found.push(...result.data);
				cursor = result.meta.cursor;
			}
			return found;
		}

		test("related rows hold exactly what the rows themselves do", async () => {
			await withValues();
			const { data: own } = await em.repository(values).findMany();
			database.reset();
			const { data } = await em.repository(holders).findMany({ with: "value" });
			expect(database.statements).toBe(1);
			expect(own.map(({ decimalBig }) => decimalBig)).toEqual(
				HARD.map(({ decimalBig }) => decimalBig ?? null),
			);
			expect(data.map((row) => row["value"])).toEqual(own);
			const { data: nested } = await em.repository(values).findMany({
				select: ["id"],
				with: { holders: { select: [], with: { value: { select: ["fraction", "title"] } } } },
			});
			expect(nested).toEqual(
				own.map(({ id, fraction, title }) => ({ id, holders: [{ value: { fraction, title } }] })),
			);
		});

		test.each(Object.keys(getTableColumns(values)))(
			"pages by cursor are exact by %s",
			async (by) => {
				await withValues();
				await em.mutator(values).insertMany([{}, { title: "'", whole: 0 }]);
				for (const sort of [by, `-${by}`, `${by},-id`]) {
					const { data } = await em
						.repository(values)
						.findMany({ sort, limit: 50, select: ["id"] });
					for (const limit of [1, 3]) {
						expect(await walk("values", { sort, limit, select: ["id"] })).toEqual(data);
					}
				}
			},
		);

		test("rows of more columns than a function takes arguments", async () => {
			const row = Object.fromEntries(
				Array.from({ length: 40 }, (_, at) => [`field${at}`, `${at}`]),
			);
			await em.mutator(broad).insertOne({ id: 1, ...row } as never);
			await em.mutator(holders).insertMany([{ id: 1, broadId: 1 }, { id: 2 }]);
			const options = {
				select: ["id"],
				with: { broad: { with: { holders: { select: ["id"] } } } },
			};
			const { data } = await em.repository(holders).findMany(options);
			expect(data).toEqual([
				{ id: 1, broad: { id: 1, ...row, holders: [{ id: 1 }] } },
				{ id: 2, broad: null },
			]);
			const page = await em.repository(broad).findManyByReference(1, "holders", { cursor: "" });
			expect(page).toMatchObject({ data: [{ id: 1 }], meta: { items: 1, cursor: null } });
		});

		test("relations over composite keys, in both directions", async () => {
			await em.mutator(rooms).insertMany([
				{ house: "a", number: 1, size: 10 },
				{ house: "a", number: 2, size: 20 },
				{ house: "b", number: 1 },
			]);
			await em.mutator(guests).insertMany([
				{ id: 1, house: "a", number: 1 },
				{ id: 2, house: "a", number: 2 },
				{ id: 3, house: "a" },
				{ id: 4, house: "b", number: 1 },
			]);
			const relation = [...em.entity("guests").relations.keys()][0] as string;
			const ids = async (options: FindOptions) =>
				(await em.repository(guests).findMany({ ...options, limit: 50 })).data.map(({ id }) => id);
			const size = `${relation}.size`;
			expect(await ids({ where: { [size]: { $gte: 10 } } })).toEqual([1, 2]);
			expect(await ids({ where: { $not: { [size]: 10 } } })).toEqual([2]);
			expect(await ids({ where: { [size]: null } })).toEqual([3, 4]);
			expect(await ids({ where: { [`${relation}.house`]: { $notin: [] } } })).toEqual([1, 2, 3, 4]);
			expect(await ids({ join: relation })).toEqual([1, 2, 4]);
			const { data } = await em
				.repository(rooms)
				.findMany({ select: ["size"], with: { guests: { select: ["id"] } } });
			expect(data).toEqual([
				{ size: 10, guests: [{ id: 1 }] },
				{ size: 20, guests: [{ id: 2 }] },
				{ size: null, guests: [{ id: 4 }] },
			]);
			const sort = "size,-house";
			const all = await em.repository(rooms).findMany({ sort });
			expect(await walk("rooms", { sort, limit: 1 })).toEqual(all.data);
		});

		test("parts of text are found whatever their length", async () => {
			const long = "é".repeat(60);
			await em
				.mutator(values)
				.insertMany([
					{ title: `${long}x` },
					{ title: `x${long}` },
					{ title: `a*${long}?[z]` },
					{ title: "" },
				]);
			const ids = async (where: object) =>
				(await em.repository(values).findMany({ where: where as never })).data.map(({ id }) => id);
			expect(await ids({ title: { $contains: long } })).toEqual([1, 2, 3]);
			expect(await ids({ title: { $startsWith: long } })).toEqual([1]);
			expect(await ids({ title: { $endsWith: long } })).toEqual([2]);
			expect(await ids({ title: { $startsWith: `a*${long}?[` } })).toEqual([3]);
			expect(await ids({ title: { $endsWith: "[z]" } })).toEqual([3]);
			for (const operator of ["$contains", "$startsWith", "$endsWith"]) {
				expect(await ids({ title: { [operator]: "" } })).toEqual([1, 2, 3, 4]);
			}
		});

		test("the largest query stays within what the engine takes", async () => {
			const where = { $or: Array.from({ length: 90 }, (_, id) => ({ "value.whole": id })) };
			await em.reader("holders").findMany({ where }, "client");
			const not = { $not: { $or: Array.from({ length: 90 }, () => ({ "value.whole": 1 })) } };
			await em.reader("holders").findMany({ where: not }, "client");
			const last = { with: "value,broad" };
			const middle = { with: { holders: last } };
			const relations = { holders: { with: { value: middle, broad: middle } } };
			await em.reader("values").findMany({ with: relations, limit: 20 }, "client");
		});
	});
}
