import type { Context, Hono } from "hono";
import type { Entity } from "../data/schema/entity.ts";
import type { EntityManager } from "../data/entity-manager.ts";
import { dataErrors } from "../data/errors.ts";
import type { WriteResult } from "../data/write/write.ts";
import type { Permit, WritePermit } from "../data/permit.ts";
import type { Precondition } from "../data/write/precondition.ts";
import type { ReadResult } from "../data/read/read-result.ts";
import { isPlainObject } from "../kernel/json.ts";
import { chain, type Maybe } from "../kernel/maybe.ts";
import type { Where } from "../data/query/find-options.ts";
import { shorten } from "../data/fault-list.ts";
import type { CountAnswer, ExistsAnswer, ReadAnswer, WriteAnswer } from "./contract.ts";
import { serverErrors } from "./errors.ts";
import { etagOf, isKnown, versionsIn } from "./etag.ts";
import type { Exchange } from "./exchange.ts";
import type { Guard } from "./guard.ts";
import { readBodyQuery, readJson, readListQuery, readOneQuery, readOptionalJson } from "./input.ts";
import { KeptLists } from "./kept-lists.ts";
import { route, type FailureLog } from "./route.ts";
import type { Action } from "./server-options.ts";
import { toJson, wireFormats, type WireFormat } from "./wire.ts";

/** What the data routes stand on. */
export interface DataRoutesOptions {
	readonly em: EntityManager;
	readonly guard: Guard;
	/** Bytes of a JSON body. */
	readonly maxBody: number;
	readonly onFailure: FailureLog;
}

type EntityHandler = (entity: Entity, context: Context, exchange: Exchange) => Maybe<Response>;

/** The REST routes of all entities. */
export class DataRoutes {
	readonly #em: EntityManager;
	readonly #guard: Guard;
	readonly #maxBody: number;
	readonly #onFailure: FailureLog;
	readonly #formats: ReadonlyMap<Entity, WireFormat>;
	readonly #lists: KeptLists;

	constructor({ em, guard, maxBody, onFailure }: DataRoutesOptions) {
		this.#em = em;
		this.#guard = guard;
		this.#maxBody = maxBody;
		this.#onFailure = onFailure;
		this.#formats = wireFormats(em.entities);
		this.#lists = new KeptLists(em);
	}

	/** Adds the routes below `base`. */
	mount(hono: Hono, base: string): void {
		const entities = `${base}/entity/:entity`;
		const one = `${entities}/:id`;
		hono.get(entities, this.#route("read", this.#list));
		hono.post(`${entities}/query`, this.#route("read", this.#query));
		hono.post(`${entities}/fn/count`, this.#route("read", this.#count));
		hono.post(`${entities}/fn/exists`, this.#route("read", this.#exists));
		hono.get(one, this.#route("read", this.#read));
		hono.get(`${one}/:reference`, this.#route("read", this.#reference));
		hono.post(entities, this.#route("create", this.#insert));
		hono.patch(one, this.#route("update", this.#update));
		hono.patch(entities, this.#route("update", this.#updateWhere));
		hono.delete(one, this.#route("delete", this.#delete));
		hono.delete(entities, this.#route("delete", this.#deleteWhere));
	}

	readonly #list: EntityHandler = (entity, context, exchange) =>
		chain(
			this.#em
				.reader(entity.name)
				.list(this.#lists.of(entity, context.req.url), this.#permit(exchange)),
			(result) => this.#answer(exchange, 200, entity, result),
		);

	readonly #query: EntityHandler = async (entity, context, exchange) => {
		const query = readBodyQuery(await this.#body(context));
		const result = await this.#em
			.reader(entity.name)
			.findMany(query, "client", this.#permit(exchange));
		return this.#answer(exchange, 200, entity, result);
	};

	readonly #count: EntityHandler = async (entity, context, exchange) => {
		const where = await this.#where(context);
		const count = await this.#em.reader(entity.name).count(where, "client", this.#permit(exchange));
		const answer: CountAnswer = { entity: entity.name, count };
		return exchange.json(200, JSON.stringify(answer));
	};

	readonly #exists: EntityHandler = async (entity, context, exchange) => {
		const where = await this.#where(context);
		const exists = await this.#em
			.reader(entity.name)
			.exists(where, "client", this.#permit(exchange));
		const answer: ExistsAnswer = { entity: entity.name, exists };
		return exchange.json(200, JSON.stringify(answer));
	};

	readonly #read: EntityHandler = (entity, context, exchange) => {
		const id = context.req.param("id");
		const query = readOneQuery(context.req.url);
		const permit = this.#permit(exchange);
		return chain(this.#em.reader(entity.name).findOne(id, query, "client", permit), (result) => {
			if (result.data === undefined) {
				throw dataErrors.create("not_found", { entity: entity.name, id: shorten(String(id)) });
			}
			const etag = etagOf(entity, result.data);
			if (etag !== undefined && isKnown(etag, context.req.raw.headers.get("if-none-match"))) {
				return exchange.empty(304, { etag });
			}
			return this.#answer(exchange, 200, entity, result, etag);
		});
	};

	readonly #reference: EntityHandler = (entity, context, exchange) => {
		const { id, reference } = context.req.param() as {
			readonly id: string;
			readonly reference: string;
		};
		const query = readListQuery(context.req.url);
		const { references } = this.#em.reader(entity.name);
		const permit = this.#permit(exchange);
		return chain(references.find(id, reference, query, "client", permit), (result) =>
			this.#answer(exchange, 200, entity.relation(reference)?.target as Entity, result),
		);
	};

	readonly #insert: EntityHandler = async (entity, context, exchange) => {
		refusePrecondition(context);
		const body = await this.#body(context);
		const writer = this.#em.writer(entity.name);
		if (Array.isArray(body)) {
			const result = await writer.insertMany(body, this.#writePermit(exchange));
			return this.#answer(exchange, 201, entity, result);
		}
		const result = await writer.insertOne(body, this.#writePermit(exchange));
		const etag = etagOf(entity, result.data);
		return this.#answer(exchange, result.data === null ? 202 : 201, entity, result, etag);
	};

	readonly #update: EntityHandler = async (entity, context, exchange) => {
		const body = await this.#body(context);
		const writer = this.#em.writer(entity.name);
		const permit = this.#writePermit(exchange);
		const result = await writer.updateOne(
			context.req.param("id"),
			body,
			preconditionOf(context),
			permit,
		);
		return this.#answer(exchange, 200, entity, result, etagOf(entity, result.data));
	};

	readonly #updateWhere: EntityHandler = async (entity, context, exchange) => {
		refusePrecondition(context);
		const body = await this.#body(context);
		if (!isPlainObject(body) || !isPlainObject(body.update)) {
			throw serverErrors.create("bad_bulk_update", {});
		}
		const writer = this.#em.writer(entity.name);
		const result = await writer.updateWhere(
			body.update,
			body.where,
			"client",
			this.#permit(exchange),
		);
		return this.#answer(exchange, 200, entity, result);
	};

	readonly #delete: EntityHandler = (entity, context, exchange) =>
		chain(
			this.#em.writer(entity.name).deleteOne(context.req.param("id"), preconditionOf(context)),
			(result) => this.#answer(exchange, 200, entity, result),
		);

	readonly #deleteWhere: EntityHandler = async (entity, context, exchange) => {
		refusePrecondition(context);
		const where = await this.#body(context);
		const result = await this.#em
			.writer(entity.name)
			.deleteWhere(where, "client", this.#permit(exchange));
		return this.#answer(exchange, 200, entity, result);
	};

	#route(action: Action, handler: EntityHandler) {
		return route((context, exchange) => {
			const entity = this.#em.entity(context.req.param("entity") ?? "");
			return chain(this.#guard.check(exchange, entity.name, action), () =>
				handler(entity, context, exchange),
			);
		}, this.#onFailure);
	}

	/** Whoever reads rows through a relation has to be let in to them, too. */
	#permit(exchange: Exchange): Permit | undefined {
		if (!this.#guard.differs) return undefined;
		return ({ name }) => this.#guard.check(exchange, name, "read");
	}

	/** The same for writes: related rows are written as if they were written alone. */
	#writePermit(exchange: Exchange): WritePermit | undefined {
		if (!this.#guard.differs) return undefined;
		return ({ name }, action) => this.#guard.check(exchange, name, action);
	}

	#body(context: Context): Promise<unknown> {
		return readJson(context.req.raw, this.#maxBody);
	}

	/** The where of a count: nothing at all means all rows. */
	async #where(context: Context): Promise<Where | undefined> {
		return (await readOptionalJson(context.req.raw, this.#maxBody)) as Where | undefined;
	}

	#answer(
		exchange: Exchange,
		status: number,
		entity: Entity,
		{ data, meta }: ReadResult<unknown> | WriteResult<unknown>,
		etag?: string,
	): Response {
		const encoded = (this.#formats.get(entity) as WireFormat).encode(data);
		const headers = etag === undefined ? undefined : { etag };
		const answer: ReadAnswer<unknown> | WriteAnswer<unknown> = { data: encoded, meta };
		return exchange.json(status, toJson(answer), headers);
	}
}

/** What a write says of the row that it has seen. */
function preconditionOf(context: Context): Precondition | undefined {
	const ifMatch = versionsIn(context.req.raw.headers.get("if-match"));
	return ifMatch && { ifMatch };
}

/** Whoever sends `If-Match` relies on it: a write of other than one stored row has none to match. */
function refusePrecondition(context: Context): void {
	if (preconditionOf(context)) throw serverErrors.create("no_row_to_match", {});
}
