import { is } from "drizzle-orm";
import { SQLiteColumn, type getTableConfig } from "drizzle-orm/sqlite-core";

type TableConfig = ReturnType<typeof getTableConfig>;

/** The columns of the primary key. */
export function keyColumns(config: TableConfig): readonly SQLiteColumn[] {
	const [composite] = config.primaryKeys;
	return composite ? composite.columns : config.columns.filter((column) => column.primary);
}

/** The sets of columns whose values no two rows share, the primary key first. */
export function uniqueKeys(config: TableConfig): readonly (readonly SQLiteColumn[])[] {
	const indexes = config.indexes
		.filter(({ config: { unique, where, columns } }) => {
			// An index of expressions, or of some rows only, says nothing about its columns.
			return unique && where === undefined && columns.every((column) => is(column, SQLiteColumn));
		})
		.map(({ config: { columns } }) => columns as readonly SQLiteColumn[]);
	return [
		keyColumns(config),
		...config.columns.filter((column) => column.isUnique).map((column) => [column]),
		...config.uniqueConstraints.map(({ columns }) => columns),
		...indexes,
	];
}
