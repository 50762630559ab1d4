import { env as bindings } from "cloudflare:workers";
import type { ConfigInput } from "../../../../src/app/config.ts";
import { D1, type D1Binding } from "../../../../src/data/drivers/d1.ts";
import { createTable } from "../../../../src/data/migrate/create-table.ts";
import { META_TABLE, OWN_TABLES } from "../../../../src/data/migrate/own-tables.ts";
import { CloudflareWorker } from "../../../../src/runtime/cloudflare/cloudflare-worker.ts";
import { recordingLogger, type LogLine } from "../../../support/recording-logger.ts";
import * as schema from "./notes-schema.ts";

export { schema };
export const { notes } = schema;
export const NOTES = "/api/data/entity/notes";

/** What a request brings that is not the default. */
export interface Call {
	readonly method?: string;
	readonly body?: unknown;
	readonly headers?: Readonly<Record<string, string>>;
	/** Bindings beside, or instead of, `DB`. */
	readonly env?: Readonly<Record<string, unknown>>;
	readonly signal?: AbortSignal;
}

/** A request that was sent, and what belongs to it alone. */
export interface Sent {
	readonly context: WatchedContext;
	readonly response: Promise<Response>;
	/** Answers once the response is there and everything after it is done. */
	readonly done: Promise<Response>;
}

/** An execution context that tells what was handed to its `waitUntil`. */
export class WatchedContext {
	readonly #works: Promise<unknown>[] = [];

	/** How often it was asked to wait. */
	get waits(): number {
		return this.#works.length;
	}

	waitUntil(work: Promise<unknown>): void {
		this.#works.push(work);
	}

	/** Waits until all of it is done, also what it is asked for meanwhile. */
	async settled(): Promise<void> {
		for (let known = -1; known < this.waits;) {
			known = this.waits;
			await Promise.allSettled(this.#works);
		}
	}
}

/** A Worker on an empty database with the table of notes, and everything that it logged. */
export class TestWorker extends CloudflareWorker {
	readonly logs: LogLine[];

	constructor(config: ConfigInput) {
		const logs: LogLine[] = [];
		super(config, { logger: recordingLogger(logs) });
		this.logs = logs;
	}

	/** Sends a request, by its path, without waiting for anything. */
	send(path: string, { method = "GET", body, headers, env, signal }: Call = {}): Sent {
		const init = {
			method,
			headers: { ...headers },
			...(body === undefined ? {} : { body: JSON.stringify(body) }),
			...(signal === undefined ? {} : { signal }),
		};
		const context = new WatchedContext();
		const request = new Request(`https://blog.example${path}`, init);
		const response = this.fetch(request, { DB: bindings.DB, ...env }, context);
		const done = response.then(async (ready) => {
			await context.settled();
			return ready;
		});
		done.catch(() => {});
		return { context, response, done };
	}

	/** Fires a Cron Trigger, and waits for everything. */
	async fire(env: Readonly<Record<string, unknown>> = {}, cron = "* * * * *"): Promise<void> {
		const context = new WatchedContext();
		await this.scheduled({ cron, scheduledTime: 0 }, { DB: bindings.DB, ...env }, context);
		await context.settled();
	}
}

/** Empties a database, and makes the tables as migrations would. */
export async function emptied(database: unknown = bindings.DB): Promise<void> {
	const statements = [
		"drop table if exists notes",
		...createTable(notes),
		`delete from ${META_TABLE}`,
	];
	await new D1(database as D1Binding).batch([
		...OWN_TABLES,
		...statements.map((sql) => ({ sql, params: [] })),
	]);
}

/** What a promise comes to; `"waiting"` if that is not known when nothing else is left to do. */
export async function stateOf(promise: Promise<unknown>): Promise<unknown> {
	for (let turn = 0; turn < 20; turn++) await new Promise((next) => setTimeout(next));
	return Promise.race([promise, Promise.resolve("waiting")]);
}
