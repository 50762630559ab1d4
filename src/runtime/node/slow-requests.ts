import type { IncomingMessage } from "node:http";

/** Milliseconds for which a body may stand still. */
const IDLE_MS = 60_000;
/** Milliseconds that a body may take whatever its pace. */
const FREE_MS = 300_000;
/** Bytes a second that it has to come with, on average, once it takes longer. */
const MIN_RATE = 1_024;

/** The body of a request on its way in, as it was looked at last. */
interface Pace {
	readonly bytesAtBegin: number;
	lookedAt: number;
	bytes: number;
	/** Milliseconds in which it was waited for: in all, and since the last byte. */
	waited: number;
	idle: number;
}

/**
 * Tells which requests send their bodies too slowly to be waited for. A large file may take as long as
 * it needs, at any pace that a poor line has; a client that stands still, or that sends a byte now and
 * then to hold its connection, may not. Requests that are there at once cost nothing.
 */
export class SlowRequests {
	readonly #now: () => number;
	readonly #paces = new WeakMap<IncomingMessage, Pace>();

	/** @param now Milliseconds of a clock that never goes back. */
	constructor(now: () => number) {
		this.#now = now;
	}

	/** To be asked again and again, every few seconds. */
	look(incoming: IncomingMessage): "fine" | "too_slow" {
		const { complete, readableLength, socket } = incoming;
		// Bun counts no bytes.
		if (complete || socket.destroyed || socket.bytesRead === 0) return "fine";
		const bytes = socket.bytesRead;
		const lookedAt = this.#now();
		const pace = this.#paces.get(incoming);
		if (!pace) {
			const first = { bytesAtBegin: bytes, lookedAt, bytes, waited: 0, idle: 0 };
			this.#paces.set(incoming, first);
			return "fine";
		}
		// What has come and was not taken yet is for the app to take: the client waits for it.
		const passed = readableLength > 0 ? 0 : lookedAt - pace.lookedAt;
		pace.waited += passed;
		pace.idle = passed === 0 || bytes !== pace.bytes ? 0 : pace.idle + passed;
		pace.bytes = bytes;
		pace.lookedAt = lookedAt;
		return isTooSlow(pace) ? "too_slow" : "fine";
	}
}

function isTooSlow({ bytesAtBegin, bytes, waited, idle }: Pace): boolean {
	const allowed = FREE_MS + ((bytes - bytesAtBegin) / MIN_RATE) * 1000;
	return idle >= IDLE_MS || waited >= allowed;
}
