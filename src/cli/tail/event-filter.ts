import { Pattern } from "../../events/pattern.ts";
import { isAppError } from "../../kernel/error.ts";
import { isPlainObject } from "../../kernel/json.ts";
import type { TailedEvent } from "../../events/tailed-event.ts";
import { CliError } from "../cli-error.ts";

/** Tells the events that somebody wants to see. */
export type EventFilter = (event: TailedEvent) => boolean;

/**
 * A filter made of what the command line says.
 *
 * @param path A glob over paths, in which `/` separates segments: `posts/*`.
 * @param where What the params must hold, as text: `entity=posts,data.state=live`.
 * @throws CliError when one of them cannot be read.
 */
export function eventFilter(path: string | undefined, where: string | undefined): EventFilter {
	const pattern = path === undefined ? undefined : readPath(path);
	const conditions = where === undefined ? [] : where.split(",").map(readCondition);
	return (event) =>
		(pattern === undefined || pattern.matches(swapped(event.path ?? ""))) &&
		conditions.every(([keys, text]) => textOf(valueAt(event.params, keys)) === text);
}

function readPath(path: string): Pattern {
	try {
		return Pattern.parse(swapped(path));
	} catch (cause) {
		if (!isAppError(cause)) throw cause;
		throw usage("--path", path, "--path 'posts/*', or 'posts/1'", cause);
	}
}

/** Patterns know dots as what separates segments; in paths slashes do that, and dots are letters. */
function swapped(text: string): string {
	return text.replaceAll(/[./]/g, (char) => (char === "/" ? "." : "/"));
}

function readCondition(text: string): readonly [keys: readonly string[], text: string] {
	const at = text.indexOf("=");
	const keys = text.slice(0, at).trim().split(".");
	if (at > 0 && !keys.includes("")) return [keys, text.slice(at + 1).trim()];
	throw usage("--where", text, "--where entity=posts,data.state=live");
}

function valueAt(params: unknown, keys: readonly string[]): unknown {
	return keys.reduce<unknown>((value, key) => {
		if (Array.isArray(value)) return (value as readonly unknown[])[Number(key)];
		return isPlainObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
	}, params);
}

function textOf(value: unknown): string | undefined {
	return typeof value === "string" ? value : JSON.stringify(value);
}

function usage(option: string, given: string, example: string, cause?: unknown): CliError {
	return new CliError(`${option} cannot be "${given}".`, {
		exit: "usage",
		hint: `Write: ${example}.`,
		cause,
	});
}
