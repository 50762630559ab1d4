const POOL_BYTES = 1024;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/**
 * Makes random hexadecimal ids of a fixed length from a pool of random bytes, which is far cheaper
 * than asking the system for each one. Nothing is drawn before the first id is asked for: Workers
 * allow no randomness in global scope.
 */
export class IdSource {
	readonly #pool = new Uint8Array(POOL_BYTES);
	/** The pool in digits: an id is a piece of it, without a copy. */
	#digits = "";
	#next = 2 * POOL_BYTES;

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
		if (this.#next + 2 * bytes > 2 * POOL_BYTES) this.#draw();
		const start = this.#next;
		this.#next += 2 * bytes;
		return this.#digits.slice(start, this.#next);
	}

	#draw(): void {
		crypto.getRandomValues(this.#pool);
		let digits = "";
		for (const byte of this.#pool) digits += HEX[byte];
		this.#digits = digits;
		this.#next = 0;
	}
}
