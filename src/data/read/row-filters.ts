import { stateOf } from "../../events/event.ts";
import type { EventManager } from "../../events/event-manager.ts";
import { chain, run, wait, type Maybe, type Steps } from "../../kernel/maybe.ts";
import type { Entity, Relation } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import { filledOptions } from "./filled-options.ts";
import type { Comparison, Condition, Join, Query, Related, With } from "../query/ast.ts";
import { entitiesOf, entitiesOfQuery } from "../query/entities-of.ts";
import type { FindOptions } from "../query/find-options.ts";
import { QueryReader } from "../query/query-reader.ts";
import { RepositoryFindManyBefore } from "./read-events.ts";

/** Why the rows of an entity are about to be read: `context.meta.purpose`. */
export type ReadPurpose = "find" | "count" | "exists" | "with" | "filter" | "join" | "reference";

/** Listeners may add relations to relations; a circle of them has to end somewhere. */
const MAX_DEPTH = 20;
const NO_OPTIONS: FindOptions = Object.freeze({});
const NO_CIRCLE: readonly Relation[] = Object.freeze([]);

/**
 * Emits the before-events of the entities that a query reaches through relations, and adds what the
 * listeners reply: a filter that hides rows of an entity hides them wherever they would be looked at.
 *
 * A filter that leads back to its own relation is not applied there once more.
 */
export class RowFilters {
	readonly #events: EventManager;

	constructor(events: EventManager) {
		this.#events = events;
	}

	/** A query with the filters of all entities that it reaches. @throws What a listener throws. */
	query(query: Query): Maybe<Query> {
		if (!query.related || !this.#hearsAny(entitiesOfQuery(query))) return query;
		return run(() => this.#walk().query(query, 0));
	}

	/** A condition with the filters of all entities that it reaches. @throws What a listener throws. */
	condition<C extends Condition | undefined>(condition: C): Maybe<C> {
		if (condition === undefined || !this.#hearsAny(entitiesOf(condition))) return condition;
		return run(() => this.#walk().condition(condition, NO_CIRCLE)) as Maybe<C>;
	}

	/** The rows of one relation, as a listener's reply has them. @throws What a listener throws. */
	reference(part: With): Maybe<With> {
		const { target, through } = part.relation;
		const direct = new Set(through ? [target, through.entity] : [target]);
		if (!this.#hearsAny(direct) && !this.#hearsAny(entitiesOfQuery(part.query))) return part;
		return run(() => this.#walk().part(part, "reference", 0));
	}

	/** Whether anybody listens before rows of this entity are read. */
	hears({ name }: Entity): boolean {
		return this.#events.has(RepositoryFindManyBefore, name);
	}

	/** Emits the before-event of an entity; answers a listener's options, undefined when none replied. */
	ask(entity: Entity, options: FindOptions, purpose: ReadPurpose): Maybe<FindOptions | undefined> {
		if (!this.hears(entity)) return undefined;
		const event = new RepositoryFindManyBefore({ entity, options });
		stateOf(event).meta = { purpose };
		return chain(this.#events.dispatch(event), repliedOptions);
	}

	/** Reads the options that a listener replied. */
	readerOf(entity: Entity): QueryReader {
		return new QueryReader(entity, "reply");
	}

	#hearsAny(entities: ReadonlySet<Entity>): boolean {
		for (const entity of entities) {
			if (this.hears(entity)) return true;
		}
		return false;
	}

	#walk(): FilterWalk {
		return new FilterWalk(this);
	}
}

function repliedOptions({ returned, params }: RepositoryFindManyBefore): FindOptions | undefined {
	return returned ? params.options : undefined;
}

/** The filters of one query: each relation's listeners are asked once for each purpose. */
class FilterWalk {
	readonly #filters: RowFilters;
	readonly #replies = new Map<string, Map<object, Condition | undefined>>();

	constructor(filters: RowFilters) {
		this.#filters = filters;
	}

	*query(query: Query, depth: number): Steps<Query> {
		const where = query.where && (yield* this.condition(query.where, NO_CIRCLE));
		const parts: With[] = [];
		for (const part of query.with) parts.push(yield* this.part(part, "with", depth + 1));
		return { ...query, where, with: parts };
	}

	*part(part: With, purpose: ReadPurpose, depth: number): Steps<With> {
		if (depth > MAX_DEPTH) {
			const summary = `listeners make relations nest over ${MAX_DEPTH} deep`;
			throw dataErrors.create("bad_reply", { summary });
		}
		const { relation } = part;
		const { target } = relation;
		const asked = filledOptions(target, part.options, part.query);
		const reply = yield* wait(this.#filters.ask(target, asked, purpose));
		const read = reply ? this.#filters.readerOf(target).read(reply) : part.query;
		// The page is the caller's own, whatever a listener says.
		const query = yield* this.query({ ...read, page: part.query.page }, depth);
		return {
			relation,
			options: reply ?? part.options,
			query,
			via: yield* this.#via(relation, NO_CIRCLE),
		};
	}

	*condition(condition: Condition, within: readonly Relation[]): Steps<Condition> {
		switch (condition.type) {
			case "and":
			case "or": {
				const of: Condition[] = [];
				for (const part of condition.of) of.push(yield* this.condition(part, within));
				return { type: condition.type, of };
			}
			case "not":
				return { type: "not", of: yield* this.condition(condition.of, within) };
			case "related":
			case "joined":
				return yield* this.#test(condition, within);
			case "exists": {
				const joins: Join[] = [];
				for (const join of condition.joins) joins.push(yield* this.#join(join, within));
				return { ...condition, joins, of: yield* this.condition(condition.of, within) };
			}
			default:
				return condition;
		}
	}

	*#test<C extends Condition & { readonly of: Comparison | Related }>(
		condition: C,
		within: readonly Relation[],
	): Steps<C> {
		const of = (yield* this.condition(condition.of, within)) as Comparison | Related;
		if (condition.type !== "related") return { ...condition, of };
		return { ...condition, filter: yield* this.#filter(condition.relation, "filter", within), of };
	}

	*#join({ relation }: Join, within: readonly Relation[]): Steps<Join> {
		const filter = yield* this.#filter(relation, "join", within);
		return { relation, filter, via: yield* this.#via(relation, within) };
	}

	*#filter(
		relation: Relation,
		purpose: ReadPurpose,
		within: readonly Relation[],
	): Steps<Condition | undefined> {
		if (within.includes(relation)) return undefined;
		const reply = yield* this.#reply(relation, relation.target, purpose);
		return reply && (yield* this.condition(reply, [...within, relation]));
	}

	*#via(relation: Relation, within: readonly Relation[]): Steps<Condition | undefined> {
		const { through } = relation;
		if (through === undefined || within.includes(relation)) return undefined;
		const reply = yield* this.#reply(through, through.entity, "join");
		return reply && (yield* this.condition(reply, [...within, relation]));
	}

	/** What the listeners of an entity reply for a relation, asked once. */
	*#reply(key: object, entity: Entity, purpose: ReadPurpose): Steps<Condition | undefined> {
		const known = this.#replies.get(purpose) ?? new Map<object, Condition | undefined>();
		this.#replies.set(purpose, known);
		if (known.has(key)) return known.get(key);
		const reply = yield* wait(this.#filters.ask(entity, NO_OPTIONS, purpose));
		const condition = reply && this.#filters.readerOf(entity).readFilter(reply);
		known.set(key, condition);
		return condition;
	}
}
