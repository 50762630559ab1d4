import { AppError, type AppErrorOptions, type ErrorKind } from "../kernel/error.ts";
import { ErrorCatalogue } from "../kernel/error-catalogue.ts";

/** What a database said about a constraint, in SQL names. */
export interface DatabaseErrorOptions extends AppErrorOptions {
	/** The table whose constraint failed, as SQL calls it. */
	readonly table?: string;
	/** The columns of the constraint, as SQL calls them. */
	readonly columns?: readonly string[];
	/** The name of a CHECK, or its expression when it has no name; or the name of an index. */
	readonly constraint?: string;
}

/**
 * What every database driver throws. Its message is a constant sentence without SQL and values; the
 * driver's own error is `cause`. `table`, `columns` and `constraint` are SQL's names, for the layer
 * that knows the schema: they are not in `details`, because a client knows only property names.
 */
export class DatabaseError extends AppError {
	readonly table: string | undefined;
	readonly columns: readonly string[];
	readonly constraint: string | undefined;

	constructor(kind: ErrorKind, message: string, options: DatabaseErrorOptions = {}) {
		super(kind, message, options);
		this.table = options.table;
		this.columns = options.columns ?? [];
		this.constraint = options.constraint;
	}
}

/** The errors of the database drivers. */
export const databaseErrors = new ErrorCatalogue(DatabaseError, {
	unique: { kind: "conflict", message: "Another row has this value already." },
	foreign_key: {
		kind: "conflict",
		message: "This row refers to one that does not exist, or other rows refer to it.",
	},
	not_null: { kind: "invalid", message: "A column that needs a value has none." },
	check: { kind: "invalid", message: "A check of the table refused the row." },
	trigger: { kind: "invalid", message: "A trigger of the database refused the write." },
	type_mismatch: { kind: "invalid", message: "A value is not of its column's type." },
	value_too_large: { kind: "too_large", message: "A value is larger than the database can hold." },
	pattern_too_long: {
		kind: "malformed",
		message: "A pattern is longer than the database can match.",
	},
	query_too_complex: {
		kind: "malformed",
		message: "The query nests more deeply than the database can parse.",
	},
	query_too_large: {
		kind: "malformed",
		message: "The query is larger than the database can take.",
	},
	not_migrated: {
		kind: "unavailable",
		message:
			"The database lacks a table that Burdock needs for itself. Run burdock migrate generate, then burdock migrate apply, or on D1 npx wrangler d1 migrations apply <DB>.",
	},
	database_unavailable: {
		kind: "unavailable",
		message: "The database is busy, closed or out of reach.",
	},
	database_full: { kind: "unavailable", message: "The disk of the database is full." },
	database_read_only: { kind: "unavailable", message: "The database cannot be written to." },
	database_corrupt: { kind: "unavailable", message: "The database file is damaged." },
	not_a_database: { kind: "unavailable", message: "The file is not a SQLite database." },
	bad_parameter: {
		kind: "internal",
		message: "The parameters of a statement are refused: {reason}.",
	},
	statement_refused: { kind: "internal", message: "A statement is refused: {reason}." },
	statement_failed: { kind: "internal", message: "Statement {number} of a migration failed." },
	database_failed: { kind: "internal", message: "The database could not run a statement." },
});
