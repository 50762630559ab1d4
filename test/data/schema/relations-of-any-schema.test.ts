import fc from "fast-check";
import { foreignKey, integer, sqliteTable, text, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import type { Entity } from "../../../src/data/schema/entity.ts";
import { foreignKeysOf, reversed, samePairs } from "../../../src/data/schema/foreign-key.ts";
import { nameProblem } from "../../../src/data/schema/name-problem.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";

/** Names that like to collide: of tables, of fields, with and without endings. */
const FIELDS = [
	"a",
	"aId",
	"b_id",
	"t0",
	"t0Id",
	"t1",
	"t1Id",
	"t1ByA",
	"parentId",
	"toStringId",
	"_Id",
];

interface TableSketch {
	readonly plain: readonly string[];
	readonly keys: readonly {
		readonly field: string;
		readonly to: number;
		readonly unique: boolean;
	}[];
}

const sketches = fc.array(
	fc.record<TableSketch>({
		plain: fc.uniqueArray(fc.constantFrom(...FIELDS), { maxLength: 2 }),
		keys: fc.uniqueArray(
			fc.record({ field: fc.constantFrom(...FIELDS), to: fc.nat(4), unique: fc.boolean() }),
			{ maxLength: 4, selector: ({ field }) => field },
		),
	}),
	{ minLength: 1, maxLength: 5 },
);

function schemaOf(tables: readonly TableSketch[]): Record<string, SQLiteTable> {
	const made: Record<string, SQLiteTable> = {};
	for (const [index, { plain, keys }] of tables.entries()) {
		const own = keys.map(({ field, unique }) => {
			return [field, unique ? integer().unique() : integer()] as const;
		});
		const columns = {
			...Object.fromEntries(plain.map((name) => [name, text()])),
			...Object.fromEntries(own),
			id: integer().primaryKey(),
		};
		made[`t${index}`] = sqliteTable(`t${index}`, columns, (table) =>
			keys.map(({ field, to }) => {
				const target = made[`t${to % tables.length}`] as unknown as typeof table;
				return foreignKey({ columns: [Reflect.get(table, field)], foreignColumns: [target.id] });
			}),
		);
	}
	return made;
}

function checkRelations(entity: Entity): void {
	for (const [name, relation] of entity.relations) {
		const { source, target, pairs, through, cardinality, keyIn } = relation;
		expect(relation.name).toBe(name);
		expect(source).toBe(entity);
		expect(entity.field(name)).toBeUndefined();
		expect(nameProblem(name)).toBeUndefined();
		expect(through === undefined).toBe(pairs.length > 0);
		for (const { from, to } of pairs) {
			expect(source.fields).toContain(from);
			expect(target.fields).toContain(to);
		}
		if (cardinality === "one") {
			const fields = pairs.map(({ to }) => to);
			expect(target.uniqueKeys.some((key) => key.every((one) => fields.includes(one)))).toBe(true);
		}
		if (through) expect([keyIn, cardinality]).toEqual(["through", "many"]);
	}
}

test("relations of any schema are well formed, and lead back, unless a name was taken", () => {
	fc.assert(
		fc.property(sketches, (tables) => {
			const entities = readSchema(schemaOf(tables), {});
			for (const entity of entities) checkRelations(entity);
			for (const { source, target, pairs } of foreignKeysOf(entities)) {
				const there = [...source.relations.values()].filter((one) => samePairs(one.pairs, pairs));
				const back = [...target.relations.values()].filter((one) => {
					return samePairs(one.pairs, reversed(pairs));
				});
				expect([there.length <= 1, back.length <= 1]).toEqual([true, true]);
			}
			const again = readSchema(schemaOf(tables), {});
			expect(again.map((entity) => [...entity.relations.keys()])).toEqual(
				entities.map((entity) => [...entity.relations.keys()]),
			);
		}),
		{ numRuns: 500 },
	);
});

test("the tables of any schema can be made", async () => {
	await fc.assert(
		fc.asyncProperty(sketches, async (tables) => {
			const database = openDatabase({ url: ":memory:" });
			const statements = readSchema(schemaOf(tables), {}).flatMap(({ table }) =>
				createTable(table),
			);
			await database.batch(statements.map((sql) => ({ sql, params: [] })));
			await database.close();
		}),
		{ numRuns: 50 },
	);
});
