import type { AppPlatform } from "../../app/platform.ts";
import { D1 } from "../../data/drivers/d1.ts";
import { systemClock } from "../../kernel/clock.ts";
import type { Logger } from "../../kernel/logger.ts";
import { asyncContext } from "./async-context.ts";
import { ConsoleLogger } from "./console-logger.ts";
import type { Invocations } from "./invocations.ts";
import { StreamedDigest } from "./streamed-digest.ts";

/** The binding of the database when the config does not say. */
const DEFAULT_BINDING = "DB";

/**
 * What Workers give an app. Its settings, its database and its `waitUntil` are those of the invocation
 * that asks, so that an app may outlive the request that has built it.
 */
export function cloudflarePlatform(invocations: Invocations, logger?: Logger): AppPlatform {
	const platform: AppPlatform = {
		runtime: "cloudflare",
		get env() {
			return invocations.current?.env ?? {};
		},
		clock: systemClock,
		logger: logger ?? new ConsoleLogger(() => platform.env["LOG_LEVEL"]),
		exposure: "public",
		deferral: "await",
		build: "synchronous",
		coldStarts: "frequent",
		requestLines: "runtime",
		createContext: asyncContext,
		waitUntil: (work) => invocations.current?.context.waitUntil(work),
		createDigest: () => new StreamedDigest(),
		binding: (name) => invocations.needed("a binding").env[name],
		openDatabase({ d1: name = DEFAULT_BINDING, session }) {
			const choice = { name, session };
			return new D1(() => invocations.needed("the database").d1(choice), { location: name });
		},
	};
	return platform;
}
