import { Event } from "../events/event.ts";
import type { App } from "./app.ts";

/** Which command of the command line runs. */
export interface CommandParams {
	readonly app: App;
	/** `start`, `migrate` … */
	readonly command: string;
	/** The options that were given, by their long names; secrets are left out. */
	readonly options: Readonly<Record<string, string | true>>;
	/** What followed the command's name beside the options. */
	readonly args: readonly string[];
}

/** A command is about to do its work; its app has just been built. */
export class CommandExecute extends Event<CommandParams> {
	static override slug = "command-execute";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.command.execute";
	}
}

/** A command has done its work; its app is about to close. Any other code than 0 says that something is amiss. */
export class CommandExecuted extends Event<CommandParams & { readonly exitCode: number }> {
	static override slug = "command-executed";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.command.executed";
	}
}

/** A command has failed; its app is about to close. */
export class CommandError extends Event<CommandParams & { readonly error: unknown }> {
	static override slug = "command-error";
	static override fact = true;
	static override local = true;
	static override topicFor(): string {
		return "app.command.error";
	}
}

declare module "../events/event-map.ts" {
	interface EventMap {
		"command-execute": CommandExecute;
		"command-executed": CommandExecuted;
		"command-error": CommandError;
	}
}
