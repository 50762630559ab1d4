import { getTableConfig, type SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import type { AnyEvent, EventClass } from "../events/event-class.ts";
import type { EventManager, EventOrigin } from "../events/event-manager.ts";
import { isAppError, summarize, type FieldError } from "../kernel/error.ts";
import { wait, type Maybe, type Steps } from "../kernel/maybe.ts";
import { DatabaseError } from "./database-error.ts";
import type { Database, SqlRow, Statement } from "./database.ts";
import type { Entity, EntityId, Row } from "./entity.ts";
import { hydrate } from "./entity.ts";
import { dataErrors } from "./errors.ts";
import { idKey } from "./row-keys.ts";
import { GUARD_CHECK } from "./guard.ts";
import type { CommitRow } from "./write-events.ts";
import { WriteBatch } from "./write-batch.ts";
import type { WriteStatements } from "./write-statements.ts";

/** What writes of one entity stand on. */
export interface WriteEnvironment {
	readonly entity: Entity;
	readonly statements: WriteStatements;
	readonly database: Database;
	readonly events: EventManager;
	readonly dialect: SQLiteSyncDialect;
	/** The most rows that one bulk write may touch. */
	readonly maxRows: number;
}

/** A listener's failure after a row was stored, which could no longer undo it. */
export interface Warning {
	readonly code: "listener_failed";
	/** The slug of the event. */
	readonly event: string;
	/** The id of the listener. */
	readonly listener: string;
	readonly message: string;
}

/** What is known about a write beside its data. */
export interface WriteMeta {
	/** Rows in the data. */
	readonly items: number;
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

const NOTHING_ADDED: Additions = { before: [], after: [] };

/** A class of events that can be made here: `EventClass` alone may be abstract. */
type WriteEventClass = (new (params: never) => AnyEvent) &
	Pick<EventClass, "slug" | "fact" | "syncOnly" | "topicFor">;

/** One write on its way through its phases: what all kinds of writes have in common. */
export class Write {
	readonly entity: Entity;
	readonly statements: WriteStatements;
	readonly maxRows: number;
	readonly #environment: WriteEnvironment;
	readonly #origin: EventOrigin;
	readonly #warnings: Warning[] = [];
	#prevented = false;

	constructor(environment: WriteEnvironment) {
		this.entity = environment.entity;
		this.statements = environment.statements;
		this.maxRows = environment.maxRows;
		this.#environment = environment;
		this.#origin = environment.events.origin();
	}

	/** Whether anybody listens to this event of this entity. */
	hears(eventClass: EventClass): boolean {
		return this.#environment.events.has(eventClass, this.entity.name);
	}

	/** Whether anybody listens to any of these events of this entity. */
	hearsAny(eventClasses: readonly EventClass[]): boolean {
		return eventClasses.some((eventClass) => this.hears(eventClass));
	}

	/** The error of a write that touches more rows than one may. */
	tooMany(): Error {
		return dataErrors.create("too_many_rows", { limit: this.maxRows });
	}

	/** Whether a listener to this event wants the row as it was before. */
	wantsPrevious(eventClass: EventClass): boolean {
		return this.#environment.events.wantsPrevious(eventClass, this.entity.name);
	}

	/** Emits an event on behalf of the code that started the write. */
	*emit<E extends AnyEvent>(event: E): Steps<E> {
		const final = yield* wait(this.#environment.events.dispatchFrom(this.#origin, event));
		for (const { listener, error } of final.errors) {
			this.#warnings.push({
				code: "listener_failed",
				event: event.slug,
				listener,
				message: isAppError(error) ? error.message : "A listener failed.",
			});
		}
		return final;
	}

	/** Lets commit listeners add their statements. */
	*commit(CommitEvent: WriteEventClass, rows: () => readonly CommitRow<Row>[]): Steps<Additions> {
		if (!this.hears(CommitEvent)) return NOTHING_ADDED;
		const batch = new WriteBatch(this.#environment.dialect);
		const params = { entity: this.entity, rows: Object.freeze(rows()), batch };
		const event = new CommitEvent(params as never);
		yield* wait(this.#environment.events.dispatchFrom(this.#origin, event));
		return batch.close();
	}

	/** Runs the statements of the write, in one atomic round trip. */
	store(statements: readonly Statement[]): Maybe<readonly (readonly SqlRow[])[]> {
		const { database } = this.#environment;
		const [only] = statements;
		if (statements.length > 1 || !only) return database.batch(statements);
		const rows = database.all(only);
		return rows instanceof Promise ? rows.then((all) => [all]) : [rows];
	}

	/** The row as it is stored now. */
	*stored(id: EntityId): Steps<Row | undefined> {
		const [row] = yield* wait(this.#environment.database.all(this.statements.read(id)));
		return row && this.hydrate(row);
	}

	/** Reads the rows with these ids as they are stored now, under their {@link idKey}. */
	*readInto(rows: Map<string, Row>, ids: readonly EntityId[]): Steps<void> {
		if (ids.length === 0) return;
		const found = yield* wait(this.#environment.database.all(this.statements.readMany(ids)));
		for (const values of found) {
			const row = this.hydrate(values);
			rows.set(idKey(this.entity.idOf(row)), row);
		}
	}

	/** Rows of a statement outside of the write's batch. */
	all(statement: Statement): Maybe<readonly SqlRow[]> {
		return this.#environment.database.all(statement);
	}

	/** A stored row as an object of all its fields. */
	hydrate(row: SqlRow): Row {
		return hydrate(this.entity.fields, row);
	}

	/** Says in the meta that a listener prevented (some of) the write. */
	prevent(): void {
		this.#prevented = true;
	}

	/** Tells those who want to know that the write failed after its before-events. */
	*fail(
		FailedEvent: WriteEventClass,
		rows: readonly { readonly entityId?: EntityId; readonly data?: Row }[],
		error: unknown,
	): Steps<void> {
		if (!this.hears(FailedEvent)) return;
		yield* this.emit(new FailedEvent({ entity: this.entity, rows, error } as never));
	}

	/** The answer to the write. */
	result<Data>(data: Data, items: number): WriteResult<Data> {
		const meta: WriteMeta = {
			items,
			...(this.#prevented ? { prevented: true } : {}),
			...(this.#warnings.length > 0 ? { warnings: this.#warnings } : {}),
		};
		return { data, meta };
	}

	/** Says a failure of the engine in the words of the schema. */
	explain(error: unknown, onGuard: () => Error): unknown {
		if (!(error instanceof DatabaseError)) return error;
		if (error.constraint === GUARD_CHECK) return onGuard();
		const { entity } = this;
		const { code } = error;
		// Another table is one that a commit listener's statement wrote to: no field of ours is at fault.
		if (error.table !== undefined && error.table !== entity.tableName) return error;
		const fields = this.#fieldNames(error.columns);
		const faults = (message: string) => fields.map((path) => ({ path, message, code }));
		const refused = (errors: readonly FieldError[]) =>
			dataErrors.create("invalid_data", { summary: summarize(errors) }, { cause: error, errors });
		switch (code) {
			case "unique":
				return dataErrors.create(
					"already_exists",
					{ entity: entity.name, fields: fields.join(", ") || "value" },
					{ cause: error, errors: faults("Is taken already.") },
				);
			case "foreign_key":
				return dataErrors.create("bad_reference", { entity: entity.name }, { cause: error });
			case "not_null":
				return refused(faults("A value is required."));
			case "check":
				return refused([{ path: "", message: this.#violated(error.constraint), code }]);
			default:
				return error;
		}
	}

	#fieldNames(columns: readonly string[]): readonly string[] {
		return columns.flatMap(
			(column) => this.entity.fields.find((field) => field.column.name === column)?.name ?? [],
		);
	}

	/** A check without a name is known by its expression, which is SQL and stays here. */
	#violated(constraint: string | undefined): string {
		const { checks } = getTableConfig(this.entity.table);
		const named = checks.some(({ name }) => name === constraint);
		return named ? `Violates ${constraint}.` : "Violates a check of the table.";
	}
}
