import { isClass } from "../kernel/is-class.ts";
import { isPlainObject } from "../kernel/json.ts";

const EXPECTED = "neither a class, nor an instance of one, nor { ref, handler, config }";
const UNDEFINED = "undefined: its class stands further down, or two files import each other";
const KEYS = ["ref", "handler", "config"];

/** Notes what can't be a listener in a list of them; whether a class has any is seen at the build. */
export function checkListeners(listeners: unknown, path: string, problems: string[]): void {
	if (listeners === undefined) return;
	if (!Array.isArray(listeners)) {
		problems.push(`${path} is not a list.`);
		return;
	}
	for (const [index, listener] of listeners.entries()) {
		const place = `${path}[${index}]`;
		if (listener === undefined) problems.push(`${place} is ${UNDEFINED}.`);
		else if (isPlainObject(listener)) checkDefinition(listener, place, problems);
		else if (!isClass(listener) && !isInstance(listener)) problems.push(`${place} is ${EXPECTED}.`);
	}
}

function checkDefinition(
	definition: Record<string, unknown>,
	place: string,
	problems: string[],
): void {
	const { ref, handler } = definition;
	if (ref === undefined && handler === undefined) {
		problems.push(`${place} is ${EXPECTED}.`);
		return;
	}
	if (ref === undefined) problems.push(`${place}.ref is missing.`);
	if (typeof handler !== "function") problems.push(`${place}.handler is not a function.`);
	for (const key of Object.keys(definition)) {
		if (!KEYS.includes(key)) problems.push(`There is no key ${place}.${key}.`);
	}
}

function isInstance(value: unknown): boolean {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}
