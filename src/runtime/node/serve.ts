import type { ConfigInput } from "../../app/config.ts";
import { NodeServer } from "./node-server.ts";
import type { RunningServer, ServeOptions } from "./serve-options.ts";

/**
 * Builds an app and serves it over HTTP. Resolves when it answers.
 *
 * A signal closes the server: connections end with the response that is being made, then what was
 * deferred runs. Requests get four fifths of the deadline, the deferred work what is left of it. What
 * did not finish is logged, and the process exits with 1 instead of 0; a second signal exits at once.
 *
 * @throws AppError `port_taken`, `port_forbidden`, `host_invalid`, `listen_failed`,
 * `setting_invalid`; whatever the build of the app throws. Nothing is left open then.
 *
 * @example
 * ```ts
 * const server = await serve(config, { port: 0 });
 * console.log(server.url);
 * await server.close();
 * ```
 */
export function serve(config: ConfigInput, options: ServeOptions = {}): Promise<RunningServer> {
	return NodeServer.start(config, options);
}
