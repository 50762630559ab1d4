import { definedWhere } from "./defined-where.ts";

/**
 * A query as the server reads it: relations that are read along with no query, `true`, have an empty one.
 * @throws TypeError for a filter with an undefined test.
 */
export function plainQuery(query: object = {}): object {
	if ("where" in query) definedWhere(query.where);
	return "with" in query ? { ...query, with: plainWith(query.with) } : query;
}

function plainWith(relations: unknown): unknown {
	if (typeof relations !== "object" || relations === null || Array.isArray(relations)) {
		return relations;
	}
	const entries = Object.entries(relations as Readonly<Record<string, true | object | undefined>>);
	return Object.fromEntries(
		entries.map(([name, query]) => [name, query === true ? {} : query && plainQuery(query)]),
	);
}
