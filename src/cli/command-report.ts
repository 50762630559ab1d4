import type { App } from "../app/app.ts";
import {
	CommandError,
	CommandExecute,
	CommandExecuted,
	type CommandParams,
} from "../app/command-events.ts";
import { settled } from "../app/settled.ts";
import { isSecret } from "../kernel/log-value.ts";
import type { ServedCommand, ServedEnd } from "../runtime/node/start-options.ts";
import { EXIT_CODES, type ExitName } from "./exit-codes.ts";

/** Milliseconds that listeners have when a command has ended. */
const END_MS = 10_000;
const USER_INFO = /(\w:\/\/)[^/@\s]*@/g;

/**
 * Tells the app of a command that the command runs, and how it ended. Listeners change nothing of
 * what the command does: the events are facts, and at the end nobody waits for long.
 */
export class CommandReport implements ServedCommand {
	readonly #params: Omit<CommandParams, "app">;
	#executing = false;

	constructor(
		command: string,
		given: {
			readonly options: Readonly<Record<string, string | true | undefined>>;
			readonly args: readonly string[];
		},
	) {
		const options = Object.entries(given.options).flatMap(([name, value]) =>
			value === undefined || isSecret(name)
				? []
				: [[name, value === true ? value : withoutUser(value)] as const],
		);
		this.#params = {
			command,
			options: Object.freeze(Object.fromEntries(options)),
			args: Object.freeze(given.args.map(withoutUser)),
		};
	}

	/** The command begins, in an app that has just been built. */
	async executing(app: App): Promise<void> {
		this.#executing = true;
		await emitted(app, new CommandExecute({ app, ...this.#params }));
	}

	/** It has ended, if it had begun; the app is about to close. */
	async ended(app: App, { exitCode, error, timeout = END_MS }: ServedEnd): Promise<void> {
		if (!this.#executing) return;
		this.#executing = false;
		const event =
			error === undefined
				? new CommandExecuted({ app, ...this.#params, exitCode })
				: new CommandError({ app, ...this.#params, error });
		const { emgr } = app;
		if (![CommandExecute, CommandExecuted, CommandError].some((told) => emgr.has(told))) return;
		await settled([emitted(app, event)], timeout);
		await emgr.drain({ timeout });
	}

	/** Runs the work of a command, and tells the app how it ended. */
	async around<Result>(
		app: App,
		work: () => Promise<Result>,
		exitOf: (result: Result) => ExitName = () => "ok",
	): Promise<Result> {
		let result: Result;
		try {
			result = await work();
		} catch (error) {
			await this.ended(app, { exitCode: EXIT_CODES.failure, error });
			throw error;
		}
		await this.ended(app, { exitCode: EXIT_CODES[exitOf(result)] });
		return result;
	}
}

async function emitted(app: App, event: CommandExecute): Promise<void> {
	try {
		await app.emgr.emit(event);
	} catch (error) {
		app.logger.error("An event of the command was not told.", { error });
	}
}

/** A URL without the name and the password of who opens it. */
function withoutUser(text: string): string {
	return text.replace(USER_INFO, "$1");
}
