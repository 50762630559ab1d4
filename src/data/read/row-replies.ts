import { stateOf } from "../../events/event.ts";
import type { EventManager } from "../../events/event-manager.ts";
import { chain, run, wait, type Maybe, type Steps } from "../../kernel/maybe.ts";
import type { Entity, Row } from "../schema/entity.ts";
import type { AskedList } from "./asked-list.ts";
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

	/** The rows of a list as listeners leave them. @throws What a listener throws. */
	list(rows: readonly Row[], entity: Entity, asked: AskedList): Maybe<readonly Row[]> {
		return this.#hears(entity) ? this.#reply(rows, entity, asked.filled, "find") : rows;
	}

	/** The rows of a relation as listeners leave them. @throws What a listener throws. */
	many(
		rows: readonly Row[],
		entity: Entity,
		options: FindOptions,
		query: Query,
		purpose: ReadPurpose,
	): Maybe<readonly Row[]> {
		if (!this.#hears(entity)) return rows;
		return this.#reply(rows, entity, filledOptions(entity, options, query), purpose);
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

	#reply(
		rows: readonly Row[],
		entity: Entity,
		options: FindOptions,
		purpose: ReadPurpose,
	): Maybe<readonly Row[]> {
		const event = new RepositoryFindManyAfter({ entity, options, data: rows as never });
		stateOf(event).meta = { purpose };
		return chain(this.#events.dispatch(event), (final) => final.params.data as readonly Row[]);
	}

	#hears({ name }: Entity): boolean {
		return this.#events.has(RepositoryFindManyAfter, name);
	}

	#hearsAny(query: Query): boolean {
		for (const entity of entitiesOfQuery(query)) {
			if (this.#hears(entity)) return true;
		}
		return false;
	}
}
