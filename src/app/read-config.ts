import { isPlainObject } from "../kernel/json.ts";
import { isPromise } from "../kernel/maybe.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { badConfig } from "./bad-config.ts";
import { checkAdapters } from "./check-adapters.ts";
import { checkInstruments } from "./check-instruments.ts";
import { checkSubscribers } from "./check-subscribers.ts";
import { checkConnection } from "./check-connection.ts";
import { checkDuties } from "./check-duties.ts";
import { checkListeners } from "./check-listeners.ts";
import type { Config, ConfigInput } from "./config.ts";

/** The keys of a config and of its parts; anything else is a mistake worth telling. */
const KEYS = {
	"": [
		"connection",
		"schema",
		"entities",
		"casing",
		"beforeBuild",
		"onServerInit",
		"onBuilt",
		"listeners",
		"duties",
		"seed",
		"migrations",
		"media",
		"server",
		"events",
		"plugins",
		"limits",
	],
	server: ["basePath", "access", "cors", "limits"],
	"server.limits": ["body"],
	"server.cors": ["origin", "credentials", "headers", "maxAge"],
	migrations: ["dir"],
	events: ["subscribers", "files", "instruments", "policy", "history", "adapters"],
	"events.history": ["size", "topics", "redact"],
	limits: ["bulkRows", "drain"],
} as const;

const PLUGIN_KEYS = ["name", "beforeBuild", "onServerInit", "onBuilt", "listeners", "duties"];
const ENTITY_KEYS = ["label", "hidden", "sort", "limit", "maxLimit", "version"];
/** The least that each number may be. */
const NUMBERS = {
	"limits.bulkRows": 1,
	"limits.drain": 0,
	"server.limits.body": 1,
	"events.history.size": 1,
} as const;
/** What browsers send as `Origin`: no path, not even a slash. */
const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^/?#\s@A-Z]+$/;
const FUNCTIONS = ["beforeBuild", "onServerInit", "onBuilt", "seed"] as const;

/**
 * Makes the config, if it is a function of the environment, and checks it.
 * @throws `bad_config` with every fault; an unknown key with the nearest one there is.
 */
export function readConfig(input: ConfigInput, env: Readonly<Record<string, unknown>>): Config {
	const config: unknown = typeof input === "function" ? input(env) : input;
	const problems: string[] = [];
	if (isPromise(config))
		throw badConfig(["The config is a promise: await it before you export it."]);
	if (!isPlainObject(config)) throw badConfig(["The config is not an object."]);
	for (const [path, keys] of Object.entries(KEYS))
		checkKeys(at(config, path), path, keys, problems);
	checkEntities(config.entities, problems);
	if (![undefined, "snake_case", "camelCase"].includes(config.casing as string | undefined)) {
		problems.push('casing is neither "snake_case" nor "camelCase".');
	}
	checkFunctions(config, "", problems);
	const { policy } = objectAt(config, "events");
	if (policy !== undefined && typeof policy !== "function") {
		problems.push("events.policy is not a function.");
	}
	checkListeners(config.listeners, "listeners", problems);
	checkConnection(config.connection, problems);
	checkDuties(config, problems);
	for (const [path, least] of Object.entries(NUMBERS)) {
		checkNumber(at(config, path), { path, least }, problems);
	}
	const { dir } = objectAt(config, "migrations");
	if (dir !== undefined && (typeof dir !== "string" || dir === "")) {
		problems.push("migrations.dir is not the name of a folder.");
	}
	if (config.media !== undefined && !isMediaPart(config.media)) {
		problems.push('media is not made by mediaLibrary of "burdock/media".');
	}
	checkServer(objectAt(config, "server"), problems);
	checkSubscribers(objectAt(config, "events"), problems);
	checkInstruments(objectAt(config, "events"), problems);
	checkAdapters(objectAt(config, "events"), problems);
	checkPlugins(config.plugins, problems);
	if (problems.length > 0) throw badConfig(problems);
	return config as Config;
}

function checkEntities(entities: unknown, problems: string[]): void {
	if (entities === undefined) return;
	if (!isPlainObject(entities)) {
		problems.push("entities is not an object.");
		return;
	}
	for (const [name, options] of Object.entries(entities)) {
		checkKeys(options, `entities.${name}`, ENTITY_KEYS, problems);
	}
}

function checkFunctions(hooks: Record<string, unknown>, path: string, problems: string[]): void {
	for (const name of FUNCTIONS) {
		if (hooks[name] !== undefined && typeof hooks[name] !== "function") {
			problems.push(`${path}${name} is not a function.`);
		}
	}
}

function isMediaPart(media: unknown): boolean {
	return isPlainObject(media) && typeof media.open === "function";
}

function checkNumber(
	value: unknown,
	{ path, least }: { readonly path: string; readonly least: number },
	problems: string[],
): void {
	if (value === undefined || (Number.isSafeInteger(value) && (value as number) >= least)) return;
	problems.push(`${path} is not a whole number, ${least} or more.`);
}

function checkServer(server: Record<string, unknown>, problems: string[]): void {
	const { access, basePath, cors } = server;
	if (access !== undefined && typeof access !== "function") {
		if (access !== "open" && access !== "read-only") {
			problems.push('server.access is neither "open", "read-only" nor a function.');
		}
	}
	if (basePath !== undefined && !/^(?:\/[\w.~-]+)+$/.test(String(basePath))) {
		problems.push('server.basePath is not a path such as "/api".');
	}
	if (isPlainObject(cors)) checkCors(cors, problems);
}

function checkCors({ origin, credentials }: Record<string, unknown>, problems: string[]): void {
	const origins: readonly unknown[] = [origin].flat();
	if (origins.some((one) => typeof one !== "string")) {
		problems.push("server.cors.origin is neither an origin nor a list of origins.");
		return;
	}
	if (credentials === true && origins.includes("*")) {
		problems.push("server.cors lets any origin in with credentials: name the origins.");
	}
	for (const one of origins as readonly string[]) {
		if (one === "*" || ORIGIN.test(one)) continue;
		problems.push(`server.cors.origin: "${one}" is not an origin such as "https://example.com".`);
	}
}

function checkPlugins(plugins: unknown, problems: string[]): void {
	if (plugins === undefined) return;
	if (!Array.isArray(plugins)) {
		problems.push("plugins is not a list.");
		return;
	}
	const names = new Set<unknown>();
	for (const [index, plugin] of plugins.entries()) {
		checkKeys(plugin, `plugins[${index}]`, PLUGIN_KEYS, problems);
		const hooks = isPlainObject(plugin) ? plugin : {};
		checkFunctions(hooks, `plugins[${index}].`, problems);
		checkListeners(hooks.listeners, `plugins[${index}].listeners`, problems);
		const { name } = hooks;
		if (typeof name !== "string" || name === "") problems.push(`plugins[${index}] has no name.`);
		else if (names.has(name)) problems.push(`Two plugins are named ${name}.`);
		names.add(name);
	}
}

function checkKeys(
	value: unknown,
	path: string,
	keys: readonly string[],
	problems: string[],
): void {
	if (value === undefined) return;
	if (!isPlainObject(value)) {
		problems.push(`${path} is not an object.`);
		return;
	}
	for (const key of Object.keys(value)) {
		if (keys.includes(key)) continue;
		const full = path === "" ? key : `${path}.${key}`;
		problems.push(`There is no key ${full}.${didYouMean(key, keys)}`);
	}
}

function at(config: Record<string, unknown>, path: string): unknown {
	return path === ""
		? config
		: path
				.split(".")
				.reduce<unknown>((value, key) => (isPlainObject(value) ? value[key] : undefined), config);
}

function objectAt(config: Record<string, unknown>, key: string): Record<string, unknown> {
	return isPlainObject(config[key]) ? config[key] : {};
}
