import { quoteName as quote } from "../data/migrate/sql-tokens.ts";
import { CliError } from "./cli-error.ts";

/** A table, or a column of one, that has got another name. */
export interface Rename {
	/** The table, as it is called after all renames before this one. */
	readonly table: string;
	/** Undefined: the table itself. */
	readonly column?: string;
	readonly to: string;
}

/**
 * Reads `posts.title:headline,people:users`.
 * @throws CliError for anything else.
 */
export function parseRenames(text: string | undefined): readonly Rename[] {
	if (text === undefined) return [];
	return text.split(",").map((part) => {
		const [, table, column, owner, to] =
			/^\s*([^.:\s]+)(?:\.([^.:\s]+))?\s*:\s*(?:([^.:\s]+)\.)?([^.:\s]+)\s*$/.exec(part) ?? [];
		const known = owner === undefined || (column !== undefined && owner === table);
		if (table === undefined || to === undefined || !known) {
			throw new CliError(`--rename cannot be "${part.trim()}".`, {
				exit: "usage",
				hint: "Write: --rename posts.title:headline for a column, people:users for a table.",
			});
		}
		return column === undefined ? { table, to } : { table, column, to };
	});
}

/** The statement that renames it. */
export function renameSql({ table, column, to }: Rename): string {
	const what = column === undefined ? "rename to" : `rename column ${quote(column)} to`;
	return `alter table ${quote(table)} ${what} ${quote(to)}`;
}
