import { isPlainObject } from "../kernel/json.ts";

/** Says what is wrong with `events.adapters` and `events.history`. */
export function checkAdapters(
	{ adapters, history }: Readonly<Record<string, unknown>>,
	problems: string[],
): void {
	if (isPlainObject(history)) {
		checkRef(history.topics ?? [], "events.history.topics", problems);
		checkRef(history.redact ?? [], "events.history.redact", problems);
	}
	if (adapters === undefined) return;
	if (!Array.isArray(adapters)) {
		problems.push("events.adapters is not a list.");
		return;
	}
	for (const [at, entry] of adapters.entries()) {
		const path = `events.adapters[${at}]`;
		const { adapter, publish, receive, source } = isPlainObject(entry) ? entry : {};
		const { publish: send } = (adapter ?? {}) as { readonly publish?: unknown };
		if (typeof send !== "function") problems.push(`${path}.adapter has no publish function.`);
		checkRef(publish, `${path}.publish`, problems);
		checkRef(receive ?? [], `${path}.receive`, problems);
		if (source !== undefined && typeof source !== "string") {
			problems.push(`${path}.source is not a text.`);
		}
	}
}

function checkRef(ref: unknown, path: string, problems: string[]): void {
	const refs: readonly unknown[] = [ref].flat();
	if (refs.every((one) => typeof one === "string" || typeof one === "function")) return;
	problems.push(`${path} is neither a name, a pattern nor a list of those.`);
}
