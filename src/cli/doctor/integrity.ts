import type { Database } from "../../data/database.ts";
import { GUARD_TABLE } from "../../data/write/guard.ts";
import { count } from "../progress.ts";
import { ImportState } from "../transfer/import-state.ts";
import { fault, ok, warning, type Check, type DatabaseFacts, type Finding } from "./check.ts";

/** So many damages say enough. */
const SHOWN = 5;

/** Whether the database is whole, and its rows fit each other. */
export const integrity: Check<DatabaseFacts> = {
	name: "Integrity",
	async run({ database }) {
		const damages = await damagesOf(database);
		if (damages.length > 0) return damages;
		const findings = [
			...(await danglingRows(database)),
			...(await guardRows(database)),
			...(await unfinishedImport(database)),
		];
		return findings.length > 0 ? findings : [ok("the database is whole")];
	},
};

async function damagesOf(database: Database): Promise<readonly Finding[]> {
	const rows = await database.all({ sql: `pragma quick_check(${SHOWN})`, params: [] });
	const damages = rows.map(([damage]) => String(damage)).filter((damage) => damage !== "ok");
	return damages.map((damage) =>
		fault(
			`The database is damaged: ${damage.replaceAll("\n", " ")}.`,
			"Restore it from a backup. burdock export shows what of it can still be read.",
		),
	);
}

async function danglingRows(database: Database): Promise<readonly Finding[]> {
	const rows = await database.all({
		sql: 'select "table", parent, count(*) from pragma_foreign_key_check group by 1, 2',
		params: [],
	});
	return rows.map(([table, parent, number]) =>
		fault(
			`${count(Number(number))} rows of ${String(table)} refer to rows of ${String(parent)} that do not exist.`,
			"Some program wrote without foreign keys. PRAGMA foreign_key_check names the rows: delete or mend them.",
		),
	);
}

async function guardRows(database: Database): Promise<readonly Finding[]> {
	if (!(await hasTable(database, GUARD_TABLE))) return [];
	const [row] = await database.all({ sql: `select count(*) from ${GUARD_TABLE}`, params: [] });
	if (row?.[0] === 0) return [];
	return [
		fault(
			`${GUARD_TABLE} holds rows, and never should.`,
			`Some program wrote to it. Run this SQL: delete from ${GUARD_TABLE}`,
		),
	];
}

async function unfinishedImport(database: Database): Promise<readonly Finding[]> {
	const known = await new ImportState(database).read();
	if (known === undefined) return [];
	const { name, position } = known;
	return [
		warning(
			`An import of ${name} was interrupted after line ${count(position.line)}.`,
			"Import the same file again: it goes on there.",
		),
	];
}

async function hasTable(database: Database, name: string): Promise<boolean> {
	const sql = "select 1 from sqlite_master where type = 'table' and name = ?";
	return (await database.all({ sql, params: [name] })).length > 0;
}
