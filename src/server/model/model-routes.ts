import type { Context, Hono } from "hono";
import type { Entity } from "../../data/schema/entity.ts";
import type { EntityManager } from "../../data/entity-manager.ts";
import { shorten } from "../../data/fault-list.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import { serverErrors } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import { route, type FailureLog } from "../route.ts";
import { bodySchema } from "./entity-schema.ts";
import { DIALECT } from "./json-schema.ts";
import { describeModel, entityInfo } from "./model-description.ts";
import type { ModelView, ModelViews } from "./model-view.ts";
import { WRITE_CONTEXTS, type WriteContext } from "./write-context.ts";

/** What the routes about the model stand on. */
export interface ModelRoutesOptions {
	readonly em: EntityManager;
	readonly guard: Guard;
	readonly views: ModelViews;
	readonly onFailure: FailureLog;
}

/** Makes the text that answers a request about one entity. */
type EntityText = (view: ModelView, entity: Entity, context: Context) => string;

/** The routes that say what the model is, to those who may read it. */
export class ModelRoutes {
	readonly #em: EntityManager;
	readonly #guard: Guard;
	readonly #views: ModelViews;
	readonly #onFailure: FailureLog;

	constructor({ em, guard, views, onFailure }: ModelRoutesOptions) {
		this.#em = em;
		this.#guard = guard;
		this.#views = views;
		this.#onFailure = onFailure;
	}

	/** Adds the routes below `base`. */
	mount(hono: Hono, base: string): void {
		hono.get(
			base,
			route(async (_, exchange) => {
				const view = await this.#views.of(exchange);
				return answer(
					exchange,
					view.text("model", () => JSON.stringify(describeModel(view))),
				);
			}, this.#onFailure),
		);
		const schema: EntityText = (view, entity, context) => {
			const name = contextOf(entity, context.req.param("context") ?? "create");
			return view.text(`${name}/${entity.name}`, () => schemaText(view, entity, name, base));
		};
		hono.get(
			`${base}/info/:entity`,
			this.#about((view, entity) =>
				view.text(`info/${entity.name}`, () => JSON.stringify(entityInfo(view, entity))),
			),
		);
		hono.get(`${base}/schemas/:entity`, this.#about(schema));
		hono.get(`${base}/schemas/:entity/:context`, this.#about(schema));
	}

	#about(text: EntityText) {
		return route(async (context, exchange) => {
			const entity = this.#em.entity(context.req.param("entity") ?? "");
			await this.#guard.check(exchange, entity.name, "read");
			return answer(exchange, text(await this.#views.of(exchange), entity, context));
		}, this.#onFailure);
	}
}

function answer(exchange: Exchange, text: string): Response {
	return exchange.json(200, text);
}

/** @throws `unknown_context`, a 404. */
function contextOf(entity: Entity, given: string): WriteContext {
	const context = WRITE_CONTEXTS.find((known) => known === given);
	if (context) return context;
	const hint = didYouMean(given, WRITE_CONTEXTS).trim() || `There is ${WRITE_CONTEXTS.join(", ")}.`;
	throw serverErrors.create(
		"unknown_context",
		{ entity: entity.name, context: shorten(given) },
		{ details: { hint } },
	);
}

function schemaText(view: ModelView, entity: Entity, context: WriteContext, base: string): string {
	const path = (of: Entity, what: WriteContext) => `${base}/schemas/${of.name}/${what}`;
	return JSON.stringify({
		$schema: DIALECT,
		$id: encodeURI(path(entity, context)),
		...bodySchema(view, entity, context, (of, what) => encodeURI(path(of, what))),
	});
}
