import { eventErrors } from "../errors.ts";
import type { AnyEvent } from "../event-class.ts";
import type { ListenerOptions } from "../listener-config.ts";

/**
 * What happens to an event that finds the buffer full. `"error"`: the channel ends, and the consumer
 * is told so after the buffered events. `"drop-oldest"`, `"drop-newest"`: an event is lost, and
 * counted. `"wait"`: the emitter waits for room.
 */
export type Overflow = "error" | "drop-oldest" | "drop-newest" | "wait";

/** How much a channel holds, and which events it gets. */
export interface ChannelOptions<E extends AnyEvent = AnyEvent> extends Pick<
	ListenerOptions<E>,
	"where" | "path" | "entity" | "id" | "signal"
> {
	/** How many events may wait to be received; default 64. */
	readonly buffer?: number;
	/** Default: `"error"`. */
	readonly overflow?: Overflow;
}

/** How long to wait for an event. */
export interface WaitOptions {
	/** Milliseconds, above 0; default: no limit. */
	readonly timeout?: number | undefined;
	/** Gives up when aborted: the promise rejects with its reason. */
	readonly signal?: AbortSignal | undefined;
}

/** Which event to wait for, and how long. */
export interface NextOptions<E extends AnyEvent = AnyEvent>
	extends WaitOptions, Pick<ListenerOptions<E>, "where" | "path" | "entity"> {}

const OVERFLOWS: readonly unknown[] = ["error", "drop-oldest", "drop-newest", "wait"];

/** @throws {EventError} `bad_channel`. */
export function checkChannel(buffer: unknown, overflow: unknown): void {
	if (!Number.isInteger(buffer) || !((buffer as number) >= 1)) {
		throw badChannel(`a buffer of ${String(buffer)} is no whole number above 0`);
	}
	if (!OVERFLOWS.includes(overflow)) throw badChannel(`it has no overflow "${String(overflow)}"`);
}

/**
 * A runtime's timers go no further than 2^31 - 1 ms; beyond, they fire at once.
 *
 * @throws {EventError} `bad_channel`.
 */
export function checkTimeout(timeout: number | undefined): void {
	if (timeout === undefined || (timeout > 0 && timeout < 2 ** 31)) return;
	throw badChannel(`a timeout of ${timeout} ms is not above 0 and below 2^31`);
}

/** The error of a channel, or of who waits for it, that is not used right. */
export function badChannel(reason: string): Error {
	return eventErrors.create("bad_channel", { reason });
}
