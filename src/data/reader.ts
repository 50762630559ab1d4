import { stateOf } from "../events/event.ts";
import type { EventManager } from "../events/event-manager.ts";
import { chain, run, wait, type Maybe, type Steps } from "../kernel/maybe.ts";
import type { Database, SqlRow, Statement } from "./database.ts";
import { hydrate, type Entity, type Row } from "./entity.ts";
import type { Access, Condition, Query } from "./query/ast.ts";
import { QueryReader, type FindOptions } from "./query/query-reader.ts";
import type { QueryPlans } from "./query/query-plans.ts";
import {
	RepositoryFindManyAfter,
	RepositoryFindManyBefore,
	RepositoryFindOneAfter,
	RepositoryFindOneBefore,
} from "./read-events.ts";
import type { Where } from "./query/read-where.ts";

/** What reads of one entity stand on. */
export interface ReadEnvironment {
	readonly entity: Entity;
	readonly plans: QueryPlans;
	readonly database: Database;
	readonly events: EventManager;
}

/** What is known about a read beside its data. */
export interface ReadMeta {
	/** Rows in the data. */
	readonly items: number;
	readonly limit?: number;
	readonly offset?: number;
	/** All rows that match, if the query asked for it. */
	readonly count?: number;
	/** All rows, if the query asked for it. */
	readonly total?: number;
}

/** The answer to a read. */
export interface ReadResult<Data> {
	readonly data: Data;
	readonly meta: ReadMeta;
}

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

	constructor(environment: ReadEnvironment) {
		this.#entity = environment.entity;
		this.#plans = environment.plans;
		this.#database = environment.database;
		this.#events = environment.events;
	}

	findOne(id: unknown, options: FindOptions, access: Access): Maybe<ReadResult<Row | undefined>> {
		const entity = this.#entity;
		const key = entity.readId(id);
		const plain = isEmpty(options);
		if (!this.#events.has(RepositoryFindOneBefore, entity.name)) {
			return this.#loadOne(key, plain ? undefined : options, access);
		}
		if (!plain) this.#read(options, access);
		const event = new RepositoryFindOneBefore({ entity, options: this.#withId(key, options) });
		return chain(this.#events.dispatch(event), (final) =>
			final.returned
				? this.#loadOne(key, final.params.options, "reply")
				: this.#loadOne(key, plain ? undefined : options, access),
		);
	}

	findMany(options: FindOptions, access: Access): Maybe<ReadResult<readonly Row[]>> {
		const entity = this.#entity;
		if (!this.#events.has(RepositoryFindManyBefore, entity.name)) {
			return this.#loadMany(options, this.#read(options, access), access);
		}
		const query = this.#read(options, access);
		return chain(this.#before(this.#filled(options, query), "find"), (final) =>
			final === undefined
				? this.#loadMany(options, query, access)
				: this.#loadMany(final, this.#read(final, "reply"), access),
		);
	}

	count(where: Where | undefined, access: Access): Maybe<number> {
		return this.#aggregate("count", where, access);
	}

	exists(where: Where | undefined, access: Access): Maybe<boolean> {
		return chain(this.#aggregate("exists", where, access), (value) => value === 1);
	}

	/** Reads the row with this id; without options, by the one plan that was made beforehand. */
	#loadOne(
		key: number | string,
		options: FindOptions | undefined,
		access: Access,
	): Maybe<ReadResult<Row | undefined>> {
		const query = options && this.#oneQuery(key, options, access);
		const statement = query
			? { ...this.#plans.find(query), first: true as const }
			: this.#plans.byId(key);
		const fields = query ? query.select : this.#entity.visible;
		return chain(this.#database.all(statement), ([values]) =>
			this.#afterOne(values && hydrate(fields, values), key, options ?? {}),
		);
	}

	#oneQuery(key: number | string, options: FindOptions, access: Access): Query {
		const query = this.#read(options, access);
		const field = this.#entity.key[0] as Query["select"][number];
		const isKey: Condition = { type: "binary", field, operator: "eq", value: field.toSql(key) };
		const where: Condition = query.where ? { type: "and", of: [isKey, query.where] } : isKey;
		return { ...query, where, limit: 1, offset: 0 };
	}

	#afterOne(
		row: Row | undefined,
		key: number | string,
		options: FindOptions,
	): Maybe<ReadResult<Row | undefined>> {
		const entity = this.#entity;
		if (!this.#events.has(RepositoryFindOneAfter, entity.name)) return one(row);
		const params = { entity, options: this.#withId(key, options), data: row };
		return chain(this.#events.dispatch(new RepositoryFindOneAfter(params)), (final) =>
			one(final.params.data as Row | undefined),
		);
	}

	/** The options of a read by id as listeners see them. */
	#withId(key: number | string, options: FindOptions): FindOptions {
		const name = this.#entity.singleKey?.name as string;
		return Object.freeze({ ...options, where: { ...options.where, [name]: key } });
	}

	#loadMany(options: FindOptions, query: Query, access: Access): Maybe<ReadResult<readonly Row[]>> {
		return chain(this.#database.all(this.#plans.find(query)), (found) => {
			const rows = hydrateAll(query.select, found);
			return chain(this.#afterMany(rows, options, query), (data) =>
				options.count === true || options.total === true
					? run(() => this.#counted(data, options, query, access))
					: { data, meta: { items: data.length, limit: query.limit, offset: query.offset } },
			);
		});
	}

	#afterMany(rows: readonly Row[], options: FindOptions, query: Query): Maybe<readonly Row[]> {
		const entity = this.#entity;
		if (!this.#events.has(RepositoryFindManyAfter, entity.name)) return rows;
		const params = { entity, options: this.#filled(options, query), data: rows as never };
		return chain(
			this.#events.dispatch(new RepositoryFindManyAfter(params)),
			(final) => final.params.data as readonly Row[],
		);
	}

	/** Adds the counts that the query asked for; what a listener's filter hides is not counted. */
	*#counted(
		data: readonly Row[],
		options: FindOptions,
		query: Query,
		access: Access,
	): Steps<ReadResult<readonly Row[]>> {
		const { limit, offset } = query;
		const count = options.count
			? yield* wait(this.#value(this.#plans.count(query.where)))
			: undefined;
		const total = options.total
			? yield* wait(this.#aggregate("count", undefined, access))
			: undefined;
		return {
			data,
			meta: {
				items: data.length,
				limit,
				offset,
				...(count === undefined ? {} : { count }),
				...(total === undefined ? {} : { total }),
			},
		};
	}

	#aggregate(kind: "count" | "exists", where: Where | undefined, access: Access): Maybe<number> {
		const asked = new QueryReader(this.#entity, access).readWhere(where);
		if (!this.#events.has(RepositoryFindManyBefore, this.#entity.name)) {
			return this.#value(this.#plans[kind](asked));
		}
		const options = Object.freeze(where === undefined ? {} : { where });
		return chain(this.#before(options, kind), (final) => {
			const condition =
				final === undefined ? asked : new QueryReader(this.#entity, "reply").readWhere(final.where);
			return this.#value(this.#plans[kind](condition));
		});
	}

	/** Emits the before-event; answers a listener's options, undefined when none replied. */
	#before(options: FindOptions, purpose: string): Maybe<FindOptions | undefined> {
		const event = new RepositoryFindManyBefore({ entity: this.#entity, options });
		stateOf(event).meta = { purpose };
		return chain(this.#events.dispatch(event), (final) =>
			final.returned ? final.params.options : undefined,
		);
	}

	#filled(options: FindOptions, query: Query): FindOptions {
		return Object.freeze({
			...options,
			sort: options.sort ?? this.#entity.defaultSort ?? this.#entity.key.map((f) => f.name),
			limit: query.limit,
			offset: query.offset,
		});
	}

	#read(options: FindOptions, access: Access): Query {
		return new QueryReader(this.#entity, access).read(options);
	}

	#value(statement: Statement): Maybe<number> {
		return chain(this.#database.all(statement), ([row]) => Number(row?.[0] ?? 0));
	}
}

function isEmpty(options: FindOptions): boolean {
	for (const key in options) if (options[key as keyof FindOptions] !== undefined) return false;
	return true;
}

function one(row: Row | undefined): ReadResult<Row | undefined> {
	return { data: row, meta: row ? ONE : NONE };
}

function hydrateAll(fields: Query["select"], rows: readonly SqlRow[]): readonly Row[] {
	return rows.map((values) => hydrate(fields, values));
}
