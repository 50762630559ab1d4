import { isPlainObject } from "../kernel/json.ts";
import { isPromise } from "../kernel/maybe.ts";
import { didYouMean } from "../kernel/nearest.ts";
import type { SubscriberConfig } from "./subscriber-module.ts";
import { placeOf } from "./subscribers.ts";

const KEYS: readonly (keyof SubscriberConfig)[] = [
	"events",
	"mode",
	"order",
	"entity",
	"where",
	"path",
	"once",
	"signal",
	"timeout",
	"onError",
	"previous",
	"reentrant",
];

/** Adds what is wrong with `events.files` and `events.subscribers`, and where they do not fit together. */
export function checkSubscribers(
	{ files, subscribers }: Readonly<Record<string, unknown>>,
	problems: string[],
): void {
	const modules = recordOf(files, "events.files", problems);
	const mappings = recordOf(subscribers, "events.subscribers", problems);
	for (const [name, mapping] of Object.entries(mappings)) {
		checkOptions(mapping, mappingOf(name), problems);
		if (Object.hasOwn(modules, name)) continue;
		const guess = didYouMean(name, Object.keys(modules));
		problems.push(
			`${mappingOf(name)} has no file: there is neither subscribers/${name}.ts nor ${placeOf(name, {})}.${guess}`,
		);
	}
	for (const [name, module] of Object.entries(modules)) {
		const mapping = Object.hasOwn(mappings, name) ? mappings[name] : undefined;
		checkModule(name, module, { mapping, problems });
	}
}

function checkModule(
	name: string,
	module: unknown,
	{ mapping, problems }: { readonly mapping: unknown; readonly problems: string[] },
): void {
	if (typeof module !== "object" || module === null || isPromise(module)) {
		problems.push(`${placeOf(name, {})} is not a module: import * as it.`);
		return;
	}
	const { listen, config } = module as Record<string, unknown>;
	const place = placeOf(name, module);
	if (typeof listen !== "function") problems.push(`${place} exports no function listen.`);
	checkOptions(config, `${place}: config`, problems);
	const { events = [] } = { ...asObject(config), ...asObject(mapping) } as { events?: unknown };
	if (events !== "" && !(Array.isArray(events) && events.length === 0)) return;
	problems.push(
		`${place} listens to nothing: export const config = { events: … } from it, or set ${mappingOf(name)}.events.`,
	);
}

function checkOptions(options: unknown, place: string, problems: string[]): void {
	if (options === undefined) return;
	if (!isPlainObject(options)) {
		problems.push(`${place} is not an object.`);
		return;
	}
	for (const key of Object.keys(options)) {
		if ((KEYS as readonly string[]).includes(key)) continue;
		problems.push(`There is no key ${place}.${key}.${didYouMean(key, KEYS)}`);
	}
	const { events = [] } = options;
	const names: readonly unknown[] = [events].flat();
	if (names.every((one) => typeof one === "string")) return;
	problems.push(`${place}.events is neither the name of an event nor a list of names.`);
}

function recordOf(value: unknown, place: string, problems: string[]): Record<string, unknown> {
	if (isPlainObject(value)) return value;
	if (value !== undefined) problems.push(`${place} is not an object.`);
	return {};
}

function mappingOf(name: string): string {
	return `events.subscribers[${JSON.stringify(name)}]`;
}

function asObject(value: unknown): object {
	return isPlainObject(value) ? value : {};
}
