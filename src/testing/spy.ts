import type { AnyEvent, EventClass } from "../events/event-class.ts";
import type { EventManager } from "../events/event-manager.ts";
import { Pattern } from "../events/pattern.ts";

/** Records every event that an `EventManager` emits; made by {@link spy}. */
export interface EventSpy extends Disposable {
	/** The events as they were emitted, before any listener saw them, in order. */
	readonly events: readonly AnyEvent[];
	/** Their slugs. */
	readonly slugs: readonly string[];
	/** How often each slug was emitted. */
	counts(): Readonly<Record<string, number>>;
	/** How many events a class, slug, topic or glob stands for. */
	count(ref: EventClass | string): number;
	/** Forgets what was recorded. */
	clear(): void;
}

/**
 * Records every event that is emitted from now on, until it is disposed. It listens to everything,
 * so that also events nobody else listens to are emitted.
 *
 * @example
 * ```ts
 * using events = spy(app.emgr);
 * await app.fetch(new Request("http://localhost/api/data/entity/posts/1"));
 * expectEvents(events, { "*": 0, "repository-find-one-before": 1, "repository-find-one-after": 1 });
 * ```
 */
export function spy<App>(emgr: EventManager<App>): EventSpy {
	const events: AnyEvent[] = [];
	const record = (event: AnyEvent): void => {
		events.push(event);
	};
	const subscription = emgr.onAny(record, { mode: "sync", order: -Infinity, reentrant: true });
	return {
		events,
		get slugs() {
			return events.map(({ slug }) => slug);
		},
		counts: () => countsOf(events),
		count: (ref) => events.filter(matcherOf(ref)).length,
		clear() {
			events.length = 0;
		},
		[Symbol.dispose]() {
			subscription.unsubscribe();
		},
	};
}

function countsOf(events: readonly AnyEvent[]): Record<string, number> {
	const counts: Record<string, number> = {};
	for (const { slug } of events) counts[slug] = (counts[slug] ?? 0) + 1;
	return counts;
}

function matcherOf(ref: EventClass | string): (event: AnyEvent) => boolean {
	if (typeof ref !== "string") return (event) => event.slug === ref.slug;
	const pattern = Pattern.parse(ref);
	return (event) => pattern.matches(event.slug) || pattern.matches(event.topic);
}
