import type { Statement } from "../database.ts";
import { createGuard } from "../write/guard.ts";
import { createRowIds } from "../write/row-reference.ts";

/** What the app remembers about its own database. */
export const META_TABLE = "burdock_meta";

/** The tables that Burdock needs beside those of the schema; making them twice does no harm. */
export const OWN_TABLES: readonly Statement[] = [
	createGuard,
	createRowIds,
	{
		sql: `create table if not exists ${META_TABLE} (
	key text primary key,
	value text not null
)`,
		params: [],
	},
];

/** Whether a table is Burdock's, not one of the schema. */
export function isOwnTable(name: string): boolean {
	return name.toLowerCase().startsWith("burdock_");
}
