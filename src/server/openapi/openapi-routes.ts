import type { Hono } from "hono";
import type { ModelViews } from "../model/model-view.ts";
import { route, type FailureLog } from "../route.ts";
import { describeApi, type ApiFacts } from "./describe-api.ts";

/** What the routes about the API stand on. */
export interface OpenApiRoutesOptions {
	readonly views: ModelViews;
	/** What is known once all routes are mounted. */
	readonly facts: () => ApiFacts;
	readonly onFailure: FailureLog;
}

/** The routes that describe the API, to those who may read it. */
export class OpenApiRoutes {
	readonly #views: ModelViews;
	readonly #facts: () => ApiFacts;
	readonly #onFailure: FailureLog;

	constructor({ views, facts, onFailure }: OpenApiRoutesOptions) {
		this.#views = views;
		this.#facts = facts;
		this.#onFailure = onFailure;
	}

	/** Adds the routes below `base`. */
	mount(hono: Hono, base: string): void {
		hono.get(
			`${base}/openapi.json`,
			route(async (_, exchange) => {
				const view = await this.#views.of(exchange);
				const text = view.text("openapi", () => JSON.stringify(describeApi(view, this.#facts())));
				return exchange.json(200, text);
			}, this.#onFailure),
		);
	}
}
