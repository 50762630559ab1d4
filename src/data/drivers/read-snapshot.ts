import type { EndOfTurn } from "./write-group.ts";

/** What opens and ends a transaction. */
export interface SnapshotHost {
	/** Throws what the engine throws. */
	exec(sql: string): unknown;
	/** Told that the transaction could not be ended. */
	stuck(): void;
}

/**
 * Lets the reads of one turn of the event loop share a transaction: each by itself takes and gives
 * back a lock on the file, which costs as much as the read. It opens with the second read of a turn,
 * so that a single one pays for nothing, and ends with the turn or before a write.
 */
export class ReadSnapshot {
	readonly #host: SnapshotHost;
	readonly #endOfTurn: EndOfTurn;
	#reads = 0;
	#isOpen = false;
	readonly #onEnd = (): void => {
		this.#reads = 0;
		this.end();
	};

	constructor(host: SnapshotHost, endOfTurn: EndOfTurn) {
		this.#host = host;
		this.#endOfTurn = endOfTurn;
	}

	/** Notes that a read runs now, outside of any transaction. Throws what the engine throws. */
	read(): void {
		this.#reads++;
		if (this.#reads === 1) this.#endOfTurn(this.#onEnd);
		else if (this.#reads === 2) {
			this.#host.exec("BEGIN");
			this.#isOpen = true;
		}
	}

	/** Ends it: nobody may write within. Reads of the same turn run by themselves from then on. */
	end(): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		try {
			this.#host.exec("COMMIT");
		} catch {
			this.#host.stuck();
		}
	}
}
