import { coreError, EventError } from "./core-error.ts";

/**
 * Refuses a listener's reply: thrown by an event's `validate`. The reply is dropped, reported, and
 * the event goes on with the params it had.
 *
 * @example
 * ```ts
 * override validate(reply: unknown) {
 *   if (typeof reply !== "string") throw new InvalidEventReturn("string", typeof reply);
 *   return this.clone({ ...this.params, title: reply });
 * }
 * ```
 */
export class InvalidEventReturn extends EventError {
	/** What the event takes as a reply. */
	readonly expected: string;
	/** What the listener returned. */
	readonly given: string;

	constructor(expected: string, given: string) {
		const { kind, message, code } = coreError("invalid_event_return", { expected, given });
		super(kind, message, { code });
		this.expected = expected;
		this.given = given;
	}
}
