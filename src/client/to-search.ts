import { toBody } from "./to-body.ts";

/** The query string of a query, with its question mark; nothing for none. */
export function toSearch(query: object): string {
	const parameters = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		if (value !== undefined) parameters.set(name, toText(value));
	}
	const text = parameters.toString();
	return text === "" ? "" : `?${text}`;
}

/** Names are a list of words, everything else that is no word or number is JSON. */
function toText(value: unknown): string {
	if (typeof value !== "object") return String(value);
	const names = Array.isArray(value) && value.every((item) => typeof item === "string");
	return names ? value.join() : toBody(value);
}
