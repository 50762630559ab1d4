import { setTimeout as sleep } from "node:timers/promises";
import { CliError } from "../cli-error.ts";
import { JSON_OPTION, type Command, type Invocation } from "../command.ts";
import { textOf } from "../listen-options.ts";
import { eventFilter, type EventFilter } from "../tail/event-filter.ts";
import { openEventStream, Unreachable, type StreamAddress } from "../tail/event-stream.ts";
import { eventText } from "../tail/event-text.ts";
import type { Terminal } from "../terminal.ts";
import type { TailLine } from "../../events/tailed-event.ts";

/** Milliseconds between attempts to reach a server that has gone. */
const RETRY = 1_000;

/** `burdock events tail`: what happens in a running server, as it happens. */
export const eventsTail: Command = {
	name: "events tail",
	summary: "Show what happens in a running server.",
	description:
		"Follows the events of a running server, until Ctrl-C. The server shows them to its own machine,\n" +
		"or to who sends its token, which is taken from BURDOCK_TOKEN. When the server goes away, this\n" +
		"waits until it is there again.",
	argument: {
		name: "GLOB",
		description: "Only events of this slug or topic.",
	},
	options: {
		url: {
			value: "URL",
			short: "u",
			description: "The server, with its base path unless that is /api.",
			fallback: "this machine, at $PORT, else 1337",
		},
		path: { value: "GLOB", description: "Only what happens to this: posts/1, 'posts/*'." },
		where: {
			value: "KEY=VALUE",
			short: "w",
			description: "Only where params say all of this: entity=posts,data.state=live.",
		},
		limit: { value: "N", short: "n", description: "End after so many events." },
		...JSON_OPTION,
	},
	example: "burdock events tail 'data.posts.**' --where data.state=live",
	async run(invocation) {
		const { options, args, terminal } = invocation;
		const tail = new EventsTail(invocation, {
			source: {
				url: textOf(options, "url") ?? `http://127.0.0.1:${process.env["PORT"] || 1337}`,
				glob: args[0],
				token: process.env["BURDOCK_TOKEN"] || undefined,
			},
			filter: eventFilter(textOf(options, "path"), textOf(options, "where")),
			limit: readLimit(textOf(options, "limit")),
		});
		const stop = new AbortController();
		const end = (): void => stop.abort();
		for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, end);
		try {
			await tail.follow(stop.signal);
		} catch (error) {
			if (!stop.signal.aborted) throw error;
			// The shell's ^C stands on the line already.
			if (terminal.interactive) terminal.printError("");
		}
		return "ok";
	},
};

/** What is followed, and how much of it is shown. */
interface TailTask {
	readonly source: StreamAddress;
	readonly filter: EventFilter;
	readonly limit: number;
}

/** One run of the command. */
class EventsTail {
	readonly #terminal: Terminal;
	readonly #asJson: boolean;
	readonly #task: TailTask;
	/** How many events may still be shown. */
	#left: number;

	constructor({ options, terminal }: Invocation, task: TailTask) {
		this.#terminal = terminal;
		this.#asJson = options["json"] === true;
		this.#task = task;
		this.#left = task.limit;
	}

	/** Shows events until there were enough; rejects when aborted. */
	async follow(signal: AbortSignal): Promise<void> {
		let lines = await openEventStream(this.#task.source, signal);
		this.#say(`Following ${this.#task.source.url}; Ctrl-C ends it.`);
		while (!(await this.#shown(lines, signal))) {
			this.#say("The server has gone: waiting for it.");
			lines = await this.#again(signal);
			this.#say("The server is there again.");
		}
	}

	/** Whether there were enough events before the stream ended. */
	async #shown(lines: AsyncIterable<TailLine>, signal: AbortSignal): Promise<boolean> {
		try {
			for await (const line of lines) if (this.#show(line)) return true;
		} catch (error) {
			signal.throwIfAborted();
			// A connection that breaks is a TypeError of fetch's.
			if (!(error instanceof TypeError)) throw error;
		}
		return false;
	}

	#show(line: TailLine): boolean {
		const lost = "dropped" in line;
		if (!lost && !this.#task.filter(line)) return false;
		const { paint } = this.#terminal;
		const text = this.#asJson
			? JSON.stringify(line)
			: eventText(line, paint, process.stdout.columns);
		this.#terminal.print(text);
		return !lost && --this.#left === 0;
	}

	async #again(signal: AbortSignal): Promise<AsyncIterable<TailLine>> {
		for (;;) {
			await sleep(RETRY, undefined, { signal });
			try {
				return await openEventStream(this.#task.source, signal);
			} catch (error) {
				if (!(error instanceof Unreachable)) throw error;
			}
		}
	}

	#say(text: string): void {
		this.#terminal.printError(this.#terminal.errorPaint.dim(text));
	}
}

function readLimit(text: string | undefined): number {
	if (text === undefined) return Infinity;
	if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
	throw new CliError(`--limit cannot be "${text}".`, {
		exit: "usage",
		hint: "Write a whole number, 1 or more.",
	});
}
