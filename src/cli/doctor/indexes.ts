import { is } from "drizzle-orm";
import { getTableConfig, SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { Entity } from "../../data/schema/entity.ts";
import { warning, type Check, type ConfigFacts } from "./check.ts";

type Columns = readonly SQLiteColumn[];

/** Whether rows are found by their foreign keys without looking at all of them. */
export const indexes: Check<ConfigFacts> = {
	name: "Indexes",
	run: ({ app }) =>
		app.em.entities.flatMap((entity) =>
			unindexed(entity).map((columns) => {
				const fields = namesOf(entity, columns);
				const name = `${entity.tableName}_${fields.join("_")}`;
				const on = fields.map((field) => `table.${field}`).join(", ");
				return warning(
					`${entity.name}.${fields.join(", ")} is a foreign key without an index: what refers to a row is slow to find.`,
					`Add to the table ${entity.name}: index("${name}").on(${on})`,
				);
			}),
		),
};

/** The foreign keys that no index, unique constraint or primary key begins with. */
function unindexed({ table }: Entity): readonly Columns[] {
	const config = getTableConfig(table);
	const covered: Columns[] = [
		...config.columns.filter((column) => column.primary || column.isUnique).map((one) => [one]),
		...config.primaryKeys.map(({ columns }) => columns),
		...config.uniqueConstraints.map(({ columns }) => columns),
		...config.indexes.map(({ config: index }) =>
			index.columns.filter((column) => is(column, SQLiteColumn)),
		),
	];
	return config.foreignKeys
		.map((foreignKey) => foreignKey.reference().columns)
		.filter((columns) => !covered.some((index) => beginsWith(index, columns)));
}

function beginsWith(index: Columns, columns: Columns): boolean {
	const begun = index.slice(0, columns.length);
	return columns.every((column) => begun.some((one) => one.name === column.name && one === column));
}

function namesOf({ fields }: Entity, columns: Columns): readonly string[] {
	return columns.flatMap((column) => fields.find((field) => field.column === column)?.name ?? []);
}
