import type { Config, ConfigInput } from "../app/config.ts";
import type { SubscriberModule } from "../app/subscriber-module.ts";
import { isPlainObject } from "../kernel/json.ts";
import { CliError } from "./cli-error.ts";
import type { SubscriberFile } from "./find-subscribers.ts";
import { shownPath } from "./source-position.ts";

/** The subscribers that were found, and their modules in the same order. */
interface FoundSubscribers {
	readonly files: readonly SubscriberFile[];
	readonly modules: readonly object[];
}

/**
 * The config with the subscribers that were found as its `events.files`. It may name them itself, for
 * runtimes without files.
 *
 * @throws CliError, also where the config is a function, when it gives the name of a file to something else.
 */
export function withSubscribers(input: ConfigInput, found: FoundSubscribers): ConfigInput {
	if (found.files.length === 0) return input;
	return typeof input === "function"
		? (env) => configWith(input(env), found)
		: configWith(input, found);
}

/** What is not a config is left as it is: whoever reads it says what is wrong. */
function configWith(config: Config, { files, modules }: FoundSubscribers): Config {
	const events: unknown = isPlainObject(config) ? (config.events ?? {}) : undefined;
	if (!isPlainObject(events)) return config;
	const own: unknown = events["files"] ?? {};
	if (!isPlainObject(own)) return config;
	const found = files.map(({ name, path }, index) => {
		const { listen, config: options } = modules[index] as SubscriberModule;
		if (Object.hasOwn(own, name)) checkSame(own[name], listen, { name, path });
		return [name, { listen, config: options, file: shownPath(path) }] as const;
	});
	return {
		...config,
		events: { ...events, files: { ...own, ...Object.fromEntries(found) } },
	} as Config;
}

function checkSame(named: unknown, listen: unknown, { name, path }: SubscriberFile): void {
	if ((named as Partial<SubscriberModule> | null)?.listen === listen) return;
	throw new CliError(
		`events.files[${JSON.stringify(name)}] of the config is not ${shownPath(path)}.`,
		{ exit: "config", hint: "Rename one of them: both are the subscriber of this name." },
	);
}
