import type { AnyEvent } from "../../events/event-class.ts";
import { isAppError } from "../../kernel/error.ts";

/** A listener's failure after a row was stored, which could no longer undo it. */
export interface Warning {
	readonly code: "listener_failed";
	/** The slug of the event. */
	readonly event: string;
	/** The id of the listener. */
	readonly listener: string;
	readonly message: string;
}

/** A warning for each listener that failed at an event; only our own errors tell what they say. */
export function warningsOf({ slug, errors }: AnyEvent): readonly Warning[] {
	return errors.map(({ listener, error }) => ({
		code: "listener_failed",
		event: slug,
		listener,
		message: isAppError(error) ? error.message : "A listener failed.",
	}));
}
