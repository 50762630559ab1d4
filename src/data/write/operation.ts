import type { Steps } from "../../kernel/maybe.ts";
import type { DatabaseError } from "../database-error.ts";
import type { SqlRow, Statement } from "../database.ts";
import type { Entity } from "../schema/entity.ts";

/** The rows that each statement of a batch returned. */
export type BatchResults = readonly (readonly SqlRow[])[];

/**
 * What one insert, update or delete does in each phase. A {@link Write} leads one or several of them
 * through the phases together, with one batch.
 */
export interface Operation {
	readonly entity: Entity;
	/** The rows that it is about. */
	readonly rows: readonly unknown[];
	/** Emits the before-events, then adds defaults and checks. */
	prepare(): Steps<void>;
	/** Lets commit listeners add their statements, or refuse. */
	commit(): Steps<void>;
	/** Adds its statements to the batch, in which there are as many operations. */
	append(statements: Statement[], operations: number): void;
	/** Takes what the batch returned; false when it knows that a row was not hit. */
	take(results: BatchResults): boolean;
	/** Emits the after-events. */
	after(): Steps<void>;
	/** Tells that it failed, if its before-events have passed. */
	fail(error: unknown): Steps<void>;
	/** Looks, in a batch of as many operations, for rows that are not as they have to be; none can be without it. */
	findMissed?(operations: number): Steps<Error | undefined>;
	/** Looks for the row that a unique constraint refused: its path, or undefined; none can be without it. */
	findDuplicate?(error: DatabaseError): Steps<string | undefined>;
}
