import type { Context } from "hono";
import { fileNotFound } from "../../media/file-not-found.ts";

/**
 * The name in the path of a file that should be there.
 * @throws `file_not_found` for one that no column can hold, so that no file has it.
 */
export function askedName(context: Context): string {
	const name = context.req.param("name") ?? "";
	if (!name.includes("\0")) return name;
	throw fileNotFound(name);
}
