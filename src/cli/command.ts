import type { CommandReport } from "./command-report.ts";
import type { ExitName } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

/** One option of a command. */
export interface OptionDefinition {
	/** What its value is called in the help: `PORT`; an option without takes none. */
	readonly value?: string;
	readonly short?: string;
	readonly description: string;
	/** What holds when it is not given, for the help. */
	readonly fallback?: string;
}

/** What follows a command's name beside its options. */
export interface ArgumentDefinition {
	/** What it is called in the help: `FILE`. */
	readonly name: string;
	readonly description: string;
	/** `"one"`: it has to be there; `"any"`: there may be several of it. Default: one, or none. */
	readonly count?: "one" | "any";
}

/** The values of options: texts, or true for one that takes none. */
export type OptionValues = Readonly<Record<string, string | true | undefined>>;

/** What a command is run with. */
export interface Invocation {
	readonly options: OptionValues;
	readonly args: readonly string[];
	readonly terminal: Terminal;
	/** Tells the command's app of it: whoever opens the app does that. */
	readonly report: CommandReport;
}

/** A command of `burdock`. */
export interface Command {
	readonly name: string;
	/** One line for the list of commands. */
	readonly summary: string;
	/** What people should know before they use it. */
	readonly description: string;
	/** An argument that may follow, if there is one: `GLOB`. */
	readonly argument?: ArgumentDefinition;
	readonly options: Readonly<Record<string, OptionDefinition>>;
	readonly example: string;
	/** Runs it; resolves to what the process ends with, or to nothing when a server goes on, which ends it. */
	run(invocation: Invocation): Promise<ExitName | undefined>;
}

/** Options that every command takes. */
export const COMMON_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
	"no-color": { description: "No colours; NO_COLOR=1 does the same." },
	verbose: { description: "Show the stack of an error." },
	help: { short: "h", description: "Show this help." },
};

/** Where the config is, for commands that need one. */
export const CONFIG_OPTION: Readonly<Record<string, OptionDefinition>> = {
	config: {
		value: "FILE",
		short: "c",
		description: "The config.",
		fallback: "bknd.config.ts, .mts, .js or .mjs here",
	},
};

/** Where a server listens. */
export const LISTEN_OPTIONS: Readonly<Record<string, OptionDefinition>> = {
	port: {
		value: "PORT",
		short: "p",
		description: "The port; 0 takes any that is free.",
		fallback: "$PORT, else 1337",
	},
	host: {
		value: "HOST",
		description: "The address; 0.0.0.0 lets everybody in.",
		fallback: "$HOST, else 127.0.0.1",
	},
};

/** How many processes answer. */
export const WORKERS_OPTION: Readonly<Record<string, OptionDefinition>> = {
	workers: {
		value: "N",
		short: "w",
		description: "So many processes answer, over one database.",
		fallback: "1, the process itself",
	},
};

/** For commands that describe something. */
export const JSON_OPTION: Readonly<Record<string, OptionDefinition>> = {
	json: { description: "Print JSON, for programs." },
};
