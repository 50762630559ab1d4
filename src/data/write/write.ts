import type { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import type { AnyEvent, EventClass } from "../../events/event-class.ts";
import type { EventOrigin } from "../../events/host-event-manager.ts";
import type { EventManager } from "../../events/event-manager.ts";
import { wait, type Maybe, type Steps } from "../../kernel/maybe.ts";
import type { Database, SqlRow, Statement } from "../database.ts";
import type { Dependent } from "./dependents.ts";
import type { Entity, EntityId, Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import { explainFailure, missed } from "./explain-failure.ts";
import type { BatchResults, Operation } from "./operation.ts";
import { forgetRowIds, RowReference } from "./row-reference.ts";
import type { RowStatements } from "./row-statements.ts";
import { warningsOf, type Warning } from "./warning.ts";
import { WriteBatch } from "./write-batch.ts";
import type { CommitRow } from "./row-event.ts";
import type { WriteStatements } from "./write-statements.ts";

/** What writes of one entity stand on. */
export interface WriteTarget {
	readonly entity: Entity;
	readonly statements: WriteStatements;
	/** Looks at rows that are stored already. */
	readonly stored: RowStatements;
	/** The foreign keys elsewhere that do something when a row of this entity is deleted. */
	readonly dependents: readonly Dependent[];
}

/** What writes of all entities stand on. */
export interface WriteEnvironment {
	readonly database: Database;
	readonly events: EventManager;
	readonly dialect: SQLiteSyncDialect;
	/** The most rows that one write may touch. */
	readonly maxRows: number;
	target(entity: Entity): WriteTarget;
}

/** What became of one row of a bulk write. */
export type RowOutcome = "inserted" | "updated" | "deleted" | "prevented" | "unchanged";

/** What is known about a write beside its data. */
export interface WriteMeta {
	/** Rows in the data. */
	readonly items: number;
	/** Of a bulk write: what became of each row of the data, in the same order. */
	readonly results?: readonly RowOutcome[];
	/** True when a listener prevented it (some of it, in bulk): what was prevented is not stored. */
	readonly prevented?: true;
	readonly warnings?: readonly Warning[];
}

/** The answer to a write. */
export interface WriteResult<Data> {
	readonly data: Data;
	readonly meta: WriteMeta;
}

/** Statements that commit listeners added around a write. */
export interface Additions {
	readonly before: readonly Statement[];
	readonly after: readonly Statement[];
}

/** What is added where no commit listener is. */
export const NOTHING_ADDED: Additions = Object.freeze({ before: [], after: [] });

/** A class of events that can be made here: `EventClass` alone may be abstract. */
type WriteEventClass = (new (params: never) => AnyEvent) &
	Pick<EventClass, "slug" | "fact" | "syncOnly" | "local" | "topicFor">;

/**
 * One unit of work on its way through its phases: the operations of a single write, or of several
 * that are stored together. It has one origin, one batch, and one list of warnings.
 */
export class Write {
	readonly maxRows: number;
	readonly #environment: WriteEnvironment;
	readonly #origin: EventOrigin;
	readonly #warnings: Warning[] = [];
	#prevented = false;
	#slots = 0;

	constructor(environment: WriteEnvironment) {
		this.maxRows = environment.maxRows;
		this.#environment = environment;
		this.#origin = environment.events.origin();
	}

	/** What writes of this entity stand on. */
	target(entity: Entity): WriteTarget {
		return this.#environment.target(entity);
	}

	/** Whether anybody listens to this event of this entity. */
	hears(eventClass: EventClass, entity: Entity): boolean {
		return this.#environment.events.has(eventClass, entity.name);
	}

	/** Whether anybody listens to any of these events of this entity. */
	hearsAny(eventClasses: readonly EventClass[], entity: Entity): boolean {
		return eventClasses.some((eventClass) => this.hears(eventClass, entity));
	}

	/** Whether a listener to this event wants the row as it was before. */
	wantsPrevious(eventClass: EventClass, entity: Entity): boolean {
		return this.#environment.events.wantsPrevious(eventClass, entity.name);
	}

	/** The error of a write that touches more rows than one may. */
	tooMany(): Error {
		return dataErrors.create("too_many_rows", { limit: this.maxRows });
	}

	/** Emits an event on behalf of the code that started the write. */
	*emit<E extends AnyEvent>(event: E): Steps<E> {
		const final = yield* wait(this.#environment.events.dispatchFrom(this.#origin, event));
		if (final.errors.length > 0) this.#warnings.push(...warningsOf(final));
		return final;
	}

	/** Lets commit listeners, of whom there are some, add their statements. */
	*commit(
		CommitEvent: WriteEventClass,
		entity: Entity,
		rows: () => readonly CommitRow<Row>[],
	): Steps<Additions> {
		const batch = new WriteBatch(this.#environment.dialect);
		const params = { entity, rows: Object.freeze(rows()), batch };
		const event = new CommitEvent(params as never);
		yield* wait(this.#environment.events.dispatchFrom(this.#origin, event));
		return batch.close();
	}

	/** Tells those who want to know that an operation failed after its before-events. */
	*fail(
		FailedEvent: WriteEventClass,
		entity: Entity,
		rows: readonly { readonly entityId?: EntityId; readonly data?: Row }[],
		error: unknown,
	): Steps<void> {
		if (!this.hears(FailedEvent, entity)) return;
		yield* this.emit(new FailedEvent({ entity, rows, error } as never));
	}

	/**
	 * Leads prepared operations through the other phases: all commits, one batch, all afters, each in
	 * the order of the operations.
	 *
	 * @param company How many operations each is to reckon with: one that is alone needs fewer guards.
	 * @throws Why nothing was stored, after the failed-events.
	 */
	*store(operations: readonly Operation[], company = operations.length): Steps<void> {
		try {
			for (const operation of operations) yield* operation.commit();
			yield* this.#run(operations, company);
		} catch (error) {
			const known = yield* explain(error, operations);
			yield* this.failAll(operations, known);
			throw known;
		}
		for (const operation of operations) yield* operation.after();
	}

	/** Emits the failed-events of all operations whose before-events have passed. */
	*failAll(operations: readonly Operation[], error: unknown): Steps<void> {
		for (const operation of operations) yield* operation.fail(error);
	}

	/** An SQL value for the id of a row that an operation of this write will insert. */
	reference(): RowReference {
		return new RowReference(this.#slots++);
	}

	/** Rows of a statement outside of the batch. */
	all(statement: Statement): Maybe<readonly SqlRow[]> {
		return this.#environment.database.all(statement);
	}

	/** Rows of statements outside of the batch, in one round trip. */
	read(statements: readonly Statement[]): Maybe<BatchResults> {
		const [only] = statements;
		if (statements.length > 1 || !only) return this.#environment.database.batch(statements);
		const rows = this.#environment.database.all(only);
		return rows instanceof Promise ? rows.then((all) => [all]) : [rows];
	}

	/** Says in the meta that a listener prevented (some of) the write. */
	prevent(): void {
		this.#prevented = true;
	}

	/** The answer to the write. */
	result<Data>(data: Data, items: number, results?: readonly RowOutcome[]): WriteResult<Data> {
		const meta: WriteMeta = {
			items,
			...(results ? { results } : {}),
			...(this.#prevented ? { prevented: true } : {}),
			...(this.#warnings.length > 0 ? { warnings: this.#warnings } : {}),
		};
		return { data, meta };
	}

	*#run(operations: readonly Operation[], company: number): Steps<void> {
		const statements: Statement[] = [];
		for (const operation of operations) operation.append(statements, company);
		if (statements.length === 0) return;
		if (this.#slots > 0) statements.push(forgetRowIds);
		const results = yield* wait(this.read(statements));
		for (const operation of operations) {
			if (!operation.take(results)) throw yield* missed([operation]);
		}
	}
}

/** Looking at the rows may fail as well: then that is why, since nobody knows a better reason. */
function* explain(error: unknown, operations: readonly Operation[]): Steps<unknown> {
	try {
		return yield* explainFailure(error, operations);
	} catch (failure) {
		return failure;
	}
}
