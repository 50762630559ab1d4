import { toDatabaseError } from "../classify-database-error.ts";
import { databaseErrors } from "../database-error.ts";

/** The calls of a remote database that are under way: what a close has to wait for. */
export class InFlight {
	#count = 0;
	#closing: Promise<void> | undefined;
	#lastIsDone: (() => void) | undefined;

	/**
	 * Runs a call; its failure becomes a `DatabaseError`.
	 *
	 * @throws DatabaseError `database_unavailable` after `close`.
	 */
	async run<T>(call: () => Promise<T>): Promise<T> {
		if (this.#closing !== undefined) throw databaseErrors.create("database_unavailable", {});
		this.#count++;
		try {
			return await call();
		} catch (error) {
			throw toDatabaseError(error);
		} finally {
			if (--this.#count === 0) this.#lastIsDone?.();
		}
	}

	/** Waits for all calls, then runs `release`, once however often it is called. */
	close(release: () => void): Promise<void> {
		this.#closing ??= this.#settled().then(release);
		return this.#closing;
	}

	#settled(): Promise<void> {
		if (this.#count === 0) return Promise.resolve();
		return new Promise((done) => {
			this.#lastIsDone = done;
		});
	}
}
