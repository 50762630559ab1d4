/** A query as the server reads it: relations that are read along with no query, `true`, have an empty one. */
export function plainQuery(query: object = {}): object {
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
