import fc from "fast-check";
import { expect, test } from "vitest";
import type { Database } from "../../../src/data/database.ts";
import { planMigration } from "../../../src/data/migrate/plan-migration.ts";
import { readStatements, shapesOf } from "../../../src/data/migrate/read-shapes.ts";
import { SchemaDifference } from "../../../src/data/migrate/schema-difference.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";

const NAMES = ["a", "b", "c", "d"] as const;
const COLUMNS = ["x", "y", "z"] as const;

const column = fc.record({
	type: fc.constantFrom("text", "integer", "real"),
	default: fc.constantFrom("", " default 7", " default (1 + 1)"),
	required: fc.boolean(),
});
const reference = fc.record({
	to: fc.constantFrom(...NAMES),
	action: fc.constantFrom("cascade", "set null", "no action", "restrict"),
});
const table = fc.record({
	columns: fc.dictionary(fc.constantFrom(...COLUMNS), column, { maxKeys: 3 }),
	references: fc.uniqueArray(reference, { maxLength: 3, selector: ({ to }) => to }),
	indexed: fc.constantFrom("", "index", "unique index"),
	check: fc.boolean(),
	counts: fc.boolean(),
});
/** Some of four tables, which may refer to each other in any way, and to themselves. */
const schema = fc.dictionary(fc.constantFrom(...NAMES), table, { minKeys: 1, maxKeys: 4 });

type Schema = typeof schema extends fc.Arbitrary<infer T> ? T : never;

/** What makes it: each table has an id, a label that stays, and whatever it was given. */
function statementsOf(tables: Schema): readonly string[] {
	return Object.entries(tables).flatMap(
		([name, { columns, references, indexed, check, counts }]) => {
			const targets = references.filter(({ to }) => to in tables);
			const parts = [
				`id integer primary key${counts ? " autoincrement" : ""} not null`,
				"label text",
				...Object.entries(columns).map(
					([key, { type, default: value, required }]) =>
						`${key} ${type}${value}${required && value !== "" ? " not null" : ""}`,
				),
				...targets.map(({ to }) => `to_${to} integer`),
				...targets.map(
					({ to, action }) => `foreign key (to_${to}) references ${to} (id) on delete ${action}`,
				),
				...(check ? ["check (id > 0)"] : []),
			];
			const index = indexed === "" ? [] : [`create ${indexed} ${name}_label on ${name} (label)`];
			return [`create table ${name} (${parts.join(", ")})`, ...index];
		},
	);
}

async function run(database: Database, statements: readonly string[]): Promise<void> {
	await database.batch(statements.map((sql) => ({ sql, params: [] })));
}

async function rows(database: Database, sql: string) {
	return database.all({ sql, params: [] });
}

/** Three rows in each table, every reference set. */
async function fill(database: Database, tables: Schema): Promise<void> {
	const inserts: string[] = ["pragma defer_foreign_keys = on"];
	for (const [name, { references }] of Object.entries(tables)) {
		const targets = references.filter(({ to }) => to in tables);
		const keys = ["id", "label", ...targets.map(({ to }) => `to_${to}`)].join(", ");
		for (const id of [1, 2, 3]) {
			const values = [id, `'${name}${id}'`, ...targets.map(() => (id % 3) + 1)].join(", ");
			inserts.push(`insert into ${name} (${keys}) values (${values})`);
		}
	}
	await run(database, inserts);
}

test("any schema becomes any other in one batch with foreign keys enforced, and no row that may stay is lost", async () => {
	await fc.assert(
		fc.asyncProperty(schema, schema, async (from, to) => {
			const database = openDatabase({ url: ":memory:" });
			try {
				await run(database, statementsOf(from));
				await fill(database, from);
				const made = await readStatements(database);
				const actual = shapesOf(made);
				const managed = new Set([...NAMES, ...NAMES.map((name) => `${name}_label`)]);
				const wanted = shapesOf(statementsOf(to));
				const plan = planMigration(new SchemaDifference(wanted, actual, managed), made);
				await run(database, plan.statements);
				const now = shapesOf(await readStatements(database));
				expect(new SchemaDifference(wanted, now, managed).tables).toEqual([]);
				expect(await rows(database, "select * from pragma_foreign_key_check")).toEqual([]);
				for (const name of Object.keys(to)) {
					const kept = name in from ? [1, 2, 3].map((id) => [id, `${name}${id}`]) : [];
					expect(await rows(database, `select id, label from ${name} order by id`)).toEqual(kept);
				}
			} finally {
				await database.close();
			}
		}),
		{ numRuns: 400 },
	);
}, 60_000);

test("a new table comes after those that it refers to, so that an export of D1 can be stored again", () => {
	const wanted = shapesOf([
		"create table a (id integer primary key, to_c integer references c (id))",
		"create table b (id integer primary key, to_b integer references b (id))",
		"create table c (id integer primary key, to_d integer references d (id))",
		"create table d (id integer primary key, x text)",
	]);
	const actual = shapesOf(["create table d (id integer primary key)"]);
	const { statements } = planMigration(new SchemaDifference(wanted, actual, new Set(NAMES)));
	expect(statements.map((sql) => /table "?(\w)/.exec(sql)?.[1])).toEqual(["d", "c", "b", "a"]);
});
