import { isPlainObject } from "../kernel/json.ts";
import type { ConfigPatch } from "./app.ts";
import type { Config } from "./config.ts";
import { appErrors } from "./errors.ts";

const PATCHABLE: readonly string[] = [
	"server",
	"plugins",
	"listeners",
	"beforeBuild",
	"onServerInit",
	"onBuilt",
	"duties",
	"events.subscribers",
	"events.files",
];

/**
 * A config with some of it replaced: objects key by key, all else as a whole; a key that is given as
 * undefined is as if the config had never had it.
 *
 * @throws `not_configurable` when the patch holds anything else.
 */
export function patchConfig(config: Config, patch: ConfigPatch): Config {
	const keys = [
		...Object.keys(patch),
		...Object.keys(patch.events ?? {}).map((key) => `events.${key}`),
	];
	const fixed = keys.filter((key) => key !== "events" && !PATCHABLE.includes(key));
	if (fixed.length > 0) {
		throw appErrors.create("not_configurable", {
			keys: fixed.join(", "),
			configurable: PATCHABLE.join(", "),
		});
	}
	return merged({ ...config }, { ...patch });
}

function merged<T extends Record<string, unknown>>(base: T, patch: Record<string, unknown>): T {
	const result: Record<string, unknown> = { ...base };
	for (const [key, value] of Object.entries(patch)) {
		const old = result[key];
		if (value === undefined) delete result[key];
		else result[key] = isPlainObject(old) && isPlainObject(value) ? merged(old, value) : value;
	}
	return result as T;
}
