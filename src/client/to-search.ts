import { toBody } from "./to-body.ts";

const LISTS: ReadonlySet<string> = new Set(["select", "join"]);

/** The query string of a query, with its question mark; nothing for none. */
export function toSearch(query: object = {}): string {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		if (value === undefined) continue;
		if (LISTS.has(name)) parameters.set(name, (value as readonly string[]).join());
		else parameters.set(name, typeof value === "object" ? toBody(value) : String(value));
	}
	const text = parameters.toString();
	return text === "" ? "" : `?${text}`;
}
