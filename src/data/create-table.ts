import { is, SQL } from "drizzle-orm";
import {
	getTableConfig,
	SQLiteColumn,
	SQLiteSyncDialect,
	type Index,
	type SQLiteTable,
} from "drizzle-orm/sqlite-core";
import type { SqlValue } from "./database.ts";

type TableConfig = ReturnType<typeof getTableConfig>;
type ForeignKey = TableConfig["foreignKeys"][number];

const dialect = new SQLiteSyncDialect();

/**
 * The SQL that creates a table with its constraints, and then its indexes, as drizzle-kit's first
 * migration would.
 */
export function createTable(table: SQLiteTable): readonly string[] {
	const config = getTableConfig(table);
	const parts = [
		...config.columns.map((column) => columnSql(column)),
		...config.primaryKeys.map((key) => `primary key (${names(key.columns)})`),
		...config.foreignKeys.map(foreignKeySql),
		...config.checks.map(({ name, value }) => `constraint ${quote(name)} check (${inline(value)})`),
	];
	return [
		`create table ${quote(config.name)} (\n\t${parts.join(",\n\t")}\n)`,
		...config.columns
			.filter((column) => column.isUnique)
			.map((column) => uniqueIndex(config, column.uniqueName, [column])),
		...config.uniqueConstraints.map((unique) => uniqueIndex(config, unique.name, unique.columns)),
		...config.indexes.map((index) => indexSql(config, index)),
	];
}

function columnSql(column: SQLiteColumn): string {
	const parts = [quote(column.name), column.getSQLType()];
	if (column.primary) parts.push("primary key");
	if ("autoIncrement" in column && column.autoIncrement === true) parts.push("autoincrement");
	if (column.default !== undefined) parts.push(`default ${defaultSql(column)}`);
	if (column.generated) {
		const { as, mode } = column.generated;
		const expression = typeof as === "function" ? as() : as;
		const source = is(expression, SQL) ? inline(expression) : String(expression);
		parts.push(`generated always as (${source}) ${mode ?? "virtual"}`);
	}
	if (column.notNull) parts.push("not null");
	return parts.join(" ");
}

function defaultSql(column: SQLiteColumn): string {
	const value: unknown = column.default;
	if (is(value, SQL)) {
		const source = inline(value);
		return isEnclosed(source) ? source : `(${source})`;
	}
	return typeof value === "boolean"
		? String(value)
		: literal(column.mapToDriverValue(value) as SqlValue);
}

/** Whether one pair of parentheses is around all of it: not so in `(a) || (b)`. */
function isEnclosed(source: string): boolean {
	if (!source.startsWith("(")) return false;
	let depth = 0;
	for (const { 0: token, index } of source.matchAll(/'[^']*'|"[^"]*"|[()]/g)) {
		if (token === "(") depth++;
		else if (token === ")") depth--;
		if (depth === 0) return index === source.length - 1;
	}
	return false;
}

function foreignKeySql(key: ForeignKey): string {
	const { columns, foreignTable, foreignColumns } = key.reference();
	const target = getTableConfig(foreignTable as SQLiteTable).name;
	const actions = [
		key.onUpdate ? ` on update ${key.onUpdate}` : "",
		key.onDelete ? ` on delete ${key.onDelete}` : "",
	].join("");
	return `foreign key (${names(columns)}) references ${quote(target)} (${names(foreignColumns)})${actions}`;
}

function uniqueIndex(
	config: TableConfig,
	name: string | undefined,
	columns: readonly SQLiteColumn[],
): string {
	const fallback = `${config.name}_${columns.map((column) => column.name).join("_")}_unique`;
	return `create unique index ${quote(name ?? fallback)} on ${quote(config.name)} (${names(columns)})`;
}

function indexSql(config: TableConfig, { config: index }: Index): string {
	const columns = index.columns.map((column) =>
		is(column, SQLiteColumn) ? quote(column.name) : inline(column as SQL),
	);
	const unique = index.unique ? "unique " : "";
	const where = index.where ? ` where ${inline(index.where)}` : "";
	return `create ${unique}index ${quote(index.name)} on ${quote(config.name)} (${columns.join(", ")})${where}`;
}

/**
 * SQL with its values written into it; what it says comes from the schema, never from a request.
 * Columns stand without their table: SQLite prohibits it in indexes and generated columns.
 */
function inline(expression: SQL): string {
	return dialect.sqlToQuery(expression.inlineParams(), "indexes").sql;
}

function literal(value: SqlValue): string {
	if (value === null) return "null";
	if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
	if (value instanceof Uint8Array) {
		return `x'${Array.from(value, (byte) => byte.toString(16).padStart(2, "0")).join("")}'`;
	}
	return String(value);
}

function names(columns: readonly SQLiteColumn[]): string {
	return columns.map((column) => quote(column.name)).join(", ");
}

function quote(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
