import type { Database, Statement } from "../../../src/data/database.ts";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import { OWN_TABLES } from "../../../src/data/migrate/own-tables.ts";
import type { Entity } from "../../../src/data/schema/entity.ts";

const TABLES = `select name from sqlite_master
where type = 'table' and name not like 'sqlite!_%' escape '!' and name not like '!_cf!_%' escape '!'
order by rowid desc`;

/**
 * Makes empty tables of entities in place of all that were there, as migrations would have made them.
 * It is several times faster than a new database for each test.
 *
 * @param foreignKeys `"ignored"`: without them, because D1 cannot turn them off.
 */
export async function remakeTables(
	database: Database,
	entities: readonly Entity[],
	foreignKeys: "ignored" | undefined,
): Promise<void> {
	const old = await database.all(statement(TABLES));
	await database.batch([
		...old.map(([name]) => statement(`drop table "${String(name)}"`)),
		...OWN_TABLES,
		...entities
			.flatMap(({ table, casing }) => createTable(table, casing))
			.map((sql) => statement(foreignKeys === "ignored" ? withoutKeys(sql) : sql)),
	]);
}

function withoutKeys(sql: string): string {
	return sql.replace(/,\n\tforeign key .*?(?=,?\n)/g, "");
}

function statement(sql: string): Statement {
	return { sql, params: [] };
}
