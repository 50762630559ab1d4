import type { Statement } from "../database.ts";

/** One statement, and the rows it writes in the order in which it returns them. */
export interface StatementPart<R> {
	readonly rows: readonly R[];
	readonly statement: Statement;
}

/**
 * Makes one statement of rows; where the engine could not hold what is packed of them all, one of each
 * half, and so on. What is too large of a single row is for the engine to refuse.
 */
export function inParts<R>(
	rows: readonly R[],
	make: (rows: readonly R[]) => Statement,
	fits: (statement: Statement) => boolean,
): readonly StatementPart<R>[] {
	const statement = make(rows);
	if (rows.length === 1 || fits(statement)) return [{ rows, statement }];
	const half = rows.length >> 1;
	return [...inParts(rows.slice(0, half), make, fits), ...inParts(rows.slice(half), make, fits)];
}
