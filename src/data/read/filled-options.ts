import type { Entity } from "../schema/entity.ts";
import type { Query } from "../query/ast.ts";
import type { FindOptions } from "../query/find-options.ts";

/** The options of a query as listeners see them: defaults filled in, frozen. */
export function filledOptions(entity: Entity, options: FindOptions, query: Query): FindOptions {
	return Object.freeze({
		...options,
		sort: options.sort ?? entity.defaultSort ?? entity.key.map((field) => field.name),
		limit: query.limit,
		offset: query.offset,
	});
}

/** The options of a read by id as listeners see them. */
export function withId(entity: Entity, key: number | string, options: FindOptions): FindOptions {
	const name = entity.singleKey?.name as string;
	return Object.freeze({ ...options, where: { ...options.where, [name]: key } });
}
