import type { ColumnShape, ForeignKeyShape, IndexShape, TableShape } from "./table-shape.ts";

/** In what a table of a database differs from that of the schema, and what it takes to change it. */
export interface TableDifference {
	readonly name: string;
	/** Undefined: the schema does not have it. */
	readonly wanted: TableShape | undefined;
	/** Undefined: the database does not have it. */
	readonly actual: TableShape | undefined;
	/** In words, one sentence each. */
	readonly problems: readonly string[];
	/** Columns that `alter table … add` can make. */
	readonly added: readonly ColumnShape[];
	/** Columns that the schema does not have. */
	readonly dropped: readonly ColumnShape[];
	readonly newIndexes: readonly IndexShape[];
	/** Indexes that the schema does not have. One that is not unique changes no answer. */
	readonly oldIndexes: readonly IndexShape[];
	/** Whether the table has to be made anew. */
	readonly rebuild: boolean;
}

/** Compares a table of a database with that of the schema. */
export function compareTable(wanted: TableShape, actual: TableShape): TableDifference {
	const [newIndexes, oldIndexes] = unequal(wanted.indexes, actual.indexes, indexText);
	const [newKeys, oldKeys] = unequal(wanted.foreignKeys, actual.foreignKeys, keyText);
	const [newChecks, oldChecks] = unequal(wanted.checks, actual.checks, (check) => check);
	const missing = valuesWithout(wanted.columns, actual.columns);
	const dropped = valuesWithout(actual.columns, wanted.columns);
	const added = missing.filter((column) => isAddable(column, wanted));
	const changes = changedColumns(wanted, actual);
	const ofAdded = (key: ForeignKeyShape): boolean =>
		added.some(({ name }) => key.columns.length === 1 && key.columns[0] === name.toLowerCase());
	const { name } = actual;
	const its = `The table ${name}`;
	const rebuild =
		changes.length > 0 ||
		added.length < missing.length ||
		newChecks.length + oldChecks.length + oldKeys.length > 0 ||
		!newKeys.every(ofAdded) ||
		oldIndexes.some((index) => index.name === undefined) ||
		dropped.some((column) => isUsed(column, actual));
	return {
		name,
		wanted,
		actual,
		added,
		dropped,
		newIndexes,
		oldIndexes,
		rebuild,
		problems: [
			...missing.map((column) => `${its} has no column ${column.name}.`),
			...dropped.map((column) => `${its} has a column ${column.name}, the schema has none.`),
			...changes,
			...newIndexes.map((index) => `${its} has no ${indexText(index)}.`),
			...oldIndexes
				.filter(({ unique }) => unique)
				.map((index) => `${its} has a ${indexText(index)}, the schema has none.`),
			...newKeys.map((key) => `${its} has no ${keyText(key)}.`),
			...oldKeys.map((key) => `${its} has a ${keyText(key)}, the schema has none.`),
			...newChecks.map((check) => `${its} has no check (${check}).`),
			...oldChecks.map((check) => `${its} has a check (${check}), the schema has none.`),
		],
	};
}

function changedColumns(wanted: TableShape, actual: TableShape): readonly string[] {
	const problems: string[] = [];
	for (const [key, column] of wanted.columns) {
		const found = actual.columns.get(key);
		if (found === undefined) continue;
		const its = `${actual.name}.${found.name}`;
		const differs = (what: "default" | "generated", text: string): void => {
			if (found[what] === column[what]) return;
			const [is, should] = [found[what] ?? "none", column[what] ?? "none"];
			problems.push(`The ${text} of ${its} is ${is}, the schema says ${should}.`);
		};
		if (found.type !== column.type) {
			const [is, should] = [found.type || "of no type", column.type || "no type"];
			problems.push(`${its} is ${is}, the schema says ${should}.`);
		}
		if (found.notNull !== column.notNull) {
			problems.push(`${its} ${found.notNull ? "may not" : "may"} be NULL, unlike in the schema.`);
		}
		differs("default", "default");
		differs("generated", "expression");
	}
	if (wanted.primaryKey.join() !== actual.primaryKey.join()) {
		const [is, should] = [actual, wanted].map(({ primaryKey }) => `(${primaryKey.join(", ")})`);
		problems.push(`The primary key of ${actual.name} is ${is}, the schema says ${should}.`);
	}
	if (wanted.autoIncrement !== actual.autoIncrement) {
		const has = actual.autoIncrement ? "has" : "has no";
		problems.push(`${actual.name} ${has} AUTOINCREMENT, unlike in the schema.`);
	}
	return problems;
}

/** What SQLite's `alter table … add` can do. */
function isAddable(column: ColumnShape, table: TableShape): boolean {
	const key = column.name.toLowerCase();
	const constant = /^(?:[-+] )?(?:\d\S*|x?'(?:[^']|'')*'|null)$/.test(column.default ?? "null");
	const refers = table.foreignKeys.some(({ columns }) => columns.includes(key));
	return (
		constant &&
		!(refers && column.default !== undefined) &&
		!(column.notNull && column.default === undefined) &&
		!table.primaryKey.includes(key) &&
		!(column.generated?.startsWith("stored") ?? false)
	);
}

/** Whether `alter table … drop column` would refuse it. */
function isUsed(column: ColumnShape, table: TableShape): boolean {
	const key = column.name.toLowerCase();
	const mentions = (text: string): boolean => text.split(" ").includes(key);
	return (
		column.generated !== undefined ||
		table.primaryKey.includes(key) ||
		table.foreignKeys.some(({ columns }) => columns.includes(key)) ||
		table.checks.some(mentions) ||
		[...table.columns.values()].some(
			({ generated }) => generated !== undefined && mentions(generated),
		)
	);
}

function valuesWithout<T>(
	all: ReadonlyMap<string, T>,
	others: ReadonlyMap<string, T>,
): readonly T[] {
	return [...all].filter(([key]) => !others.has(key)).map(([, value]) => value);
}

/** What only the one has, and what only the other. */
function unequal<T>(
	one: readonly T[],
	other: readonly T[],
	textOf: (value: T) => string,
): readonly [readonly T[], readonly T[]] {
	const [ones, others] = [new Set(one.map(textOf)), new Set(other.map(textOf))];
	return [
		one.filter((value) => !others.has(textOf(value))),
		other.filter((value) => !ones.has(textOf(value))),
	];
}

/** An index in words, its name left out. */
export function indexText({ unique, parts, where }: IndexShape): string {
	const condition = where === undefined ? "" : ` where ${where}`;
	return `${unique ? "unique " : ""}index on (${parts.join(", ")})${condition}`;
}

function keyText({ columns, table, targets, onUpdate, onDelete }: ForeignKeyShape): string {
	const to = targets.length === 0 ? "its primary key" : `(${targets.join(", ")})`;
	return `foreign key (${columns.join(", ")}) to ${table.toLowerCase()} ${to} on update ${onUpdate} on delete ${onDelete}`;
}
