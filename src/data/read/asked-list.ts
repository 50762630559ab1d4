import type { Statement } from "../database.ts";
import type { Query } from "../query/ast.ts";
import type { FindOptions } from "../query/find-options.ts";
import type { QueryPlans } from "../query/query-plans.ts";
import type { Entity } from "../schema/entity.ts";
import { filledOptions } from "./filled-options.ts";

/**
 * A list as it was asked for: its options, the query that was read of them, and what is made of both
 * once, however often the list is read.
 */
export class AskedList {
	readonly options: FindOptions;
	readonly query: Query;
	readonly #entity: Entity;
	#filled: FindOptions | undefined;
	#statement: Statement | undefined;

	constructor(entity: Entity, options: FindOptions, query: Query) {
		this.options = options;
		this.query = query;
		this.#entity = entity;
	}

	/** The options as listeners see them. */
	get filled(): FindOptions {
		return (this.#filled ??= filledOptions(this.#entity, this.options, this.query));
	}

	/** The statement of the query as it was asked. */
	statement(plans: QueryPlans): Statement {
		return (this.#statement ??= plans.find(this.query));
	}
}
