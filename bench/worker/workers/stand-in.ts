// @ts-nocheck
import { AsyncLocalStorage } from "node:async_hooks";
import { createApp } from "../../../dist/index.js";
import { D1 } from "../../../dist/data/drivers/d1.js";

const log = () => {};
const logger = { debug: log, info: log, warn: log, error: log, child: () => logger };
const invocation = new AsyncLocalStorage();
const platform = {
	runtime: "workers",
	env: {},
	clock: { now: () => Date.now() },
	logger,
	exposure: "public",
	deferral: "await",
	createContext() {
		const storage = new AsyncLocalStorage();
		return { get: () => storage.getStore(), run: (value, call) => storage.run(value, call) };
	},
};
export function serve(config) {
	let app;
	return {
		fetch(request, env, context) {
			return invocation.run(env, () => {
				app ??= createApp(
					{ ...config, connection: new D1(() => invocation.getStore().DB) },
					platform,
				);
				return app.fetch(request, env, context);
			});
		},
	};
}
