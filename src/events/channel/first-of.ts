import { eventErrors } from "../errors.ts";
import { checkTimeout } from "./channel-options.ts";
import type { WaitOptions } from "./channel-options.ts";

/** Where events come from, as those see it who wait for them. */
export interface Receivable<E> {
	/** Called, first come first served, when an event has come; all of them at the end. */
	readonly waiters: Set<() => void>;
	/** Whether nothing will come any more. */
	readonly ended: boolean;
	/** The oldest event that is there, which is then gone. Throws what made the source fail, once. */
	take(): E | undefined;
}

/** An event, and where it was taken from. */
interface Found<E, Source> {
	readonly channel: Source;
	readonly event: E;
}

/**
 * The next event of the first source, in order, that has one; undefined when all have ended. While
 * nobody waits, an event stays where it is: who gives up takes nothing.
 */
export function firstOf<E, Source extends Receivable<E>>(
	sources: readonly Source[],
	{ timeout, signal }: WaitOptions,
): Promise<Found<E, Source> | undefined> {
	return new Promise((resolve, reject) => {
		checkTimeout(timeout);
		signal?.throwIfAborted();
		const found = takeFirst<E, Source>(sources);
		if (found !== "none yet") return resolve(found);
		const disarm = (): void => {
			for (const { waiters } of sources) waiters.delete(wake);
			signal?.removeEventListener("abort", abort);
			if (timer !== undefined) clearTimeout(timer);
		};
		const giveUp = (reason: unknown): void => {
			disarm();
			reject(reason);
		};
		const abort = (): void => giveUp(signal?.reason);
		const wake = (): void => {
			const woken = takeFirst<E, Source>(sources);
			if (woken === "none yet") return;
			disarm();
			resolve(woken);
		};
		for (const { waiters } of sources) waiters.add(wake);
		signal?.addEventListener("abort", abort);
		const late = (): void =>
			giveUp(eventErrors.create("channel_timeout", { timeout: timeout ?? 0 }));
		const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
	});
}

function takeFirst<E, Source extends Receivable<E>>(
	sources: readonly Source[],
): Found<E, Source> | undefined | "none yet" {
	for (const channel of sources) {
		const event = channel.take();
		if (event !== undefined) return { channel, event };
	}
	return sources.every(({ ended }) => ended) ? undefined : "none yet";
}
