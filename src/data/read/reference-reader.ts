import type { EventManager } from "../../events/event-manager.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import { chain, run, wait, type Maybe, type Steps } from "../../kernel/maybe.ts";
import { stateOf } from "../../events/event.ts";
import type { Entity, Relation, Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import { shorten } from "../fault-list.ts";
import { withId } from "./filled-options.ts";
import { permitAll, type Permit } from "../permit.ts";
import type { Access, Condition, Query, With } from "../query/ast.ts";
import { entitiesOfQuery } from "../query/entities-of.ts";
import type { FindOptions } from "../query/find-options.ts";
import { openPage, pageOf } from "../query/page.ts";
import { QueryReader } from "../query/query-reader.ts";
import { hydrateJson, parseRows } from "../query/with-rows.ts";
import { RepositoryFindOneBefore } from "./read-events.ts";
import type { ReadResult } from "./read-result.ts";
import type { ReadEnvironment } from "./read-environment.ts";
import { RowFilters } from "./row-filters.ts";
import { RowReplies } from "./row-replies.ts";

/** Reads the rows that a relation leads to from one row, with their numbers, in one statement. */
export class ReferenceReader {
	readonly #environment: ReadEnvironment;
	readonly #events: EventManager;
	readonly #filters: RowFilters;
	readonly #replies: RowReplies;

	constructor(environment: ReadEnvironment) {
		this.#environment = environment;
		this.#events = environment.events;
		this.#filters = new RowFilters(environment.events);
		this.#replies = new RowReplies(environment.events);
	}

	/**
	 * A list of the related rows, of at most one for a relation to one.
	 * @throws `unknown_reference`, `bad_id`, `bad_query`, `bad_cursor`; `not_found` when there is no
	 * row with this id, or a listener of its find-one-before event hides it.
	 */
	find(
		id: unknown,
		name: string,
		options: FindOptions,
		access: Access,
		permit?: Permit,
	): Maybe<ReadResult<readonly Row[]>> {
		const { entity } = this.#environment;
		const relation = entity.relation(name);
		if (relation === undefined) throw unknownReference(entity, name);
		const key = entity.readId(id);
		const query = new QueryReader(relation.target, access).read(options);
		const part: With = {
			relation,
			options,
			query: bound(query, entity, key, name),
			via: undefined,
		};
		if (permit === undefined) return run(() => this.#find(key, part));
		return chain(permitAll(reached(part), permit), () => run(() => this.#find(key, part)));
	}

	*#find(key: number | string, asked: With): Steps<ReadResult<readonly Row[]>> {
		const { entity, plans, database } = this.#environment;
		const where = yield* this.#source(key);
		const part = yield* wait(this.#filters.reference(asked));
		const { query, options } = part;
		const opened = { ...part, query: openPage(query) };
		const counts = options.count ? [part] : [];
		const totals = options.total ? [yield* this.#total(part)] : [];
		const [answer] = yield* wait(
			database.all(
				plans.reference({
					key: entity.key[0]?.toSql(key) ?? null,
					where,
					rows: opened,
					counts: [...counts, ...totals],
				}),
			),
		);
		if (answer === undefined) {
			throw dataErrors.create("not_found", { entity: entity.name, id: shorten(String(key)) });
		}
		const found = parseRows(opened, answer[0] ?? null);
		const page = opened.query.page && pageOf({ ...opened.query, limit: query.limit }, found);
		const rows = (page?.rows ?? found).map((values) => hydrateJson(opened.query, values));
		yield* wait(this.#replies.related(query, rows));
		const { target } = part.relation;
		const data = yield* wait(this.#replies.many(rows, target, options, query, "reference"));
		const numbers = {
			...(options.count ? { count: Number(answer[1]) } : {}),
			...(options.total ? { total: Number(answer.at(-1)) } : {}),
		};
		const { limit, offset } = query;
		return { data, meta: { items: data.length, limit, offset, ...page?.meta, ...numbers } };
	}

	/** What a listener says of the row itself; it is not read, but hidden it leads to nothing. */
	*#source(key: number | string): Steps<Condition | undefined> {
		const { entity } = this.#environment;
		if (!this.#events.has(RepositoryFindOneBefore, entity.name)) return undefined;
		const event = new RepositoryFindOneBefore({ entity, options: withId(entity, key, {}) });
		stateOf(event).meta = { purpose: "reference" };
		const final = yield* wait(this.#events.dispatch(event));
		if (!final.returned) return undefined;
		const condition = new QueryReader(entity, "reply").readFilter(final.params.options);
		return yield* wait(this.#filters.condition(condition));
	}

	/** All rows of the relation, but for those that a listener's filter hides. */
	*#total({ relation, via }: With): Steps<With> {
		const { target } = relation;
		const all = new QueryReader(target, "trusted").read({});
		const reply = yield* wait(this.#filters.ask(target, Object.freeze({}), "count"));
		const condition = reply && new QueryReader(target, "reply").readFilter(reply);
		const where = yield* wait(this.#filters.condition(condition));
		return { relation, options: {}, query: { ...all, where }, via };
	}
}

/** A cursor belongs to the row whose relation is walked. */
function bound(query: Query, { name }: Entity, key: number | string, relation: string): Query {
	const { page } = query;
	if (page === undefined) return query;
	return {
		...query,
		page: { ...page, binding: JSON.stringify([name, key, relation, page.binding]) },
	};
}

function reached({ relation, query }: With): ReadonlySet<Entity> {
	const { target, through } = relation as Relation;
	return new Set([target, ...(through ? [through.entity] : []), ...entitiesOfQuery(query)]);
}

function unknownReference(entity: Entity, name: string): Error {
	const hint = didYouMean(name, entity.relations.keys());
	return dataErrors.create(
		"unknown_reference",
		{ entity: entity.name, reference: shorten(name) },
		hint ? { details: { hint: hint.trim() } } : {},
	);
}
