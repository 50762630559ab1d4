import { isAppError } from "../../kernel/error.ts";

/**
 * Why a row was refused, as a sentence; undefined when it is not the row's fault, but the
 * database's: then no other row can be stored either.
 */
export function rowReason(error: unknown): string | undefined {
	if (!isAppError(error)) return error instanceof Error ? error.message : String(error);
	if (error.kind === "unavailable" || error.code.startsWith("database_")) return undefined;
	if (error.errors === undefined || error.errors.length === 0) return error.message;
	const prefix = /^\[\d+\]\.?/;
	return error.errors
		.map(({ path, message }) => [path.replace(prefix, ""), message].filter(Boolean).join(": "))
		.join(" ");
}
