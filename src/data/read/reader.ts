import type { EventManager } from "../../events/event-manager.ts";
import { chain, run, wait, type Maybe, type Steps } from "../../kernel/maybe.ts";
import type { Database } from "../database.ts";
import { hydrate, type Entity, type Row } from "../schema/entity.ts";
import { permitAll, type Permit } from "../permit.ts";
import { AskedList } from "./asked-list.ts";
import { AskedRow } from "./asked-row.ts";
import { isEmpty } from "./filled-options.ts";
import type { Access, Condition, Query } from "../query/ast.ts";
import { openPage, pageOf } from "../query/page.ts";
import { entitiesOfQuery } from "../query/entities-of.ts";
import type { FindOptions, Where } from "../query/find-options.ts";
import { QueryReader } from "../query/query-reader.ts";
import type { QueryPlans } from "../query/query-plans.ts";
import { hydrateQuery, resultRows } from "../query/with-rows.ts";
import { RepositoryFindOneAfter, RepositoryFindOneBefore } from "./read-events.ts";
import type { ReadEnvironment } from "./read-environment.ts";
import type { ReadMeta, ReadResult } from "./read-result.ts";
import { ReferenceReader } from "./reference-reader.ts";
import { RowCounts } from "./row-counts.ts";
import { RowFilters } from "./row-filters.ts";
import { RowReplies } from "./row-replies.ts";

const ONE: ReadMeta = Object.freeze({ items: 1 });
const NONE: ReadMeta = Object.freeze({ items: 0 });

/**
 * The reads of one entity, for callers that stay synchronous where they can; see
 * {@link Repository} for what they do.
 */
export class Reader {
	readonly #entity: Entity;
	readonly #plans: QueryPlans;
	readonly #database: Database;
	readonly #events: EventManager;
	readonly #filters: RowFilters;
	readonly #replies: RowReplies;
	readonly #references: ReferenceReader;
	readonly #counts: RowCounts;

	constructor(environment: ReadEnvironment) {
		const { entity, plans, database, events } = environment;
		this.#entity = entity;
		this.#plans = plans;
		this.#database = database;
		this.#events = events;
		this.#filters = new RowFilters(events);
		this.#replies = new RowReplies(events);
		this.#references = new ReferenceReader(environment);
		this.#counts = new RowCounts(environment);
	}

	/** The rows that a relation leads to from one row; see {@link ReferenceReader.find}. */
	get references(): ReferenceReader {
		return this.#references;
	}

	findOne(
		id: unknown,
		options: FindOptions,
		access: Access,
		permit?: Permit,
	): Maybe<ReadResult<Row | undefined>> {
		const key = this.#entity.readId(id);
		const asked = new AskedRow(this.#entity, key, options);
		const query = isEmpty(options) ? undefined : this.#oneQuery(key, options, access);
		if (query === undefined || !query.related || permit === undefined) {
			return this.#findOne(asked, query);
		}
		return chain(permitAll(entitiesOfQuery(query), permit), () => this.#findOne(asked, query));
	}

	findMany(
		options: FindOptions,
		access: Access,
		permit?: Permit,
	): Maybe<ReadResult<readonly Row[]>> {
		return this.list(this.ask(options, access), permit);
	}

	/** Reads what a list is asked for, for {@link list}. @throws `bad_query`. */
	ask(options: FindOptions, access: Access): AskedList {
		return new AskedList(this.#entity, options, this.#read(options, access));
	}

	/** The rows of a list; the same one may be read any number of times. */
	list(asked: AskedList, permit?: Permit): Maybe<ReadResult<readonly Row[]>> {
		const { query } = asked;
		if (!query.related || permit === undefined) return this.#findMany(asked);
		return chain(permitAll(entitiesOfQuery(query), permit), () => this.#findMany(asked));
	}

	count(where: Where | undefined, access: Access, permit?: Permit): Maybe<number> {
		return this.#counts.of("count", where, access, permit);
	}

	exists(where: Where | undefined, access: Access, permit?: Permit): Maybe<boolean> {
		return chain(this.#counts.of("exists", where, access, permit), (value) => value === 1);
	}

	#findOne(asked: AskedRow, query: Query | undefined): Maybe<ReadResult<Row | undefined>> {
		const entity = this.#entity;
		if (!this.#events.has(RepositoryFindOneBefore, entity.name)) return this.#loadOne(asked, query);
		const event = new RepositoryFindOneBefore({ entity, options: asked.filled });
		return chain(this.#events.dispatch(event), (final) => {
			if (!final.returned) return this.#loadOne(asked, query);
			const { key } = asked;
			const { options } = final.params;
			const replied = new AskedRow(entity, key, options);
			return this.#loadOne(replied, this.#oneQuery(key, options, "reply"));
		});
	}

	/** Reads the row with this id; without a query, by the one plan that was made beforehand. */
	#loadOne(asked: AskedRow, query: Query | undefined): Maybe<ReadResult<Row | undefined>> {
		if (query === undefined) {
			return chain(this.#database.all(this.#plans.byId(asked.key)), ([values]) =>
				this.#afterOne(values && hydrate(this.#entity.visible, values), asked),
			);
		}
		return chain(this.#filters.query(query), (filtered) => {
			const statement = { ...this.#plans.find(filtered), first: true as const };
			return chain(this.#database.all(statement), (found) => {
				const rows = hydrateQuery(filtered, resultRows(filtered, found));
				return chain(this.#replies.related(filtered, rows), () => this.#afterOne(rows[0], asked));
			});
		});
	}

	#oneQuery(key: number | string, options: FindOptions, access: Access): Query {
		const query = this.#read(options, access);
		const field = this.#entity.key[0] as Query["select"][number];
		const isKey: Condition = { type: "binary", field, operator: "eq", value: field.toSql(key) };
		const where: Condition = query.where ? { type: "and", of: [isKey, query.where] } : isKey;
		return { ...query, where, limit: 1, offset: 0, page: undefined };
	}

	#afterOne(row: Row | undefined, asked: AskedRow): Maybe<ReadResult<Row | undefined>> {
		const entity = this.#entity;
		if (!this.#events.has(RepositoryFindOneAfter, entity.name)) return one(row);
		const params = { entity, options: asked.filled, data: row };
		return chain(this.#events.dispatch(new RepositoryFindOneAfter(params)), (final) =>
			one(final.params.data as Row | undefined),
		);
	}

	#findMany(asked: AskedList): Maybe<ReadResult<readonly Row[]>> {
		const entity = this.#entity;
		if (!this.#filters.hears(entity)) return this.#filterMany(asked);
		return chain(this.#filters.ask(entity, asked.filled, "find"), (reply) => {
			if (reply === undefined) return this.#filterMany(asked);
			const replied = this.#read(reply, "reply");
			// A walk by cursor stays the caller's, whatever filter a listener adds on this page.
			const page = asked.query.page ?? replied.page;
			return this.#filterMany(new AskedList(entity, reply, { ...replied, page }));
		});
	}

	#filterMany(asked: AskedList): Maybe<ReadResult<readonly Row[]>> {
		const { query } = asked;
		if (!query.related && query.page === undefined) {
			return chain(this.#database.all(asked.statement(this.#plans)), (found) =>
				this.#afterMany(hydrateQuery(query, found), asked, query),
			);
		}
		return chain(this.#filters.query(query), (filtered) => this.#loadMany(asked, filtered));
	}

	/** @param query What was asked, with the filters of listeners. */
	#loadMany(asked: AskedList, query: Query): Maybe<ReadResult<readonly Row[]>> {
		const opened = openPage(query);
		return chain(this.#database.all(this.#plans.find(opened)), (answer) => {
			const found = resultRows(opened, answer);
			const page = opened.page === undefined ? undefined : pageOf(query, found);
			const rows = hydrateQuery(opened, page?.rows ?? found);
			return chain(this.#replies.related(opened, rows), () =>
				this.#afterMany(rows, asked, query, page?.meta),
			);
		});
	}

	#afterMany(
		rows: readonly Row[],
		asked: AskedList,
		query: Query,
		page?: Pick<ReadMeta, "cursor">,
	): Maybe<ReadResult<readonly Row[]>> {
		return chain(this.#replies.list(rows, this.#entity, asked), (data) => {
			const { options } = asked;
			const { limit, offset } = query;
			const meta = { items: data.length, limit, offset };
			const paged = page === undefined ? meta : { ...meta, ...page };
			if (options.count !== true && options.total !== true) return { data, meta: paged };
			return run(() => this.#counted(data, paged, options, query));
		});
	}

	/** Adds the counts that the query asked for; what a listener's filter hides is not counted. */
	*#counted(
		data: readonly Row[],
		meta: ReadMeta,
		options: FindOptions,
		query: Query,
	): Steps<ReadResult<readonly Row[]>> {
		const count = options.count
			? { count: yield* wait(this.#counts.read("count", query.where)) }
			: {};
		const total = options.total
			? { total: yield* wait(this.#counts.visible("count", undefined, undefined)) }
			: {};
		return { data, meta: { ...meta, ...count, ...total } };
	}

	#read(options: FindOptions, access: Access): Query {
		return new QueryReader(this.#entity, access).read(options);
	}
}

function one(row: Row | undefined): ReadResult<Row | undefined> {
	return { data: row, meta: row ? ONE : NONE };
}
