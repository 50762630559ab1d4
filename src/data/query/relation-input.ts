import { isPlainObject } from "../../kernel/json.ts";
import type { FindOptions } from "./find-options.ts";

const PLAIN: FindOptions = Object.freeze({});

/** Reads names of relations: `author,comments`, or a list; undefined for anything else. */
export function relationNames(input: unknown): readonly string[] | undefined {
	const parts: unknown = typeof input === "string" ? [input] : input;
	if (!Array.isArray(parts) || parts.some((part) => typeof part !== "string")) return undefined;
	return (parts as readonly string[])
		.flatMap((part) => part.split(","))
		.map((name) => name.trim())
		.filter((name) => name !== "");
}

/** Reads relations with their options; undefined when they are neither names nor an object of options. */
export function relationOptions(
	input: unknown,
): readonly (readonly [name: string, options: FindOptions])[] | undefined {
	if (!isPlainObject(input)) {
		const names = relationNames(input);
		return names && [...new Set(names)].map((name) => [name, PLAIN]);
	}
	const entries = Object.entries(input).filter(([, options]) => options !== undefined);
	if (entries.some(([, options]) => !isPlainObject(options))) return undefined;
	return entries as readonly (readonly [string, FindOptions])[];
}
