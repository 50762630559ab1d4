import { chain, type Maybe } from "../../kernel/maybe.ts";
import type { Database } from "../database.ts";
import { parseIndex } from "./parse-index.ts";
import { parseTable } from "./parse-table.ts";
import type { IndexShape, TableShape, TableShapes } from "./table-shape.ts";

/** What a database says it was made with: the statement of every table, index and trigger. */
const MADE_WITH =
	"select sql from sqlite_master where sql is not null and name not like 'sqlite!_%' escape '!' and name not like '!_cf!_%' escape '!' order by name";

/** The statements that the tables, indexes and triggers of a database were made with. */
export function readStatements(database: Database): Maybe<readonly string[]> {
	return chain(database.all({ sql: MADE_WITH, params: [] }), (rows) =>
		rows.map(([sql]) => String(sql)),
	);
}

/** The tables that these statements make, whoever wrote them. */
export function shapesOf(statements: readonly string[]): TableShapes {
	const tables = new Map<string, TableShape & { readonly indexes: readonly IndexShape[] }>();
	const indexes = new Map<string, IndexShape[]>();
	for (const sql of statements) {
		if (/^\s*create\s+(?:unique\s+)?index\b/i.test(sql)) {
			const { table, ...index } = parseIndex(sql);
			const known = indexes.get(table);
			if (known === undefined) indexes.set(table, [index]);
			else known.push(index);
		} else if (/^\s*create\s+table\b/i.test(sql)) {
			const table = parseTable(sql);
			if (table !== undefined) tables.set(table.name.toLowerCase(), table);
		}
	}
	for (const [name, more] of indexes) {
		const table = tables.get(name);
		if (table !== undefined) tables.set(name, { ...table, indexes: [...table.indexes, ...more] });
	}
	return tables;
}
