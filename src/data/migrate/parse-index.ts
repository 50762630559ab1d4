import { SqlCursor } from "./sql-cursor.ts";
import { canonical, splitAtCommas, sqlTokens } from "./sql-tokens.ts";
import type { IndexShape } from "./table-shape.ts";

/** Reads what a CREATE INDEX makes. */
export function parseIndex(sql: string): IndexShape & { readonly table: string } {
	const cursor = new SqlCursor(sqlTokens(sql));
	const head = cursor.takeUntil(({ kind, text }) => kind === "word" && text === "on");
	cursor.next();
	const table = cursor.next()?.text ?? "";
	const parts = splitAtCommas(cursor.group()).map((part) =>
		canonical(part, table).replace(/ asc$/, ""),
	);
	const where = cursor.take("where") ? canonical(cursor.rest, table) : undefined;
	const unique = head[1]?.text === "unique";
	return { name: head.at(-1)?.written, table, unique, parts, where, sql };
}
