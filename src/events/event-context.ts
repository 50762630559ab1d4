import { IdSource } from "../kernel/id.ts";
import { systemClock } from "../kernel/clock.ts";

/** Who acts: a user, a token, a job. Augment it with what your application knows of them. */
export interface Actor {
	readonly id: string;
}

/** Which listeners led to an event. */
export interface Causation {
	/** The id of the event that nothing caused; an event's own id when it is that one. */
	readonly rootId: string;
	/** How many listeners lie between that event and this one; 0 for the root. */
	readonly depth: number;
	/** The ids of those listeners, the first one first. */
	readonly path: readonly string[];
}

/** Where, when, by whom and why an event was emitted. */
export interface EventContext {
	/** Unique, 24 hexadecimal digits; clones of an event share it. */
	readonly id: string;
	/** When the event was emitted (or its context first read), in milliseconds since the epoch. */
	readonly time: number;
	readonly actor: Actor | undefined;
	readonly request: Request | undefined;
	readonly causation: Causation;
	/** Aborted when nobody waits for the result any more. */
	readonly signal: AbortSignal | undefined;
	/** What the emitter and the scope added. */
	readonly meta: Readonly<Record<string, unknown>>;
}

/** What a scope tells its events. */
export interface ContextSource {
	readonly actor: Actor | undefined;
	readonly request: Request | undefined;
	readonly signal: AbortSignal | undefined;
	readonly meta: Readonly<Record<string, unknown>>;
	now(): number;
}

/** One link of a chain of causes: a listener that was called with an event. */
export interface Cause {
	readonly listenerId: string;
	/** What the event happened to; empty when unknown. */
	readonly subject: string;
	/** The id of the event that the listener was called with. */
	readonly eventId: string;
	readonly parent: Cause | undefined;
	/** 1 for a listener of an event that nothing caused. */
	readonly depth: number;
}

const ids = new IdSource();
const NO_META = Object.freeze({});

/** The context of one emit, made when somebody first reads it. */
export class LazyEventContext implements EventContext {
	readonly id: string;
	readonly time: number;
	readonly #own: Readonly<Record<string, unknown>> | undefined;
	readonly #ownSignal: AbortSignal | undefined;
	#source: ContextSource | undefined;
	#cause: Cause | undefined;
	#causation: Causation | undefined;

	constructor(
		source: ContextSource | undefined,
		cause: Cause | undefined,
		own: {
			readonly meta?: Readonly<Record<string, unknown>>;
			readonly signal?: AbortSignal;
			/** Of an event that happened in another process. */
			readonly id?: string;
			readonly time?: number;
		} = {},
	) {
		this.id = own.id ?? ids.id();
		this.#source = source;
		this.#cause = cause;
		this.#own = own.meta;
		this.#ownSignal = own.signal;
		this.time = own.time ?? (source === undefined ? systemClock.now() : source.now());
	}

	/** Attaches a context that was read before its event was emitted. */
	bind(source: ContextSource, cause: Cause | undefined): void {
		this.#source = source;
		this.#cause = cause;
		this.#causation = undefined;
	}

	get actor(): Actor | undefined {
		return this.#source?.actor;
	}

	get request(): Request | undefined {
		return this.#source?.request;
	}

	get signal(): AbortSignal | undefined {
		return this.#ownSignal ?? this.#source?.signal;
	}

	get meta(): Readonly<Record<string, unknown>> {
		const shared = this.#source?.meta ?? NO_META;
		return this.#own === undefined ? shared : { ...shared, ...this.#own };
	}

	get causation(): Causation {
		this.#causation ??= causationOf(this.#cause, this.id);
		return this.#causation;
	}
}

/** The ids of the listeners that led here, the first one first. */
export function listenerPath(cause: Cause | undefined): string[] {
	const path: string[] = [];
	for (let link = cause; link !== undefined; link = link.parent) path.push(link.listenerId);
	return path.reverse();
}

function causationOf(cause: Cause | undefined, ownId: string): Causation {
	let root = cause;
	while (root?.parent !== undefined) root = root.parent;
	return Object.freeze({
		rootId: root?.eventId ?? ownId,
		depth: cause?.depth ?? 0,
		path: Object.freeze(listenerPath(cause)),
	});
}
