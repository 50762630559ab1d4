import type { Config, ConfigInput } from "./config.ts";
import type { App } from "./app.ts";
import type { AppPlatform } from "./platform.ts";
import { BuiltApp } from "./built-app.ts";
import { readConfig } from "./read-config.ts";

/**
 * Makes an app of a config. Nothing is opened and nothing runs yet: `build()` does that, or the
 * first request.
 *
 * @param config A config, or a function that makes one from the platform's environment.
 * @param platform What the runtime gives; see `nodePlatform` of `burdock/node`.
 * @throws `bad_config`, `schema_invalid`, each naming every fault.
 * @example
 * ```ts
 * const app = createApp({ connection: { url: ":memory:" }, schema }, nodePlatform());
 * await app.build();
 * const response = await app.fetch(new Request("http://localhost/api/data/entity/posts"));
 * ```
 */
export function createApp(config: ConfigInput, platform: AppPlatform): App {
	const read: Config = readConfig(config, platform.env);
	return new BuiltApp(read, platform);
}
