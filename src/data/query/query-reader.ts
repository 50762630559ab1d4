import type { Entity } from "../schema/entity.ts";
import type { Access, Condition, Query } from "./ast.ts";
import type { FindOptions, Where } from "./find-options.ts";
import { OptionsWalk } from "./options-walk.ts";
import { QueryReading } from "./query-reading.ts";

/** Reads queries of one entity, and gathers all their faults before it complains. */
export class QueryReader {
	readonly #reading: QueryReading;
	readonly #walk: OptionsWalk;

	constructor(entity: Entity, access: Access) {
		this.#reading = new QueryReading(access);
		this.#walk = new OptionsWalk(entity, this.#reading);
	}

	/**
	 * Reads a whole query.
	 * @throws `bad_query` with every fault and its path.
	 */
	read(options: FindOptions): Query {
		const query = this.#walk.read(options);
		this.#reading.faults.complain();
		return query;
	}

	/**
	 * Reads a filter alone.
	 * @throws `bad_query` with every fault and its path.
	 */
	readWhere(where: unknown): Condition | undefined {
		return this.readFilter({ where: where as Where });
	}

	/**
	 * Reads what a query says about which rows there are: its `where` and `join`.
	 * @throws `bad_query` with every fault and its path.
	 */
	readFilter(options: Pick<FindOptions, "where" | "join">): Condition | undefined {
		const condition = this.#walk.filter(options);
		this.#reading.faults.complain();
		return condition;
	}
}
