import type { Hono } from "hono";
import type { ModelView, ModelViews } from "../model/model-view.ts";
import { route, type FailureLog } from "../route.ts";
import { describeApi, type ApiFacts } from "./describe-api.ts";
import type { OpenApiDocument } from "./openapi-document.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE } from "./page-style.ts";
import { renderPage } from "./render-page.ts";

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
	#policy: string | undefined;

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
				return exchange.json(200, this.#document(view));
			}, this.#onFailure),
		);
		hono.get(
			`${base}/docs`,
			route(async (_, exchange) => {
				const view = await this.#views.of(exchange);
				const page = view.text("page", () =>
					renderPage(JSON.parse(this.#document(view)) as OpenApiDocument),
				);
				this.#policy ??= await policyOf(PAGE_STYLE, PAGE_SCRIPT);
				const headers = { "content-security-policy": this.#policy };
				return exchange.text(200, page, "text/html; charset=utf-8", headers);
			}, this.#onFailure),
		);
	}

	#document(view: ModelView): string {
		return view.text("openapi", () => JSON.stringify(describeApi(view, this.#facts())));
	}
}

/** A policy that lets a page run this style and this script, talk to its own server, and nothing else. */
async function policyOf(style: string, script: string): Promise<string> {
	return [
		"default-src 'none'",
		`style-src '${await hashOf(style)}'`,
		`script-src '${await hashOf(script)}'`,
		"connect-src 'self'",
		"img-src data:",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
	].join("; ");
}

async function hashOf(text: string): Promise<string> {
	const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
	return `sha256-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
}
