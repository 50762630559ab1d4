import type { App } from "../../app/app.ts";
import type { CloseOptions } from "./process-handlers.ts";
import type { ServeOptions } from "./serve-options.ts";
import type { ServerPart } from "./server-life.ts";

/** How a server ended, for a {@link ServedCommand}. */
export interface ServedEnd {
	readonly exitCode: number;
	/** An exception that nobody caught, if that is why. */
	readonly error?: unknown;
	/** Milliseconds that may be waited for listeners. */
	readonly timeout?: number;
}

/** The command that serves: its app is told of it. */
export interface ServedCommand {
	/** The app is built, and answers nothing yet. */
	executing(app: App): Promise<void>;
	/** The app is about to close. */
	ended(app: App, end: ServedEnd): Promise<void>;
}

/** What only the command line needs. */
export interface StartOptions extends ServeOptions {
	/** Counts the requests of each app, so that `NodeServer.replace` can wait for them. */
	readonly replaceable?: true;
	/** See the platform. */
	readonly schemaChanges?: "add";
	readonly serverTiming?: boolean;
	readonly command?: ServedCommand;
	/** Default: `"whole"`. */
	readonly part?: ServerPart;
	/** Gets a way to end the process as a signal does, before anything else happens. */
	readonly handOver?: (end: (options: CloseOptions) => void) => void;
}
