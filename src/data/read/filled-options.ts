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
	const where = { ...options.where, [name]: key };
	// Most reads have no options, and an object of one shape is made at half the cost of a copy.
	return Object.freeze(isEmpty(options) ? { where } : { ...options, where });
}

/** Whether options say nothing. */
export function isEmpty(options: FindOptions): boolean {
	for (const key in options) if (options[key as keyof FindOptions] !== undefined) return false;
	return true;
}
