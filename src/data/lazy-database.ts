import { chain, isPromise, type Maybe } from "../kernel/maybe.ts";
import { databaseErrors } from "./database-error.ts";
import type { Database, DatabaseCapabilities, SqlRow, Statement } from "./database.ts";

/**
 * A database that is opened when it is first used, so that an app can be put together without any
 * input or output. An opening that fails is tried again by the next use.
 */
export class LazyDatabase implements Database {
	readonly #open: () => Maybe<Database>;
	#database: Database | undefined;
	#opening: Promise<Database> | undefined;
	#closed = false;

	constructor(open: () => Maybe<Database>) {
		this.#open = open;
	}

	get engine(): string {
		return this.#database?.engine ?? "not opened";
	}

	get location(): string {
		return this.#database?.location ?? "";
	}

	/** What the database can do. @throws `RangeError` while it is being opened, where that takes time. */
	get capabilities(): DatabaseCapabilities {
		const database = this.opened();
		if (!isPromise(database)) return database.capabilities;
		// Of a failure the next use is told, which opens it again.
		database.catch(() => {});
		throw new RangeError("The database is not opened yet.");
	}

	/** Opens the database, unless it is open. @throws `database_unavailable` once it is closed. */
	opened(): Maybe<Database> {
		if (this.#database !== undefined) return this.#database;
		if (this.#opening !== undefined) return this.#opening;
		if (this.#closed) throw databaseErrors.create("database_unavailable", {});
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
		this.#closed = true;
		if (this.#opening !== undefined) {
			// Whoever asked for the opening is told of its failure: then there is nothing to close.
			return this.#opening.then(
				(database) => database.close(),
				() => undefined,
			);
		}
		return this.#database?.close();
	}
}
