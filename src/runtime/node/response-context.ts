import type { IncomingMessage, ServerResponse } from "node:http";

/** What Node lends one request. */
export class ResponseContext {
	readonly #incoming: IncomingMessage;
	readonly #outgoing: ServerResponse;
	/** Aborted when responses should end, because the app that makes them is to close. */
	closing: AbortSignal | undefined;

	constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
		this.#incoming = incoming;
		this.#outgoing = outgoing;
	}

	/** Whether the request came with this header. */
	hasHeader(name: string): boolean {
		return this.#incoming.headers[name] !== undefined;
	}

	/** Calls `start` once the response has been handed to the system, or its connection is gone. */
	afterResponse(start: () => void): void {
		if (this.#outgoing.closed) setImmediate(start);
		else this.#outgoing.once("close", start);
	}
}
