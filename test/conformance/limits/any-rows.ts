import fc from "fast-check";
import { integer, numeric, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { Database } from "../../../src/data/database.ts";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { EntityManager } from "../../../src/data/entity-manager.ts";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import { OWN_TABLES } from "../../../src/data/migrate/own-tables.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { Registry } from "../../../src/data/schema/registry.ts";
import { EventManager } from "../../../src/events/event-manager.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { snowflake } from "../../support/large-schema.ts";

const SEED = 20_261_121;
const TIMEOUT = 120_000;
const KINDS = ["text", "integer", "real", "bigint", "flake", "decimal"] as const;
type Kind = (typeof KINDS)[number];
type Row = Record<string, unknown>;

const whole = fc.oneof(
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
	fc.bigInt({ min: 2n ** 53n - 2n, max: 2n ** 53n + 4n }),
	fc.bigInt({ min: -2n, max: 2n }),
);
const VALUES: Readonly<Record<Kind, fc.Arbitrary<unknown>>> = {
	text: fc.oneof(
		fc
			.string({ unit: "binary", maxLength: 20 })
			.filter((one) => one.isWellFormed() && !one.includes("\0")),
		fc.constantFrom("", "1", "'", '"', "\\", "NULL", "é😀"),
		fc.integer({ min: 1, max: 400 }).map((count) => "long ".repeat(count)),
	),
	integer: fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -2, max: 2 })),
	real: fc.oneof(
		fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
		fc.integer({ min: -2, max: 2 }),
	),
	bigint: whole,
	flake: whole,
	decimal: whole.map(String),
};

/** A table of many columns, rows for it, and as many conditions as a client may send. */
const anyWorld = fc
	.array(fc.constantFrom(...KINDS), { minLength: 25, maxLength: 98, size: "max" })
	.chain((kinds) => {
		const row = fc.tuple(
			...kinds.map((kind) => fc.oneof({ weight: 4, arbitrary: VALUES[kind] }, fc.constant(null))),
		);
		const rows = fc.array(row, { minLength: 1, maxLength: 12 });
		const tests = fc.array(
			fc.record({
				column: fc.nat({ max: kinds.length - 1 }),
				row: fc.nat(),
				operator: fc.constantFrom("$eq", "$ne", "$gt", "$lte"),
			}),
			{ minLength: 60, maxLength: 90, size: "max" },
		);
		return fc.record({ kinds: fc.constant(kinds), rows, tests });
	});

function tableOf(kinds: readonly Kind[]) {
	const make = {
		text: (name: string) => text(name),
		integer: (name: string) => integer(name),
		real: (name: string) => real(name),
		bigint: (name: string) => numeric(name, { mode: "bigint" }),
		flake: (name: string) => snowflake(name),
		decimal: (name: string) => numeric(name),
	} as const;
	const columns = Object.fromEntries(
		kinds.map((kind, at) => [`c${at}`, make[kind](`column_${at}`)]),
	);
	return sqliteTable("things", { id: integer("id").primaryKey(), ...columns });
}

/** Compares as SQLite compares numbers, and text by its code points. */
function compare(kind: Kind, one: unknown, other: unknown): number {
	if (kind === "text") {
		const encoder = new TextEncoder();
		const [a, b] = [encoder.encode(String(one)), encoder.encode(String(other))];
		const at = a.findIndex((byte, index) => byte !== b[index]);
		return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1);
	}
	const number = (value: unknown) => (kind === "decimal" ? BigInt(String(value)) : value) as number;
	return number(one) < number(other) ? -1 : number(one) > number(other) ? 1 : 0;
}

/**
 * Generated rows of many columns, written and found on a driver, against an evaluation of its own.
 *
 * @param open Opens an empty database.
 */
export function describeAnyRows(
	name: string,
	open: () => Promise<Database>,
	{ runs }: { readonly runs: number },
): void {
	describe(`any rows on ${name}`, () => {
		test(
			"come back as they were, and are found by what they hold",
			{ timeout: TIMEOUT },
			async () => {
				await fc.assert(
					fc.asyncProperty(anyWorld, async ({ kinds, rows, tests }) => {
						const database = await open();
						const things = tableOf(kinds);
						const made = [...OWN_TABLES.map(({ sql }) => sql), ...createTable(things)];
						await database.batch(made.map((sql) => ({ sql, params: [] })));
						const registry = new Registry(readSchema({ things }, {}));
						const events = new EventManager(DatabaseEvents, { logger: silentLogger });
						const em = new EntityManager({ registry, database, events });
						const input: Row[] = rows.map((values, at) => ({
							id: at + 1,
							...Object.fromEntries(values.map((value, column) => [`c${column}`, value])),
						}));
						expect((await em.mutator("things").insertMany(input)).data).toEqual(input);
						expect((await em.repository("things").findMany({ limit: 50 })).data).toEqual(input);
						const [first] = input;
						const { id: _, ...changes } = first as Row;
						const updated = await em.mutator("things").updateOne(1, changes);
						expect(updated.data).toEqual(first);
						const conditions = tests.map(({ column, row, operator }) => ({
							field: `c${column}`,
							kind: kinds[column] as Kind,
							operator,
							value: input[row % input.length]?.[`c${column}`] ?? null,
						}));
						const usable = conditions.filter(({ value }) => value !== null);
						const where = {
							$or: usable.map(({ field, operator, value }) => ({ [field]: { [operator]: value } })),
						};
						const matches = (row: Row) =>
							usable.some(({ field, kind, operator, value }) => {
								if (row[field] === null) return false;
								const order = compare(kind, row[field], value);
								if (operator === "$eq") return order === 0;
								if (operator === "$ne") return order !== 0;
								return operator === "$gt" ? order > 0 : order <= 0;
							});
						for (const one of [where, ...where.$or.slice(0, 5)]) {
							const only = one === where ? matches : undefined;
							const { data } = await em
								.repository("things")
								.findMany({ where: one as never, limit: 50 });
							if (only) expect(data).toEqual(input.filter(only));
							else expect(input).toEqual(expect.arrayContaining(data as Row[]));
						}
						await database.close();
					}),
					{ numRuns: runs, seed: SEED, endOnFailure: true },
				);
			},
		);
	});
}
