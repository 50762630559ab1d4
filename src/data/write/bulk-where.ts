import type { EventManager } from "../../events/event-manager.ts";
import { isPlainObject } from "../../kernel/json.ts";
import { chain, type Maybe } from "../../kernel/maybe.ts";
import { dataErrors } from "../errors.ts";
import { permitAll, type Permit } from "../permit.ts";
import type { Access, Condition } from "../query/ast.ts";
import { entitiesOf } from "../query/entities-of.ts";
import { QueryReader } from "../query/query-reader.ts";
import { RowFilters } from "../read/row-filters.ts";
import type { Entity } from "../schema/entity.ts";

/** Reads which rows of an entity a bulk write is about. */
export class BulkWhere {
	readonly #entity: Entity;
	readonly #filters: RowFilters;

	constructor(entity: Entity, events: EventManager) {
		this.#entity = entity;
		this.#filters = new RowFilters(events);
	}

	/**
	 * The rows that are meant; those that listeners hide of other entities play no part.
	 *
	 * @param permit Asked for every entity that the where reaches.
	 * @throws `where_required`: a where that holds for all rows or for none is a mistake; `bad_query`,
	 * what a listener or `permit` throws.
	 */
	read(
		where: unknown,
		access: Access,
		action: "update" | "delete",
		permit?: Permit,
	): Maybe<Condition> {
		const condition = this.#condition(where, access, action);
		if (permit === undefined) return this.#filters.condition(condition);
		return chain(permitAll(entitiesOf(condition), permit), () =>
			this.#filters.condition(condition),
		);
	}

	#condition(where: unknown, access: Access, action: string): Condition {
		const missing = where === undefined || where === null;
		if (missing || (isPlainObject(where) && Object.keys(where).length === 0)) {
			throw dataErrors.create("where_required", { action });
		}
		const condition = new QueryReader(this.#entity, access).readWhere(where);
		if (!condition || constant(condition) !== undefined) {
			throw dataErrors.create("where_required", { action });
		}
		return condition;
	}
}

/** Whether a condition holds for all rows, or for none, whatever is in them; undefined otherwise. */
function constant(condition: Condition): boolean | undefined {
	switch (condition.type) {
		case "and":
		case "or": {
			const decisive = condition.type === "or";
			const parts = condition.of.map(constant);
			if (parts.includes(decisive)) return decisive;
			return parts.includes(undefined) ? undefined : !decisive;
		}
		case "not": {
			const of = constant(condition.of);
			return of === undefined ? undefined : !of;
		}
		default:
			return undefined;
	}
}
