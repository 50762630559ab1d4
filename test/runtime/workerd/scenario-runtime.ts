import { AsyncLocalStorage } from "node:async_hooks";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env as bindings } from "cloudflare:workers";
import { onTestFinished } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { webPlatform } from "../../../src/app/platform.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { CountedBinding, CountedD1 } from "../../support/counted-d1.ts";
import type { ScenarioRuntime } from "../../support/scenario-runtime.ts";
import { remakeTables } from "./remake-tables.ts";

/** In turn, so that a test may compare two apps; there are no more at a time. */
const databases = inTurn([bindings.DB, bindings.SECOND_DB]);

/** The platform of Workers, and D1, counted at its binding. */
export const runtime: ScenarioRuntime = {
	name: "cloudflare",
	open(config, { foreignKeys, platform, ...options }) {
		const database = databases.next().value;
		const driver = new CountedD1(new CountedBinding(database));
		const app = createApp(
			{ connection: driver, ...config },
			{
				...webPlatform(),
				runtime: "cloudflare",
				createContext() {
					const storage = new AsyncLocalStorage<never>();
					return {
						get: () => storage.getStore(),
						run: (value, work) => storage.run(value as never, work),
					};
				},
				...options,
				...platform,
			},
		);
		onTestFinished(async () => {
			await app.close({ timeout: 0 });
		});
		return {
			app,
			database: driver,
			async build() {
				await remakeTables(new D1(database), app.em.entities, foreignKeys);
				await app.build();
			},
			async fetch(request) {
				const context = createExecutionContext();
				onTestFinished(() => waitOnExecutionContext(context));
				return app.fetch(request, bindings, context);
			},
			run: async (work) => work(),
		};
	},
	onUnhandled(callback) {
		const listener = ({ reason }: PromiseRejectionEvent): void => callback(reason);
		addEventListener("unhandledrejection", listener);
		onTestFinished(() => removeEventListener("unhandledrejection", listener));
	},
};

function* inTurn<T>(all: readonly T[]): Generator<T, never> {
	for (;;) yield* all;
}
