import type { Context } from "hono";
import { mediaErrors } from "../../media/errors.ts";

/** Characters of a name that a problem repeats. */
const MAX_ECHO = 200;

/**
 * The name in the path of a file that should be there.
 * @throws `file_not_found` for one that no column can hold, so that no file has it.
 */
export function askedName(context: Context): string {
	const name = context.req.param("name") ?? "";
	if (!name.includes("\0")) return name;
	throw fileNotFound(name);
}

/** The error for a name that no file has. */
export function fileNotFound(name: string): Error {
	return mediaErrors.create("file_not_found", { name: name.slice(0, MAX_ECHO) });
}
