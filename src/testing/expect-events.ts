import type { EventSpy } from "./spy.ts";

/**
 * Checks how often each event was emitted. `"*"` is how many other events were: 0 allows none;
 * without it, others are not looked at.
 *
 * @throws {Error} listing every difference.
 * @example
 * ```ts
 * expectEvents(events, { "*": 0, "app-request": 1, "app-before-response": 1 });
 * ```
 */
export function expectEvents(spy: EventSpy, expected: Readonly<Record<string, number>>): void {
	const counts = spy.counts();
	const faults: string[] = [];
	for (const [slug, count] of Object.entries(expected)) {
		if (slug === "*") continue;
		const given = counts[slug] ?? 0;
		if (given !== count) faults.push(`"${slug}": expected ${count}, emitted ${given}`);
	}
	const others = Object.entries(counts).filter(([slug]) => !Object.hasOwn(expected, slug));
	const sum = others.reduce((total, [, count]) => total + count, 0);
	const allowed = expected["*"];
	if (allowed !== undefined && sum !== allowed) {
		const named = others.map(([slug, count]) => `"${slug}" ${count}`).join(", ");
		faults.push(`others: expected ${allowed}, emitted ${sum}${named === "" ? "" : ` (${named})`}`);
	}
	if (faults.length > 0) throw new Error(`Other events were emitted:\n${faults.join("\n")}`);
}
