import { is, SQL } from "drizzle-orm";
import {
	getTableConfig,
	SQLiteColumn,
	type Index,
	type SQLiteSyncDialect,
	type SQLiteTable,
} from "drizzle-orm/sqlite-core";
import { columnName, dialectFor, type Casing } from "../schema/casing.ts";
import type { SqlValue } from "../database.ts";
import { toHex } from "../to-hex.ts";

type TableConfig = ReturnType<typeof getTableConfig>;
type ForeignKey = TableConfig["foreignKeys"][number];

/**
 * The SQL that creates a table with its constraints, and then its indexes, as drizzle-kit's first
 * migration would.
 *
 * @param casing How columns that are declared without a name are named; default: by their keys.
 */
export function createTable(table: SQLiteTable, casing?: Casing): readonly string[] {
	return new TableSql(table, casing).statements();
}

class TableSql {
	readonly #config: TableConfig;
	readonly #casing: Casing | undefined;
	readonly #dialect: SQLiteSyncDialect;

	constructor(table: SQLiteTable, casing: Casing | undefined) {
		this.#config = getTableConfig(table);
		this.#casing = casing;
		this.#dialect = dialectFor(casing);
	}

	statements(): readonly string[] {
		const { name, columns, primaryKeys, foreignKeys, checks, ...config } = this.#config;
		const parts = [
			...columns.map((column) => this.#column(column)),
			...primaryKeys.map((key) => `primary key (${this.#names(key.columns)})`),
			...foreignKeys.map((key) => this.#foreignKey(key)),
			...checks.map((check) => {
				return `constraint ${quote(check.name)} check (${this.#inline(check.value)})`;
			}),
		];
		return [
			`create table ${quote(name)} (\n\t${parts.join(",\n\t")}\n)`,
			...columns
				.filter((column) => column.isUnique)
				.map((column) => this.#uniqueIndex(column.uniqueName, [column])),
			...config.uniqueConstraints.map((unique) => this.#uniqueIndex(unique.name, unique.columns)),
			...config.indexes.map((index) => this.#index(index)),
		];
	}

	#column(column: SQLiteColumn): string {
		const parts = [this.#names([column]), column.getSQLType()];
		if (column.primary) parts.push("primary key");
		if ("autoIncrement" in column && column.autoIncrement === true) parts.push("autoincrement");
		if (column.default !== undefined) parts.push(`default ${this.#default(column)}`);
		if (column.generated) {
			const { as, mode } = column.generated;
			const expression = typeof as === "function" ? as() : as;
			const source = is(expression, SQL) ? this.#inline(expression) : String(expression);
			parts.push(`generated always as (${source}) ${mode ?? "virtual"}`);
		}
		if (column.notNull) parts.push("not null");
		return parts.join(" ");
	}

	#default(column: SQLiteColumn): string {
		const value: unknown = column.default;
		if (is(value, SQL)) {
			const source = this.#inline(value);
			return isEnclosed(source) ? source : `(${source})`;
		}
		if (typeof value === "boolean") return String(value);
		const stored = column.mapToDriverValue(value) as SqlValue;
		// Numbers of a numeric column are bound as text, but written as numbers.
		const isNumber = typeof value === "bigint" || Number.isFinite(value);
		return isNumber && stored === String(value) ? stored : literal(stored);
	}

	#foreignKey(key: ForeignKey): string {
		const { columns, foreignTable, foreignColumns } = key.reference();
		const target = getTableConfig(foreignTable as SQLiteTable).name;
		const actions = [
			key.onUpdate ? ` on update ${key.onUpdate}` : "",
			key.onDelete ? ` on delete ${key.onDelete}` : "",
		].join("");
		return `foreign key (${this.#names(columns)}) references ${quote(target)} (${this.#names(foreignColumns)})${actions}`;
	}

	#uniqueIndex(name: string | undefined, columns: readonly SQLiteColumn[]): string {
		const table = this.#config.name;
		const unique = name ?? `${table}_${columns.map((column) => column.name).join("_")}_unique`;
		return `create unique index ${quote(unique)} on ${quote(table)} (${this.#names(columns)})`;
	}

	#index({ config: index }: Index): string {
		const columns = index.columns.map((column) =>
			is(column, SQLiteColumn) ? this.#names([column]) : this.#inline(column as SQL),
		);
		const unique = index.unique ? "unique " : "";
		const where = index.where ? ` where ${this.#inline(index.where)}` : "";
		return `create ${unique}index ${quote(index.name)} on ${quote(this.#config.name)} (${columns.join(", ")})${where}`;
	}

	/**
	 * SQL with its values written into it; what it says comes from the schema, never from a request.
	 * Columns stand without their table: SQLite prohibits it in indexes and generated columns.
	 */
	#inline(expression: SQL): string {
		return this.#dialect.sqlToQuery(expression.inlineParams(), "indexes").sql;
	}

	#names(columns: readonly SQLiteColumn[]): string {
		return columns.map((column) => quote(columnName(column, this.#casing))).join(", ");
	}
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

function literal(value: SqlValue): string {
	if (value === null) return "null";
	if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
	if (value instanceof Uint8Array) {
		return `x'${toHex(value)}'`;
	}
	return String(value);
}

function quote(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}
