import { request } from "node:http";
import { performance } from "node:perf_hooks";

import type { Miniflare } from "miniflare";

import { textOf } from "./bundle.ts";
import type { Bundle } from "./bundle.ts";
import { COMPATIBILITY_DATE } from "./contenders.ts";
import { fillDatabase } from "./database.ts";
import { startMiniflare } from "./miniflare.ts";
import { WorkerdUsage } from "./workerd-usage.ts";

/** Makes isolates from bundles, one for each `x-isolate`, and passes the request on. */
const HOST = `export default {
	fetch(request, env) {
		const bundle = env.BUNDLES[request.headers.get("x-worker")];
		const worker = env.LOADER.get(request.headers.get("x-isolate"), () => ({
			...bundle,
			env: { DB: env.DB },
		}));
		return worker.getEntrypoint().fetch(request);
	},
};`;

/** Stands before a Worker and answers what only wants the bundle to be evaluated. */
const GATE = `import worker from "./worker.js";

export default {
	fetch(request, env, context) {
		if (request.url.endsWith("/evaluated")) return new Response(null, { status: 204 });
		return worker.fetch(request, env, context);
	},
};`;

/** Stands before a Worker and counts, for each response, how often it called D1. */
const COUNTER = `import worker from "./worker.js";

// Of the module, not of a request: a Worker may keep the database of its first request.
let calls = 0;
const count = () => void (calls += 1);

function counting(statement) {
	for (const name of ["all", "first", "raw", "run"]) {
		const method = statement[name];
		statement[name] = (...args) => (count(), method.apply(statement, args));
	}
	const { bind } = statement;
	statement.bind = (...args) => counting(bind.apply(statement, args));
	return statement;
}

export default {
	async fetch(request, env, context) {
		calls = 0;
		const DB = {
			prepare: (sql) => counting(env.DB.prepare(sql)),
			batch: (statements) => (count(), env.DB.batch(statements)),
			exec: (sql) => (count(), env.DB.exec(sql)),
			withSession: () => DB,
		};
		const response = await worker.fetch(request, { ...env, DB }, context);
		const counted = new Response(response.body, response);
		counted.headers.set("x-d1-calls", String(calls));
		return counted;
	},
};`;

/** What a Worker answered, and how long after the request the whole answer was there. */
export interface Answer {
	readonly status: number;
	readonly milliseconds: number;
	/** CPU time that workerd took meanwhile. */
	readonly cpuMicros: number;
	readonly d1Calls: number;
}

/** What is asked of a Worker. */
export interface Question {
	readonly path: string;
	/** Makes it a POST. */
	readonly body?: string;
	/** The isolate that answers, made now unless there is one of this name. */
	readonly isolate: string;
	readonly countsD1?: boolean;
}

/** What the loader of Workers is given, less the bindings. */
type ModuleSet = Record<string, string | string[] | Record<string, string>>;

function moduleSets(bundles: readonly Bundle[]): Record<string, ModuleSet> {
	return Object.fromEntries(
		bundles.flatMap((bundle) => {
			const { name, compatibilityFlags } = bundle.worker;
			const shared = {
				compatibilityDate: COMPATIBILITY_DATE,
				compatibilityFlags: [...compatibilityFlags],
			};
			const text = textOf(bundle);
			const behind = (front: string): ModuleSet => ({
				...shared,
				mainModule: "front.js",
				modules: { "front.js": front, "worker.js": text },
			});
			return [
				[name, behind(GATE)],
				[`${name}+counter`, behind(COUNTER)],
			];
		}),
	);
}

/** The path that each Worker here answers without being asked itself. */
export const EVALUATED = "/evaluated";

/**
 * One workerd that makes fresh isolates on demand. Asking one for {@link EVALUATED} first tells what
 * takes place before a Worker gets its first request (making the isolate, compiling and evaluating the
 * bundle) from that request. The D1 database is one that is awake already.
 */
export class Isolates implements AsyncDisposable {
	readonly #miniflare: Miniflare;
	readonly #url: URL;
	readonly #workerd = new WorkerdUsage();

	private constructor(miniflare: Miniflare, url: URL) {
		this.#miniflare = miniflare;
		this.#url = url;
	}

	static async start(bundles: readonly Bundle[], folder: string): Promise<Isolates> {
		const miniflare = await startMiniflare({
			port: 0,
			folder,
			script: HOST,
			compatibilityFlags: ["experimental"],
			more: { workerLoaders: { LOADER: {} }, bindings: { BUNDLES: moduleSets(bundles) } },
		});
		await fillDatabase(miniflare);
		return new Isolates(miniflare, await miniflare.ready);
	}

	/** @throws Error for an answer that is a server error, with its text. */
	ask(bundle: Bundle, { path, body, isolate, countsD1 = false }: Question): Promise<Answer> {
		const { name } = bundle.worker;
		const worker = countsD1 ? `${name}+counter` : name;
		const headers = {
			"x-worker": worker,
			"x-isolate": `${worker}/${isolate}`,
			"content-type": "application/json",
		};
		const { promise, resolve, reject } = Promise.withResolvers<Answer>();
		const cpuBefore = this.#workerd.threadMicros();
		const started = performance.now();
		const method = body === undefined ? "GET" : "POST";
		const outgoing = request(new URL(path, this.#url), { method, headers }, (response) => {
			let text = "";
			response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
			response.on("end", () => {
				const milliseconds = performance.now() - started;
				const cpuMicros = this.#workerd.threadMicros() - cpuBefore;
				const status = response.statusCode ?? 500;
				const d1Calls = Number(response.headers["x-d1-calls"]);
				if (status < 500) resolve({ status, milliseconds, cpuMicros, d1Calls });
				else reject(new Error(`${worker} answered ${path} with ${status}: ${text}`));
			});
		});
		outgoing.on("error", reject);
		outgoing.end(body);
		return promise;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#miniflare.dispose();
	}
}
