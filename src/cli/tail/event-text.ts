import { isPlainObject } from "../../kernel/json.ts";
import { logValue, printable } from "../../kernel/log-value.ts";
import type { Paint } from "../../runtime/node/paint.ts";
import { timeOfDay } from "../../runtime/node/time-of-day.ts";
import type { TailLine } from "../../events/tailed-event.ts";

/** Characters of a line, where no terminal says how wide it is. */
const WIDTH = 160;
/** Characters that params have in any case. */
const LEAST = 24;

/** A line of a tail for people: when, what, to what, by whom, and as much of the params as fits. */
export function eventText(line: TailLine, paint: Paint, width: number = WIDTH): string {
	if ("dropped" in line) {
		return paint.yellow(`${line.dropped} events were lost: they came faster than they were read.`);
	}
	const { time, topic, path, actor, depth, params } = line;
	const at = timeOfDay(Date.parse(time));
	const cells: readonly (readonly [text: string, paint: (text: string) => string])[] = [
		[at, (text) => paint.dim(text)],
		// What a listener caused stands a little to the right of its cause.
		[`${"  ".repeat(Math.min(depth, 8))}${printable(topic)}`, (text) => paint.bold(text)],
		[path === undefined ? "" : printable(path), (text) => paint.cyan(text)],
		[actor === undefined ? "" : `by ${printable(actor)}`, (text) => paint.green(text)],
	];
	const shown = cells.filter(([text]) => text !== "");
	const used = shown.reduce((sum, [text]) => sum + text.length + 1, 0);
	const rest = cut(paramsText(params), Math.max(width - used, LEAST));
	return [...shown.map(([text, painted]) => painted(text)), paint.dim(rest)].join(" ").trimEnd();
}

function paramsText(params: unknown): string {
	if (params === undefined) return "";
	if (!isPlainObject(params)) return logValue(params);
	return Object.entries(params)
		.map(([name, value]) => `${printable(name)}=${logValue(value)}`)
		.join(" ");
}

function cut(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}
