import { createExecutionContext, reset, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Config } from "../../../src/app/config.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { CloudflareWorker } from "../../../src/runtime/cloudflare/cloudflare-worker.ts";
import type { SystemStats } from "../../../src/server/contract.ts";
import * as schema from "../../support/scenario-schema.ts";
import { TestTables } from "./test-tables.ts";

const RIGHT = { authorization: "Bearer t0ken" };
const TAGS = "/api/data/entity/tags";

/** An isolate of its own, as far as a Worker can tell. */
class Isolate {
	readonly worker: CloudflareWorker;
	readonly #env: Readonly<Record<string, unknown>>;

	constructor(config: Config, token?: string) {
		this.worker = new CloudflareWorker({ schema, ...config }, { logger: silentLogger });
		this.#env = token === undefined ? { DB: env.DB } : { DB: env.DB, BURDOCK_TOKEN: token };
	}

	async ask(method: string, path: string, init: RequestInit = {}): Promise<Response> {
		const context = createExecutionContext();
		const request = new Request(`https://blog.example${path}`, { method, ...init });
		const response = await this.worker.fetch(request, this.#env, context);
		await waitOnExecutionContext(context);
		return response;
	}
}

async function codeOf(response: Response): Promise<readonly unknown[]> {
	return [response.status, ((await response.json()) as { readonly code?: string }).code];
}

test("a Worker is public: it takes no write without its token", async () => {
	const body = '{"name":"new"}';
	expect(await codeOf(await new Isolate({}).ask("POST", TAGS, { body }))).toEqual([
		403,
		"no_token",
	]);
	const closed = new Isolate({}, "t0ken");
	expect(await codeOf(await closed.ask("POST", TAGS, { body }))).toEqual([401, "unauthenticated"]);
	expect((await closed.ask("GET", "/api/system/stats")).status).toBe(401);
});

test("an app makes no table in D1: what is missing is said, and nothing is there afterwards", async () => {
	await reset();
	const isolate = new Isolate({ seed: () => {} }, "t0ken");
	expect(await codeOf(await isolate.ask("GET", TAGS))).toEqual([503, "not_migrated"]);
	const tables = "select count(*) from sqlite_master where name like 'burdock%' or name = 'tags'";
	expect(await env.DB.prepare(tables).raw()).toEqual([[0]]);
});

test("statistics and history are those of one isolate", async () => {
	const events = { history: {} };
	const [one, other] = [new Isolate({ events }, "t0ken"), new Isolate({ events }, "t0ken")];
	await new TestTables(new D1(env.DB)).remake(one.worker.app.em.entities, undefined);
	one.worker.app.emgr.on("app-request", () => {}, "sync");
	other.worker.app.emgr.on("app-request", () => {}, "sync");
	for (let count = 0; count < 3; count++) await one.ask("GET", "/health");
	const callsOf = async (isolate: Isolate) => {
		const response = await isolate.ask("GET", "/api/system/stats", { headers: RIGHT });
		return ((await response.json()) as SystemStats).calls;
	};
	expect([await callsOf(one), await callsOf(other)]).toEqual([4, 1]);
	const histories = [await one.worker.app.emgr.history(), await other.worker.app.emgr.history()];
	expect(histories.map(requestsIn)).toEqual([4, 1]);
});

function requestsIn(history: readonly { readonly slug: string }[]): number {
	return history.filter(({ slug }) => slug === "app-request").length;
}
