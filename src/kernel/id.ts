const POOL_BYTES = 4096;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Makes random hexadecimal ids of a fixed length from a pool of random bytes, which is far cheaper
 * than asking the system for each one. Nothing is drawn before the first id is asked for: Workers
 * allow no randomness in global scope.
 */
export class IdSource {
	readonly #pool = new Uint8Array(POOL_BYTES);
	#next = POOL_BYTES;

	/** A W3C trace id: 32 hexadecimal digits. */
	traceId(): string {
		return this.#hex(16);
	}

	/** A W3C span id: 16 hexadecimal digits. */
	spanId(): string {
		return this.#hex(8);
	}

	/** An id for an event or a request: 24 hexadecimal digits, unique and not guessable. */
	id(): string {
		return this.#hex(12);
	}

	#hex(bytes: number): string {
		if (this.#next + bytes > POOL_BYTES) {
			crypto.getRandomValues(this.#pool);
			this.#next = 0;
		}
		let text = "";
		for (const end = this.#next + bytes; this.#next < end; this.#next++) {
			text += HEX[this.#pool[this.#next] ?? 0];
		}
		return text;
	}
}
