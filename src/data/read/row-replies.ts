import { stateOf } from "../../events/event.ts";
import type { EventManager } from "../../events/event-manager.ts";
import { chain, run, wait, type Maybe, type Steps } from "../../kernel/maybe.ts";
import type { Entity, Row } from "../schema/entity.ts";
import { filledOptions } from "./filled-options.ts";
import type { Query, With } from "../query/ast.ts";
import { entitiesOfQuery } from "../query/entities-of.ts";
import type { FindOptions } from "../query/find-options.ts";
import { RepositoryFindManyAfter } from "./read-events.ts";
import type { ReadPurpose } from "./row-filters.ts";

/** Emits the after-events of rows and of the rows related to them, which listeners may replace. */
export class RowReplies {
	readonly #events: EventManager;

	constructor(events: EventManager) {
		this.#events = events;
	}

	/** The rows of a query as listeners leave them. @throws What a listener throws. */
	many(
		rows: readonly Row[],
		entity: Entity,
		options: FindOptions,
		query: Query,
		purpose: ReadPurpose,
	): Maybe<readonly Row[]> {
		if (!this.#events.has(RepositoryFindManyAfter, entity.name)) return rows;
		const params = { entity, options: filledOptions(entity, options, query), data: rows as never };
		const event = new RepositoryFindManyAfter(params);
		stateOf(event).meta = { purpose };
		return chain(this.#events.dispatch(event), (final) => final.params.data as readonly Row[]);
	}

	/**
	 * Puts into rows what listeners leave of their relations, the innermost first: one event for each
	 * row and relation. @throws What a listener throws.
	 */
	related(query: Query, rows: readonly Row[]): Maybe<void> {
		if (query.with.length === 0 || !this.#hearsAny(query)) return;
		return run(() => this.#related(query, rows));
	}

	*#related(query: Query, rows: readonly Row[]): Steps<void> {
		for (const part of query.with) {
			for (const row of rows) yield* this.#part(part, row);
		}
	}

	*#part({ relation, options, query }: With, row: Row): Steps<void> {
		const { name, cardinality, target: entity } = relation;
		const value = row[name];
		const rows = (cardinality === "many" ? value : value === null ? [] : [value]) as readonly Row[];
		yield* this.#related(query, rows);
		const data = yield* wait(this.many(rows, entity, options, query, "with"));
		row[name] = cardinality === "many" ? data : (data[0] ?? null);
	}

	#hearsAny(query: Query): boolean {
		for (const { name } of entitiesOfQuery(query)) {
			if (this.#events.has(RepositoryFindManyAfter, name)) return true;
		}
		return false;
	}
}
