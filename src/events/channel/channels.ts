import { eventErrors } from "../errors.ts";
import type { AnyEvent } from "../event-class.ts";
import type { EventRef } from "../event-ref.ts";
import type { Recording } from "../recording.ts";
import type { ChannelOptions, NextOptions } from "./channel-options.ts";
import { Channel } from "./channel.ts";

/** The channels of a manager: it makes them, and knows those that are open. */
export class Channels {
	readonly #record: Recording;
	readonly #open = new Set<Disposable>();

	constructor(record: Recording) {
		this.#record = record;
	}

	/** How many are open, with those that somebody waits in for the next event. */
	get size(): number {
		return this.#open.size;
	}

	subscribe<E extends AnyEvent>(ref: EventRef, options?: ChannelOptions<E>): Channel<E> {
		return new Channel<E>(this.#record, this.#open, ref, options);
	}

	/**
	 * Subscribes before it returns, so that what is emitted right after is heard. The first event goes
	 * straight to who waits; what comes until the channel is closed, an instant later, is of no use.
	 */
	async next<E extends AnyEvent>(
		ref: EventRef,
		{ timeout, signal, ...config }: NextOptions<E> = {},
	): Promise<E> {
		const channel = this.subscribe<E>(ref, { ...config, buffer: 1 });
		try {
			const event = await channel.receive({ timeout, signal });
			if (event !== undefined) return event;
			throw eventErrors.create("channel_closed", { id: channel.id });
		} finally {
			channel.close();
		}
	}

	/** Closes every channel; what is buffered in one can still be received. */
	closeAll(): void {
		for (const channel of this.#open) channel[Symbol.dispose]();
	}
}
