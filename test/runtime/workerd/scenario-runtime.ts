import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { onTestFinished } from "vitest";
import type { App } from "../../../src/app/app.ts";
import type { Config } from "../../../src/app/config.ts";
import type { Maybe } from "../../../src/kernel/maybe.ts";
import { r2 } from "../../../src/media/adapters/r2.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { CloudflareWorker } from "../../../src/runtime/cloudflare/cloudflare-worker.ts";
import { CountedBinding, CountedD1 } from "../../support/counted-d1.ts";
import type { RuntimeOptions, ScenarioRuntime } from "../../support/scenario-runtime.ts";
import { TestTables } from "./test-tables.ts";

/** In turn, so that a test may compare two apps; there are no more at a time. */
const databases = inTurn(
	[bindings.DB, bindings.SECOND_DB].map((binding) => ({
		binding,
		tables: new TestTables(new D1(binding)),
	})),
);

/** A Worker and its handlers, D1, counted at its binding, and files in R2. */
export const runtime: ScenarioRuntime = {
	name: "cloudflare",
	open(config, { logger, foreignKeys, ...options }) {
		const { binding: uncounted, tables } = databases.next().value;
		const binding = new CountedBinding(uncounted);
		const env = { ...options.env, DB: binding, BUCKET: bindings.BUCKET, IMAGES: bindings.IMAGES };
		const worker = new CloudflareWorker(exposed(config, options), { logger });
		const { app } = worker;
		const contexts = new Contexts();
		onTestFinished(async () => {
			await contexts.settled();
			await app.close({ timeout: 0 });
		});
		const run = async <R>(work: () => Maybe<R>): Promise<R> => {
			const trigger = { cron: "* * * * *", scheduledTime: 0 };
			const [outcome, listener] = during(app, work);
			await worker.scheduled(trigger, env, contexts.next());
			listener[Symbol.dispose]();
			return outcome;
		};
		return {
			app,
			database: new CountedD1(binding),
			async build() {
				await tables.remake(app.em.entities, foreignKeys);
				await run(() => {});
			},
			fetch: (request) => worker.fetch(request, env, contexts.next()),
			settle: () => contexts.settled(),
			run,
		};
	},
	files() {
		const prefix = `${crypto.randomUUID()}/`;
		return { options: { prefix }, store: r2(() => bindings.BUCKET, { prefix }) };
	},
	onUnhandled(callback) {
		const listener = ({ reason }: PromiseRejectionEvent): void => callback(reason);
		addEventListener("unhandledrejection", listener);
		onTestFinished(() => removeEventListener("unhandledrejection", listener));
	},
};

/** Everybody can reach a Worker: what a scenario may do unasked, only the config lets it do. */
function exposed(config: Config, options: Pick<RuntimeOptions, "exposure" | "platform">): Config {
	const { exposure, platform } = options;
	if (platform !== undefined) throw new Error("A Worker takes no other platform.");
	if (exposure === "loopback") throw new Error("A Worker is on no loopback address.");
	if (exposure === "public") return config;
	return { ...config, server: { access: "open", ...config.server } };
}

/** Calls `work` when the app hears of a Cron Trigger. */
function during<R>(app: App, work: () => Maybe<R>): [outcome: Promise<R>, listener: Disposable] {
	const outcome = Promise.withResolvers<R>();
	const listener = app.emgr.on(
		"app-scheduled",
		async () => {
			await Promise.resolve().then(work).then(outcome.resolve, outcome.reject);
		},
		"sync",
	);
	return [outcome.promise, listener];
}

/** The execution contexts of an app's events. */
class Contexts {
	readonly #all: ExecutionContext[] = [];

	next(): ExecutionContext {
		const context = createExecutionContext();
		this.#all.push(context);
		return context;
	}

	/** Waits until all work that was handed to them is done. */
	async settled(): Promise<void> {
		for (const context of this.#all.splice(0)) await waitOnExecutionContext(context);
	}
}

function* inTurn<T>(all: readonly T[]): Generator<T, never> {
	for (;;) yield* all;
}
