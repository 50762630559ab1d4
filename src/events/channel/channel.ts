import type { Maybe } from "../../kernel/maybe.ts";
import { eventErrors } from "../errors.ts";
import type { AnyEvent } from "../event-class.ts";
import type { EventRef } from "../event-ref.ts";
import { classOf } from "../plan.ts";
import type { Recording } from "../recording.ts";
import type { Subscription } from "../subscription.ts";
import { checkChannel } from "./channel-options.ts";
import type { ChannelOptions, Overflow, WaitOptions } from "./channel-options.ts";
import { firstOf } from "./first-of.ts";

/**
 * Events to be received one by one, in the order in which they were emitted, at the consumer's own
 * pace. Made by `emgr.subscribe`. Close it, or leave its loop: until then it stays subscribed.
 *
 * A `for await` that is left by `break`, `return` or a throw closes the channel.
 *
 * @example
 * ```ts
 * const channel = emgr.subscribe(OrderPaid, { buffer: 100, overflow: "drop-oldest" });
 * for await (const event of channel) console.log(event.params.total);
 * ```
 */
export class Channel<E extends AnyEvent = AnyEvent>
	implements AsyncIterable<E, undefined>, Disposable
{
	/** @internal */
	readonly waiters = new Set<() => void>();
	readonly #subscription: Subscription;
	readonly #buffer: number;
	readonly #overflow: Overflow;
	/** By number, in the order in which they came. */
	readonly #events = new Map<number, E>();
	/** The number of the oldest event. */
	#first = 0;
	/** Emitters that wait for room, in the order of their events. */
	readonly #emitters: (() => void)[] = [];
	#dropped = 0;
	#error: Error | undefined;

	/**
	 * @internal
	 * @param open the channels that are open: it is among them until it closes.
	 * @throws {EventError} `bad_channel`; what `on` throws.
	 */
	constructor(
		record: Recording,
		open: Set<Disposable>,
		ref: EventRef,
		options: ChannelOptions<E> = {},
	) {
		const { buffer = 64, overflow = "error", ...config } = options as ChannelOptions;
		checkChannel(buffer, overflow);
		this.#buffer = buffer;
		this.#overflow = overflow;
		const ended = (): void => {
			open.delete(this);
			this.#end();
		};
		this.#subscription = record(ref, (event) => this.#put(event as E), { ...config, ended });
		if (!this.closed) open.add(this);
	}

	/** The id of its listener. */
	get id(): string {
		return this.#subscription.id;
	}

	/** How many events wait to be received; with those whose emitters wait for room. */
	get size(): number {
		return this.#events.size;
	}

	/** How many events were lost, where `overflow` says that they may. */
	get dropped(): number {
		return this.#dropped;
	}

	/** Whether nothing comes in any more; what is buffered can still be received. */
	get closed(): boolean {
		return !this.#subscription.active;
	}

	/** @internal */
	get ended(): boolean {
		return this.closed && this.size === 0;
	}

	/**
	 * The next event; undefined once the channel is closed and empty. Several calls are served in
	 * turn. One that is aborted, or that waited too long, takes no event.
	 *
	 * @throws (rejects) {EventError} `channel_timeout`; `channel_overflow`, once, when the channel
	 * ended because it was full; `bad_channel`. The signal's reason when it is aborted.
	 */
	receive(options: WaitOptions = {}): Promise<E | undefined> {
		return firstOf<E, this>([this], options).then((found) => found?.event);
	}

	/**
	 * Lets nothing more in. Buffered events are still delivered, those of waiting emitters too; then
	 * comes the end. A second call does nothing.
	 */
	close(): void {
		this.#subscription.unsubscribe();
	}

	[Symbol.dispose](): void {
		this.close();
	}

	[Symbol.asyncIterator](): AsyncIterator<E, undefined> {
		return {
			next: async () => {
				const value = await this.receive();
				return value === undefined ? { done: true, value } : { done: false, value };
			},
			return: () => {
				this.close();
				return Promise.resolve({ done: true, value: undefined });
			},
		};
	}

	/** @internal */
	take(): E | undefined {
		const event = this.#events.get(this.#first);
		if (event === undefined) {
			const error = this.#error;
			this.#error = undefined;
			if (error !== undefined) throw error;
			return undefined;
		}
		this.#events.delete(this.#first++);
		this.#emitters.shift()?.();
		return event;
	}

	#put(event: E): Maybe<void> {
		// An emit that began before the channel closed still calls it.
		if (this.closed) return;
		const room = this.size < this.#buffer;
		if (!room) {
			if (this.#overflow === "drop-newest" || this.#overflow === "drop-oldest") this.#dropped++;
			if (this.#overflow === "drop-newest") return;
			if (this.#overflow === "drop-oldest") this.take();
			else if (this.#overflow === "error" || classOf(event).syncOnly) return this.#fail();
		}
		this.#events.set(this.#first + this.size, event);
		const [wake] = this.waiters;
		if (wake !== undefined) return wake();
		if (room || this.#overflow !== "wait") return;
		return new Promise((resolve) => this.#emitters.push(resolve));
	}

	/** The consumer must learn that it lost something: also where the emitter can't wait. */
	#fail(): void {
		const { id } = this;
		this.#error = eventErrors.create("channel_overflow", { id, buffer: this.#buffer });
		this.close();
	}

	#end(): void {
		for (const admit of this.#emitters.splice(0)) admit();
		for (const wake of this.waiters) wake();
	}
}
