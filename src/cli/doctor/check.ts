import type { App } from "../../app/app.ts";
import type { Config } from "../../app/config.ts";
import type { Database } from "../../data/database.ts";
import type { OptionValues } from "../command.ts";

/** What a check has found. A fault keeps something from working; a warning is worth a look. */
export interface Finding {
	readonly level: "ok" | "warning" | "fault";
	/** One sentence. */
	readonly message: string;
	/** How to mend it: one sentence, or a command. */
	readonly remedy?: string;
}

/** What is known of a project. */
export interface Facts {
	/** The folder that it is looked for in, absolute. */
	readonly folder: string;
	readonly options: OptionValues;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly nodeVersion: string;
	/** Called when the config's app was built, and before it is closed. */
	readonly onBuilt?: (app: App) => Promise<void>;
	readonly onClose?: (app: App) => Promise<void>;
}

/** What is known once the config could be read. */
export interface ConfigFacts extends Facts {
	readonly config: Config;
	/** The files that the config is made of, absolute. */
	readonly inputs: readonly string[];
	/** The app of the config on an empty database in memory, without its seed. */
	readonly app: App;
}

/** What is known once the database could be opened. */
export interface DatabaseFacts extends ConfigFacts {
	readonly database: Database;
}

/** One thing that is looked at. */
export interface Check<Needs extends Facts = Facts> {
	/** What it is about, for people: a word or two. */
	readonly name: string;
	/** What it finds, the worst first; nothing when it does not apply. */
	run(facts: Needs): readonly Finding[] | Promise<readonly Finding[]>;
}

/** Whether it keeps something from working. */
export function isFault({ level }: Finding): boolean {
	return level === "fault";
}

/** Says that all is well. */
export function ok(message: string): Finding {
	return { level: "ok", message };
}

/** Says what is worth a look. */
export function warning(message: string, remedy: string): Finding {
	return { level: "warning", message, remedy };
}

/** Says what does not work. */
export function fault(message: string, remedy: string): Finding {
	return { level: "fault", message, remedy };
}
