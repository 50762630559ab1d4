import type { Exposure } from "../../kernel/platform.ts";
import type { ListenOptions } from "./http-listener.ts";
import { nodeErrors } from "./errors.ts";

const PORT = 1337;
const HOST = "127.0.0.1";
const MAX_PORT = 65_535;
const MAX_WORKERS = 256;

/**
 * Where to listen: what was asked for, else what the environment says, else `127.0.0.1:1337`.
 * @throws AppError `setting_invalid` for a port that is none.
 */
export function serverSettings(
	asked: { readonly port?: number | undefined; readonly host?: string | undefined },
	env: Readonly<Record<string, unknown>>,
): ListenOptions {
	const { PORT: port, HOST: host } = env;
	return {
		port:
			asked.port === undefined ? parsePort("PORT", port || PORT) : parsePort("port", asked.port),
		host: asked.host ?? (String(host ?? "") || HOST),
	};
}

/** A port from a number or its digits. Throws `setting_invalid`, which names the setting. */
export function parsePort(setting: string, value: unknown): number {
	const port = /^\d{1,5}$/.test(String(value)) ? Number(value) : Number.NaN;
	if (port <= MAX_PORT) return port;
	throw nodeErrors.create(
		"setting_invalid",
		{ setting, value: JSON.stringify(value) ?? "undefined", expected: `0 to ${MAX_PORT}` },
		{ details: { hint: `Use a whole number, such as ${PORT}; 0 takes any port that is free.` } },
	);
}

/** A number of workers from its digits. Throws `setting_invalid`, which names the setting. */
export function parseWorkers(setting: string, value: string): number {
	const workers = /^[1-9]\d{0,2}$/.test(value) ? Number(value) : Number.NaN;
	if (workers <= MAX_WORKERS) return workers;
	throw nodeErrors.create(
		"setting_invalid",
		{ setting, value: JSON.stringify(value), expected: `1 to ${MAX_WORKERS}` },
		{ details: { hint: "One for each core of the machine at most is a good number." } },
	);
}

/** Who can reach a server that listens on this host. */
export function exposureOf(host: string): Exposure {
	const name = host.toLowerCase();
	const local = name === "localhost" || name === "::1" || /^127(?:\.\d{1,3}){3}$/.test(name);
	return local ? "loopback" : "public";
}

/** An address for people and clients on this machine. */
export function urlOf({ port, host }: ListenOptions): string {
	if (host === "0.0.0.0" || host === "::") return `http://localhost:${port}`;
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
