import type { Database, SqlRow, Statement } from "../../src/data/database.ts";
import type { Maybe } from "../../src/kernel/maybe.ts";
import type { CountedTraffic } from "./scenario-runtime.ts";

/** A database that counts what it is asked for. */
export class CountedDatabase implements CountedTraffic {
	/** Statements that were run. */
	statements = 0;
	/** Calls of `all` and `batch`. */
	trips = 0;
	readonly #database: Database;

	constructor(database: Database) {
		this.#database = database;
	}

	get engine(): string {
		return this.#database.engine;
	}

	get location(): string {
		return this.#database.location;
	}

	get capabilities(): Database["capabilities"] {
		return this.#database.capabilities;
	}

	all(statement: Statement): Maybe<readonly SqlRow[]> {
		this.#count(1);
		return this.#database.all(statement);
	}

	batch(statements: readonly Statement[]): Maybe<readonly (readonly SqlRow[])[]> {
		this.#count(statements.length);
		return this.#database.batch(statements);
	}

	close(): Maybe<void> {
		return this.#database.close();
	}

	/** Begins to count anew. */
	reset(): void {
		this.statements = 0;
		this.trips = 0;
	}

	#count(statements: number): void {
		this.statements += statements;
		this.trips++;
	}
}
