import { mediaErrors } from "./errors.ts";

/** Characters of a name that a problem repeats. */
const MAX_ECHO = 200;

/** The error `file_not_found`, for a name that may be anything. */
export function fileNotFound(name: string): Error {
	return mediaErrors.create("file_not_found", { name: name.slice(0, MAX_ECHO) });
}
