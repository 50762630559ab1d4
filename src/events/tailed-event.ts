/** An event as a tail tells it. */
export interface TailedEvent {
	readonly id: string;
	/** When it was emitted, in ISO 8601. */
	readonly time: string;
	readonly slug: string;
	readonly topic: string;
	readonly path?: string;
	/** The id of who acted. */
	readonly actor?: string;
	/** How many listeners lie between it and the event that nothing caused. */
	readonly depth: number;
	/** A plain copy, without secrets. */
	readonly params?: unknown;
}

/** How many events the reader has lost since the line before, because it read too slowly. */
export interface DroppedEvents {
	readonly dropped: number;
}

/** A line of a tail; those in between that are blank say that the server is still there. */
export type TailLine = TailedEvent | DroppedEvents;
