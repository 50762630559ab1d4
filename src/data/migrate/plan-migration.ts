import type { SchemaDifference } from "./schema-difference.ts";
import { sqlTokens, quoteName as quote } from "./sql-tokens.ts";
import { indexText, type TableDifference } from "./table-difference.ts";
import type { ColumnShape, TableShape, TableShapes } from "./table-shape.ts";

/** What changes a database, and what somebody should know before. */
export interface MigrationPlan {
	/** In order; they may all run in one transaction, with foreign keys enforced. */
	readonly statements: readonly string[];
	/** In words, one sentence each. */
	readonly warnings: readonly string[];
}

/**
 * Plans the statements that make the tables of a database those of the schema.
 *
 * A table that SQLite cannot alter is made anew, together with all tables that refer to it: dropping
 * one with rows that others refer to would delete those, or set them to NULL, because D1 and every
 * transaction enforce foreign keys. So all of them are copied, dropped with the referring ones first,
 * and renamed.
 *
 * @param made The statements that the database was made with, for its triggers and views.
 */
export function planMigration(
	difference: SchemaDifference,
	made: readonly string[] = [],
): MigrationPlan {
	const group = new RebuildGroup(difference);
	const statements: string[] = [];
	const others = difference.tables.filter(({ name }) => !group.has(name));
	for (const { oldIndexes } of others) {
		for (const { name = "" } of oldIndexes) statements.push(`drop index ${quote(name)}`);
	}
	const { views, triggers } = group.dependents(made);
	statements.push(...views.map(({ name }) => `drop view ${quote(name)}`), ...group.statements());
	for (const change of referredFirst(others, difference)) statements.push(...alterations(change));
	statements.push(...views.map(({ sql }) => sql), ...triggers);
	return { statements, warnings: difference.tables.flatMap(warningsOf) };
}

/**
 * New tables come after those that they refer to, though SQLite does not mind: an export of D1 has
 * them in this order, and its rows can only be stored where what they refer to is there.
 */
function referredFirst(
	changes: readonly TableDifference[],
	{ wanted }: SchemaDifference,
): readonly TableDifference[] {
	const added = changes.filter(({ actual }) => actual === undefined);
	const names = new Set(added.map(({ name }) => name.toLowerCase()));
	const order = referringFirst(names, wanted).map(({ name }) => name);
	const place = ({ name }: TableDifference): number =>
		order.includes(name) ? order.indexOf(name) : order.length;
	return changes.toSorted((one, other) => place(other) - place(one));
}

/** The changes of a table that is not made anew. */
function alterations({ name, wanted, actual, ...change }: TableDifference): readonly string[] {
	if (wanted === undefined) return [];
	if (actual === undefined) return [wanted.sql, ...indexesOf(wanted)];
	const on = `alter table ${quote(name)}`;
	return [
		...change.added.map(
			(column) => `${on} add ${quote(column.name)} ${column.source}${referenceOf(column, wanted)}`,
		),
		...change.dropped.map((column) => `${on} drop column ${quote(column.name)}`),
		...change.newIndexes.flatMap(({ sql = "" }) => sql),
	];
}

function referenceOf({ name }: ColumnShape, table: TableShape): string {
	const key = table.foreignKeys.find(({ columns }) => columns.join() === name.toLowerCase());
	if (key === undefined) return "";
	const targets = key.targets.map(quote).join(", ");
	return ` references ${quote(key.table)} (${targets}) on update ${key.onUpdate} on delete ${key.onDelete}`;
}

function indexesOf({ indexes }: TableShape): readonly string[] {
	return indexes.flatMap(({ sql }) => sql ?? []);
}

function warningsOf({ name, wanted, actual }: TableDifference): readonly string[] {
	if (wanted === undefined || actual === undefined) return [];
	const warnings: string[] = [];
	for (const [key, column] of wanted.columns) {
		if (!column.notNull || column.default !== undefined || column.generated !== undefined) continue;
		const found = actual.columns.get(key);
		const its = `${name}.${column.name} needs a value and has no default`;
		if (found === undefined) warnings.push(`${its}: this fails while ${name} has rows.`);
		else if (!found.notNull) warnings.push(`${its}: this fails while a row has none.`);
	}
	return warnings;
}

/** The tables that have to be made anew or dropped, and new ones that they may refer to. */
class RebuildGroup {
	readonly #names = new Set<string>();
	readonly #changes = new Map<string, TableDifference>();
	readonly #wanted: TableShapes;
	readonly #actual: TableShapes;

	constructor({ tables, wanted, actual }: SchemaDifference) {
		const all = new Map([...actual, ...wanted]);
		this.#wanted = all;
		this.#actual = actual;
		const rebuilds = tables.some(({ rebuild }) => rebuild);
		for (const change of tables) {
			const key = change.name.toLowerCase();
			this.#changes.set(key, change);
			if (change.wanted === undefined) all.delete(key);
			const isNew = change.actual === undefined;
			if (change.rebuild || change.wanted === undefined || (rebuilds && isNew))
				this.#names.add(key);
		}
		this.#addReferring();
	}

	has(name: string): boolean {
		return this.#names.has(name.toLowerCase());
	}

	/** Whatever refers to a table of the group belongs to it, and so on. */
	#addReferring(): void {
		for (const name of this.#names) {
			for (const [other, { foreignKeys }] of this.#actual) {
				if (foreignKeys.some(({ table }) => table.toLowerCase() === name)) this.#names.add(other);
			}
		}
	}

	statements(): readonly string[] {
		if (this.#names.size === 0) return [];
		const made = referringFirst(this.#names, this.#wanted).toReversed();
		const old = referringFirst(this.#names, this.#actual);
		return [
			"PRAGMA defer_foreign_keys = on",
			...made.map((table) => this.#create(table)),
			...made.flatMap((table) => this.#copy(table)),
			...dropAll(old),
			...made.map(({ name }) => `alter table ${quote(`__new_${name}`)} rename to ${quote(name)}`),
			...made.flatMap((table) => [...indexesOf(table), ...this.#keptIndexes(table)]),
		];
	}

	/** Indexes that somebody else made. */
	#keptIndexes({ name, indexes }: TableShape): readonly string[] {
		const key = name.toLowerCase();
		const gone = this.#changes.get(key)?.oldIndexes ?? [];
		const known = new Set([...indexes, ...gone].map(indexText));
		const old = this.#actual.get(key)?.indexes ?? [];
		return old.flatMap((index) => (known.has(indexText(index)) ? [] : (index.sql ?? [])));
	}

	/** The table's own statement, its name and those of others of the group with `__new_` before. */
	#create(table: TableShape): string {
		const places = [
			{ ...table.at, name: table.name },
			...table.foreignKeys
				.filter((key) => this.has(key.table))
				.map((key) => ({
					...key.at,
					name: this.#wanted.get(key.table.toLowerCase())?.name ?? key.table,
				})),
		];
		return places
			.toSorted((one, other) => other.start - one.start)
			.reduce(
				(sql, { start, end, name }) =>
					sql.slice(0, start) + quote(`__new_${name}`) + sql.slice(end),
				table.sql,
			);
	}

	#copy(table: TableShape): readonly string[] {
		const old = this.#actual.get(table.name.toLowerCase());
		if (old === undefined) return [];
		const made = `__new_${table.name}`;
		const copied = [...table.columns].filter(
			([key, column]) => column.generated === undefined && old.columns.has(key),
		);
		const names = copied.map(([, column]) => quote(column.name)).join(", ");
		const values = copied.map(([key, column]) => {
			const fills = column.notNull && old.columns.get(key)?.notNull !== true;
			const { defaultSql } = column;
			const name = quote(column.name);
			return fills && defaultSql !== undefined ? `coalesce(${name}, ${defaultSql})` : name;
		});
		const copy = `insert into ${quote(made)} (${names}) select ${values.join(", ")} from ${quote(old.name)}`;
		if (copied.length === 0) return [];
		return table.autoIncrement && old.autoIncrement ? [copy, ...counter(made, old.name)] : [copy];
	}

	/** What of the database's own would break, or go, when the tables go. */
	dependents(made: readonly string[]): {
		readonly views: readonly { readonly name: string; readonly sql: string }[];
		readonly triggers: readonly string[];
	} {
		const views: { readonly name: string; readonly sql: string }[] = [];
		const triggers: string[] = [];
		for (const sql of made) {
			if (!/^\s*create\s+(?:view|trigger)\b/i.test(sql)) continue;
			const tokens = sqlTokens(sql);
			if (!tokens.some(({ text }) => this.#names.has(text))) continue;
			if (tokens[1]?.text === "view") views.push({ name: tokens[2]?.written ?? "", sql });
			else triggers.push(sql);
		}
		return { views, triggers };
	}
}

/**
 * Drops tables, those that refer to others first. In a circle one goes too early: an empty table takes
 * its place until all are gone, because SQLite follows every reference of what it drops.
 */
function dropAll(tables: readonly TableShape[]): readonly string[] {
	const places: string[] = [];
	const drops = tables.flatMap(({ name }, index) => {
		const drop = `drop table ${quote(name)}`;
		const keys = tables
			.slice(index + 1)
			.flatMap(({ foreignKeys }) => foreignKeys)
			.filter((key) => key.table.toLowerCase() === name.toLowerCase());
		if (keys.length === 0) return [drop];
		places.push(drop);
		const lists = new Set(keys.map(({ targets }) => targets.map(quote).join(", ")));
		const columns = new Set(keys.flatMap(({ targets }) => targets.map(quote)));
		const parts = [...columns, ...Array.from(lists, (list) => `unique (${list})`)];
		return [drop, `create table ${quote(name)} (${parts.join(", ")})`];
	});
	return [...drops, ...places];
}

/** An id that was given once is not given again, although its row is gone. */
function counter(made: string, old: string): readonly string[] {
	const [to, from] = [made, old].map((name) => `'${name.replaceAll("'", "''")}'`);
	return [
		`delete from sqlite_sequence where name = ${to}`,
		`insert into sqlite_sequence (name, seq) select ${to}, seq from sqlite_sequence where name = ${from}`,
	];
}

/** The tables of these names, each after all that refer to it, as far as that is possible. */
function referringFirst(names: ReadonlySet<string>, tables: TableShapes): readonly TableShape[] {
	const ordered = new Set<TableShape>();
	const entered = new Set<string>();
	const visit = (name: string): void => {
		const table = tables.get(name);
		if (table === undefined || entered.has(name)) return;
		entered.add(name);
		for (const other of names) {
			const refers = tables.get(other)?.foreignKeys.some((key) => key.table.toLowerCase() === name);
			if (refers === true) visit(other);
		}
		ordered.add(table);
	};
	for (const name of names) visit(name);
	return [...ordered];
}
