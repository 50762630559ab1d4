import type { EventClass } from "./event-class.ts";
import type { EventRef } from "./event-ref.ts";
import { Pattern } from "./pattern.ts";

/**
 * Tells whether a slug or topic is one that a ref stands for.
 *
 * @throws {EventError} `bad_pattern`.
 */
export function matchRef(ref: EventRef): (slug: string, topic: string) => boolean {
	const refs = (Array.isArray(ref) ? ref : [ref]) as readonly (string | EventClass)[];
	const patterns = refs.map((one) => Pattern.parse(typeof one === "function" ? one.slug : one));
	return (slug, topic) =>
		patterns.some((pattern) => pattern.matches(slug) || pattern.matches(topic));
}
