import { SqlCursor } from "./sql-cursor.ts";
import { canonical, closing, splitAtCommas, sqlTokens, type SqlToken } from "./sql-tokens.ts";
import type { ColumnShape, ForeignKeyShape, IndexShape, TableShape } from "./table-shape.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is known of a table while its statement is read. */
interface Draft {
	readonly table: string;
	readonly sql: string;
	readonly columns: Map<string, Mutable<ColumnShape>>;
	primaryKey: readonly string[];
	readonly foreignKeys: ForeignKeyShape[];
	readonly checks: string[];
	readonly indexes: IndexShape[];
	autoIncrement: boolean;
}

const TABLE_CONSTRAINTS: ReadonlySet<string> = new Set([
	"constraint",
	"primary",
	"unique",
	"check",
	"foreign",
]);
/** What ends a column's type. */
const COLUMN_CONSTRAINTS: ReadonlySet<string> = new Set([
	"constraint",
	"primary",
	"not",
	"null",
	"unique",
	"check",
	"default",
	"collate",
	"references",
	"generated",
	"as",
]);

/**
 * Reads what a CREATE TABLE makes, written by whomever.
 *
 * @returns Undefined for a virtual table.
 */
export function parseTable(sql: string): TableShape | undefined {
	const tokens = sqlTokens(sql);
	const open = tokens.findIndex(({ text }) => text === "(");
	const name = tokens[open - 1];
	if (name === undefined || tokens[1]?.text === "virtual") return undefined;
	const draft: Draft = {
		table: name.text,
		sql,
		columns: new Map(),
		primaryKey: [],
		foreignKeys: [],
		checks: [],
		indexes: [],
		autoIncrement: false,
	};
	for (const part of splitAtCommas(tokens.slice(open + 1, closing(tokens, open)))) {
		const [first] = part;
		if (first?.kind === "word" && TABLE_CONSTRAINTS.has(first.text)) readConstraint(part, draft);
		else if (first !== undefined) readColumn(first, part, draft);
	}
	for (const key of draft.primaryKey) {
		const column = draft.columns.get(key);
		if (column !== undefined) column.notNull = true;
	}
	const { table: _, ...shape } = draft;
	return { ...shape, name: name.written, at: { start: name.start, end: name.end } };
}

function readColumn(name: SqlToken, part: readonly SqlToken[], draft: Draft): void {
	const cursor = new SqlCursor(part.slice(1));
	const type = cursor.takeUntil((token) => isKeyword(token, COLUMN_CONSTRAINTS));
	const last = part.at(-1) ?? name;
	const column: Mutable<ColumnShape> = {
		name: name.written,
		type: canonical(type).replace(/ \(.*/, ""),
		notNull: false,
		default: undefined,
		defaultSql: undefined,
		generated: undefined,
		source: draft.sql.slice(name.end, last.end).trim(),
	};
	draft.columns.set(name.text, column);
	while (!cursor.done) readColumnConstraint(cursor, { column, key: name.text, draft });
}

function readColumnConstraint(
	cursor: SqlCursor,
	{
		column,
		key,
		draft,
	}: { readonly column: Mutable<ColumnShape>; readonly key: string; readonly draft: Draft },
): void {
	const { table } = draft;
	if (cursor.take("primary")) draft.primaryKey = [key];
	else if (cursor.take("autoincrement")) draft.autoIncrement = true;
	else if (cursor.take("not")) column.notNull ||= cursor.take("null");
	else if (cursor.take("unique")) draft.indexes.push(uniqueOf([key]));
	else if (cursor.take("check")) draft.checks.push(canonical(cursor.group(), table));
	else if (cursor.take("default")) {
		const value = cursor.value();
		const text = canonical(value);
		if (text === "null") return;
		column.default = text;
		column.defaultSql = `(${draft.sql.slice(value[0]?.start, value.at(-1)?.end)})`;
	} else if (cursor.take("references")) draft.foreignKeys.push(readReference(cursor, [key]));
	else if (cursor.take("as")) {
		const expression = canonical(cursor.group(), table);
		column.generated = `${cursor.take("stored") ? "stored" : "virtual"} ${expression}`;
	} else cursor.next();
}

function readConstraint(part: readonly SqlToken[], draft: Draft): void {
	const cursor = new SqlCursor(part);
	if (cursor.take("constraint")) cursor.next();
	if (cursor.take("primary")) {
		cursor.take("key");
		draft.primaryKey = cursor.names();
		draft.autoIncrement ||= part.some((token) => token.text === "autoincrement");
	} else if (cursor.take("unique")) draft.indexes.push(uniqueOf(cursor.names()));
	else if (cursor.take("check")) draft.checks.push(canonical(cursor.group(), draft.table));
	else if (cursor.take("foreign")) {
		cursor.take("key");
		const columns = cursor.names();
		cursor.take("references");
		draft.foreignKeys.push(readReference(cursor, columns));
	}
}

function readReference(cursor: SqlCursor, columns: readonly string[]): ForeignKeyShape {
	const target = cursor.next();
	const targets = cursor.isAt("(") ? cursor.names() : [];
	const actions = { update: "no action", delete: "no action" };
	while (cursor.take("on")) {
		const event = cursor.next()?.text === "update" ? "update" : "delete";
		const action = cursor.next()?.text ?? "";
		actions[event] =
			action === "no" || action === "set" ? `${action} ${cursor.next()?.text ?? ""}` : action;
	}
	return {
		columns,
		table: target?.written ?? "",
		targets,
		onUpdate: actions.update,
		onDelete: actions.delete,
		at: { start: target?.start ?? 0, end: target?.end ?? 0 },
	};
}

function uniqueOf(parts: readonly string[]): IndexShape {
	return { name: undefined, unique: true, parts, where: undefined, sql: undefined };
}

function isKeyword({ kind, text }: SqlToken, words: ReadonlySet<string>): boolean {
	return kind === "word" && words.has(text);
}
