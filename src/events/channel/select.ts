import type { AnyEvent } from "../event-class.ts";
import type { WaitOptions } from "./channel-options.ts";
import { badChannel } from "./channel-options.ts";
import { Channel } from "./channel.ts";
import { firstOf } from "./first-of.ts";

/** An event, and the channel that it came out of. */
export type Selected<C> =
	C extends Channel<infer E> ? { readonly channel: C; readonly event: E } : never;

/**
 * Waits for whichever channel has an event first; of several that have one, it is the first in the
 * array. The others keep theirs. Undefined once all of them are closed and empty.
 *
 * @throws (rejects) {EventError} `channel_timeout`, `bad_channel`; `channel_overflow`, once, of a
 * channel that ended because it was full. The signal's reason when it is aborted.
 * @example
 * ```ts
 * const found = await select([paid, refunded], { timeout: 1000 });
 * if (found?.channel === paid) console.log("paid", found.event.path);
 * ```
 */
export function select<C extends Channel>(
	channels: readonly C[],
	options: WaitOptions = {},
): Promise<Selected<C> | undefined> {
	// Code without types may give anything.
	const given: unknown = channels;
	if (!Array.isArray(given) || given.length === 0 || !given.every(isChannel)) {
		return Promise.reject(badChannel("select takes an array of one or more channels"));
	}
	return firstOf<AnyEvent, C>(channels, options) as Promise<Selected<C> | undefined>;
}

function isChannel(value: unknown): boolean {
	return value instanceof Channel;
}
