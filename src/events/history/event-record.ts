import type { EventRef } from "../event-ref.ts";

/** Which events a manager remembers, and how many. */
export interface HistoryOptions {
	/** How many events are kept; the oldest ones go first. Default: 1 000. */
	readonly size?: number;
	/** Which events: a glob, a class, or several of them. Default: all. */
	readonly topics?: EventRef;
	/** Keys whose values are not kept, at any depth and in URLs of requests, in any case: `["password"]`. */
	readonly redact?: readonly string[];
}

/** Which of the remembered events are asked for. */
export interface HistoryQuery {
	/** A slug, topic or glob, a class, or several of them. Default: all. */
	readonly ref?: EventRef;
	/** How many at most, the last ones; 0 is none. Default: 100. */
	readonly limit?: number;
	/** Only events of this time or later: a date, or milliseconds since the epoch. */
	readonly since?: Date | number;
	/** Only events of exactly this path: `posts/1`. */
	readonly path?: string;
}

/** An event as it was when its sync listeners had run: a frozen copy. */
export interface EventRecord {
	readonly id: string;
	readonly slug: string;
	readonly topic: string;
	readonly path?: string;
	/** Milliseconds since the epoch, by the manager's clock. */
	readonly time: number;
	/** Its params as plain data. */
	readonly params: unknown;
	readonly actor?: unknown;
	readonly meta: Readonly<Record<string, unknown>>;
}
