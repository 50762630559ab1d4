import { chain, isPromise, type Maybe } from "../kernel/maybe.ts";
import type { Database, DatabaseCapabilities, SqlRow, Statement } from "./database.ts";

/**
 * A database that is opened when it is first used, so that an app can be put together without any
 * input or output. An opening that fails is tried again by the next use.
 */
export class LazyDatabase implements Database {
	readonly #open: () => Maybe<Database>;
	#database: Database | undefined;
	#opening: Promise<Database> | undefined;

	constructor(open: () => Maybe<Database>) {
		this.#open = open;
	}

	get engine(): string {
		return this.#database?.engine ?? "not opened";
	}

	get location(): string {
		return this.#database?.location ?? "";
	}

	/** What the database can do. @throws `RangeError` before it is opened. */
	get capabilities(): DatabaseCapabilities {
		if (this.#database === undefined) throw new RangeError("The database is not opened yet.");
		return this.#database.capabilities;
	}

	/** Opens the database, unless it is open. */
	opened(): Maybe<Database> {
		if (this.#database !== undefined) return this.#database;
		if (this.#opening !== undefined) return this.#opening;
		const opening = this.#open();
		if (!isPromise(opening)) {
			this.#database = opening;
			return opening;
		}
		this.#opening = opening
			.then((database) => {
				this.#database = database;
				return database;
			})
			.finally(() => {
				this.#opening = undefined;
			});
		return this.#opening;
	}

	all(statement: Statement): Maybe<readonly SqlRow[]> {
		return this.#database === undefined
			? chain(this.opened(), (database) => database.all(statement))
			: this.#database.all(statement);
	}

	batch(statements: readonly Statement[]): Maybe<readonly (readonly SqlRow[])[]> {
		return this.#database === undefined
			? chain(this.opened(), (database) => database.batch(statements))
			: this.#database.batch(statements);
	}

	close(): Maybe<void> {
		if (this.#opening !== undefined) return this.#opening.then((database) => database.close());
		return this.#database?.close();
	}
}
