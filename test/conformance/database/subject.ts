import type { Database, SqlParameter, SqlRow, Statement } from "../../../src/data/database.ts";
import { DatabaseError } from "../../../src/data/database-error.ts";
import { type Maybe, toPromise } from "../../../src/kernel/maybe.ts";

/** What a driver may be unable to do. Each must be declared with its reason; it is then proven. */
export type Deviation =
	/** The columns of a batch's statements are told apart by their names only. */
	| "batch-columns-by-name"
	/** A foreign key that is checked at the commit is not reported as one. Not proven, only skipped. */
	| "deferred-foreign-keys-unclassified";

/** One suite's view of the database: everything is a promise, every test has an empty database. */
export interface Subject {
	readonly database: Database;
	all(sql: string, ...params: readonly unknown[]): Promise<readonly SqlRow[]>;
	batch(...statements: readonly Parameterised[]): Promise<readonly (readonly SqlRow[])[]>;
	/** The failure of a call; fails the test when there is none, or when it is no DatabaseError. */
	failure(call: () => Maybe<unknown>): Promise<DatabaseError>;
	readonly deviates: (deviation: Deviation) => boolean;
}

/** A text, or a text and its parameters. */
export type Parameterised = string | readonly [sql: string, ...params: unknown[]];

/** A statement that may break the rules of its type. */
export function statement(sql: string, ...params: readonly unknown[]): Statement {
	return { sql, params: params as readonly SqlParameter[] };
}

/** @see Subject.failure */
export async function failureOf(call: () => Maybe<unknown>): Promise<DatabaseError> {
	const outcome = await toPromise(call).then(
		() => undefined,
		(error: unknown) => error,
	);
	if (outcome instanceof DatabaseError) return outcome;
	throw new Error("Expected a DatabaseError.", { cause: outcome });
}
