import { parsePort, parseWorkers } from "../runtime/node/server-settings.ts";
import type { OptionValues } from "./command.ts";

/** Where to listen, as far as the command line says. Throws `setting_invalid` for a bad port. */
export function addressOf(options: OptionValues): {
	readonly port?: number;
	readonly host?: string;
} {
	const [port, host] = [textOf(options, "port"), textOf(options, "host")];
	return {
		...(port === undefined ? {} : { port: parsePort("--port", port) }),
		...(host === undefined ? {} : { host }),
	};
}

/** How many workers the command line asks for. Throws `setting_invalid` for what is no such number. */
export function workersOf(options: OptionValues): number {
	const text = textOf(options, "workers");
	return text === undefined ? 1 : parseWorkers("--workers", text);
}

/** The text of an option that takes one. */
export function textOf(options: OptionValues, name: string): string | undefined {
	const value = options[name];
	return value === true ? undefined : value;
}
