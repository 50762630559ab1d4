import type { ServerResponse } from "node:http";

/** What Node lends one request. */
export class ResponseContext {
	readonly #outgoing: ServerResponse;

	constructor(outgoing: ServerResponse) {
		this.#outgoing = outgoing;
	}

	/** Calls `start` once the response has been handed to the system, or its connection is gone. */
	afterResponse(start: () => void): void {
		if (this.#outgoing.closed) setImmediate(start);
		else this.#outgoing.once("close", start);
	}
}
