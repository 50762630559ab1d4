import type { App } from "../../app/app.ts";
import type { AppPlatform } from "../../app/platform.ts";
import type { Logger } from "../../kernel/logger.ts";
import type { CloseReport } from "./process-handlers.ts";

/** How an app is served. */
export interface ServeOptions {
	/** Default: `PORT` of the environment, else 1337; 0 takes any that is free. */
	readonly port?: number;
	/** Default: `HOST` of the environment, else `127.0.0.1`, which only this machine can reach. */
	readonly host?: string;
	/**
	 * `"handle"` (default): SIGTERM and SIGINT close the server and end the process, uncaught
	 * exceptions too; unhandled rejections are logged. `"ignore"`: the process is left to you.
	 */
	readonly signals?: "handle" | "ignore";
	/** Milliseconds that closing may take. Default: the config's `limits.drain`, else 10 000. */
	readonly drain?: number;
	/** Milliseconds between two runs of the duties; default 60 000. With several workers the first one runs them. */
	readonly dutyInterval?: number;
	/** Default: pretty lines on a terminal, JSON lines otherwise. */
	readonly logger?: Logger;
	/** Default: `nodePlatform()`, its exposure by the host. A platform of your own is used as it is. */
	readonly platform?: AppPlatform;
}

/** An app that is being served. */
export interface RunningServer {
	/** `http://127.0.0.1:1337` */
	readonly url: string;
	readonly app: App;
	/**
	 * Accepts no more connections, answers the requests in flight, runs the deferred listeners, and
	 * closes the database, all within the deadline. Every call gets the same promise.
	 */
	close(): Promise<CloseReport>;
}
