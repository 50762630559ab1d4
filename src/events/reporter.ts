import type { LogFields, Logger } from "../kernel/logger.ts";
import { toPromise } from "../kernel/maybe.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Listener, ListenerInfo } from "./listener.ts";

/** Observers of what goes wrong in listeners. */
export interface FailureObservers {
	/** Told of every throw and timeout of a listener; it can't undo one. */
	readonly onError?: (event: AnyEvent, error: unknown, listener: ListenerInfo) => void;
	/** Told of every reply that an event refused; the event went on as it was. */
	readonly onInvalidReturn?: (event: AnyEvent, error: unknown, listener: ListenerInfo) => void;
}

/** Tells observers, or else the log, what went wrong in listeners. */
export class Reporter {
	readonly #observers: FailureObservers;
	readonly #logger: Logger;
	readonly #info: (listener: Listener) => ListenerInfo;
	readonly #throwers = new WeakMap<object, string>();

	constructor(
		observers: FailureObservers,
		logger: Logger,
		info: (listener: Listener) => ListenerInfo,
	) {
		this.#observers = observers;
		this.#logger = logger;
		this.#info = info;
	}

	/** The id of the listener that threw this error first. */
	listenerOf(error: unknown): string | undefined {
		return typeof error === "object" && error !== null ? this.#throwers.get(error) : undefined;
	}

	/** A throw that rejects the emit: the emitter learns of it, so nothing is logged. */
	aborted(event: AnyEvent, error: unknown, listener: Listener): void {
		this.#remember(error, listener);
		this.#observe(event, error, listener);
	}

	/** A throw that nobody waits for. */
	failed(event: AnyEvent, error: unknown, listener: Listener): void {
		this.#remember(error, listener);
		if (this.#observe(event, error, listener)) return;
		this.#logger.error("A listener failed.", { ...subjectOf(event, listener), error });
	}

	/** A reply that the event refused. */
	invalidReturn(event: AnyEvent, error: unknown, listener: Listener): void {
		const { onInvalidReturn } = this.#observers;
		if (onInvalidReturn === undefined) {
			const fields = { ...subjectOf(event, listener), error };
			this.#logger.warn("The reply of a listener was dropped.", fields);
			return;
		}
		this.#guarded(listener, () => onInvalidReturn(event, error, this.#info(listener)));
	}

	/** A reply of an async listener, which comes too late to change anything. */
	ignoredReply(event: AnyEvent, listener: Listener): void {
		if (listener.replyReported) return;
		listener.replyReported = true;
		this.#logger.warn("The reply of an async listener was ignored.", subjectOf(event, listener));
	}

	#remember(error: unknown, listener: Listener): void {
		listener.meter?.failed();
		if (typeof error !== "object" || error === null || this.#throwers.has(error)) return;
		this.#throwers.set(error, listener.id);
	}

	#observe(event: AnyEvent, error: unknown, listener: Listener): boolean {
		const { onError } = this.#observers;
		const own = listener.onError;
		if (own !== undefined) this.#guarded(listener, () => own(event, error));
		if (onError !== undefined) {
			this.#guarded(listener, () => onError(event, error, this.#info(listener)));
		}
		return own !== undefined || onError !== undefined;
	}

	#guarded(listener: Listener, observe: () => unknown): void {
		void toPromise(observe).catch((error: unknown) => {
			this.#logger.error("An observer of failures failed itself.", {
				listener: listener.id,
				error,
			});
		});
	}
}

/** What a log line is about. */
function subjectOf(event: AnyEvent, listener: Listener): LogFields {
	return { listener: listener.id, event: event.slug };
}
