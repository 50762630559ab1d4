import { chain, run, type Maybe, type Steps } from "../../kernel/maybe.ts";
import { BulkWhere } from "./bulk-where.ts";
import { WriteCall } from "./write-call.ts";
import type { Statement } from "../database.ts";
import type { Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import type { Cascade } from "./cascade.ts";
import type { Delete } from "./delete.ts";
import type { Insert } from "./insert.ts";
import type { Update } from "./update.ts";
import { hearsDependents } from "./hears-dependents.ts";
import { DELETE_EVENTS } from "./delete-events.ts";
import type { Permit, WritePermit } from "../permit.ts";
import type { Precondition } from "./precondition.ts";
import type { Access, Condition } from "../query/ast.ts";
import { RowReader, withUpdateDefaults } from "./row-reader.ts";
import { UnheardWrite } from "./unheard-write.ts";
import { UPDATE_EVENTS } from "./update-events.ts";
import {
	Write,
	type RowOutcome,
	type WriteEnvironment,
	type WriteResult,
	type WriteTarget,
} from "./write.ts";
import {
	prepareDelete,
	prepareDeleteWhere,
	prepareInsert,
	prepareUpdate,
	prepareUpdateWhere,
	readBulkUpdate,
} from "./prepare-write.ts";

const NO_PRECONDITION: Precondition = Object.freeze({});

/*
 * Procedures are generators of the module, never of a call: the engine makes a hidden class for each
 * generator function, which only a full collection takes away again, with all that it holds.
 */

/** What a row comes to in the answer to a bulk write. */
interface Answered {
	readonly row: Row;
	readonly outcome: RowOutcome;
}

/**
 * The writes of one entity, for callers that stay synchronous where they can; see {@link Mutator}
 * for what they do. Inputs are unknown here: everything is checked.
 */
export class Writer {
	readonly #environment: WriteEnvironment;
	/** What writes of the entity stand on. */
	readonly target: WriteTarget;
	/** Reads which rows its bulk writes are about. */
	readonly where: BulkWhere;

	constructor(environment: WriteEnvironment, target: WriteTarget) {
		this.#environment = environment;
		this.target = target;
		this.where = new BulkWhere(target.entity, environment.events);
	}

	insertOne(input: unknown, permit?: WritePermit): Maybe<WriteResult<Row | null>> {
		return this.#call(
			(call) => prepareInsert(call, this.target, [input], () => ""),
			insertedRow,
			permit,
		);
	}

	insertMany(
		inputs: readonly unknown[],
		permit?: WritePermit,
	): Maybe<WriteResult<readonly (Row | null)[]>> {
		const { maxRows } = this.#environment;
		if (inputs.length > maxRows) throw dataErrors.create("too_many_rows", { limit: maxRows });
		return this.#call(
			(call) => prepareInsert(call, this.target, inputs, (index) => `[${index}].`),
			insertedRows,
			permit,
		);
	}

	/** @param precondition Versions of an `If-Match`; one in the data is looked at anyway. */
	updateOne(
		id: unknown,
		input: unknown,
		precondition: Precondition = NO_PRECONDITION,
		permit?: WritePermit,
	): Maybe<WriteResult<Row>> {
		const key = this.target.entity.readId(id);
		return this.#call(
			(call) => prepareUpdate(call, this.target, key, input, precondition),
			writtenRow,
			permit,
		);
	}

	updateWhere(
		input: unknown,
		where: unknown,
		access: Access,
		permit?: Permit,
	): Maybe<WriteResult<readonly Row[]>> {
		return chain(this.where.read(where, access, "update", permit), (condition) =>
			this.#updateWhere(input, condition),
		);
	}

	#updateWhere(input: unknown, condition: Condition): Maybe<WriteResult<readonly Row[]>> {
		const unheard = this.#unheardUpdate(condition, input);
		if (unheard) return this.#unheard(unheard, "updated");
		return this.#call(
			(call) => prepareUpdateWhere(call, this.target, condition, input),
			writtenRows,
		);
	}

	/** @param precondition Versions of which the row must have one. */
	deleteOne(id: unknown, precondition: Precondition = NO_PRECONDITION): Maybe<WriteResult<Row>> {
		const key = this.target.entity.readId(id);
		return this.#call((call) => prepareDelete(call, this.target, key, precondition), writtenRow);
	}

	deleteWhere(where: unknown, access: Access, permit?: Permit): Maybe<WriteResult<readonly Row[]>> {
		return chain(this.where.read(where, access, "delete", permit), (condition) =>
			this.#deleteWhere(condition),
		);
	}

	#deleteWhere(condition: Condition): Maybe<WriteResult<readonly Row[]>> {
		const write = new Write(this.#environment);
		const heard =
			write.hearsAny(DELETE_EVENTS, this.target.entity) || hearsDependents(write, this.target);
		if (!heard) return this.#unheard(this.target.statements.deleteWhere(condition), "deleted");
		return this.#call((call) => prepareDeleteWhere(call, this.target, condition), writtenRows);
	}

	/** Leads one call through all phases. */
	#call<O, R>(
		prepare: (call: WriteCall) => Steps<O>,
		answer: (operation: O, write: Write) => Steps<R>,
		permit?: WritePermit,
	): Maybe<R> {
		const call = new WriteCall(new Write(this.#environment), permit);
		return run(() => phases(call, prepare, answer));
	}

	/** One statement updates all rows that match, where nobody listens and something changes. */
	#unheardUpdate(condition: Condition, input: unknown): Statement | undefined {
		const { entity, statements } = this.target;
		if (new Write(this.#environment).hearsAny(UPDATE_EVENTS, entity)) return undefined;
		const data = readBulkUpdate(this.target, input);
		if (Object.keys(data).length === 0) return undefined;
		const reader = new RowReader(entity);
		withUpdateDefaults(entity, data);
		reader.checkUpdate(data, "update.");
		reader.complain();
		return statements.updateWhere(condition, data);
	}

	#unheard(statement: Statement, outcome: RowOutcome): Maybe<WriteResult<readonly Row[]>> {
		const write = new Write(this.#environment);
		const operation = new UnheardWrite(write, this.target, statement);
		return run(() => unheardRows(write, operation, outcome));
	}
}

function* phases<O, R>(
	call: WriteCall,
	prepare: (call: WriteCall) => Steps<O>,
	answer: (operation: O, write: Write) => Steps<R>,
): Steps<R> {
	const operation = yield* call.prepare(() => prepare(call));
	yield* call.write.store(call.operations);
	return yield* answer(operation, call.write);
}

// oxlint-disable-next-line require-yield -- The insert has the row already.
function* insertedRow({ rows }: Insert, write: Write): Steps<WriteResult<Row | null>> {
	const row = rows[0]?.stored ?? null;
	return write.result(row, row ? 1 : 0);
}

// oxlint-disable-next-line require-yield -- The insert has the rows already.
function* insertedRows(
	{ rows }: Insert,
	write: Write,
): Steps<WriteResult<readonly (Row | null)[]>> {
	const stored = rows.map((row) => row.stored ?? null);
	const results = rows.map((row): RowOutcome => (row.prevented ? "prevented" : "inserted"));
	return write.result(stored, stored.filter((row) => row !== null).length, results);
}

function* writtenRow(operation: Update | Cascade | Delete, write: Write): Steps<WriteResult<Row>> {
	const [row] = yield* operation.results();
	return write.result(row as Row, 1);
}

function* writtenRows(
	operation: Update | Cascade | Delete,
	write: Write,
): Steps<WriteResult<readonly Row[]>> {
	const rows = yield* operation.results();
	const answered = rows.map(
		(row, index) => row && { row, outcome: operation.outcomes[index] as RowOutcome },
	);
	return bulkResult(write, answered);
}

function* unheardRows(
	write: Write,
	operation: UnheardWrite,
	outcome: RowOutcome,
): Steps<WriteResult<readonly Row[]>> {
	yield* write.store([operation]);
	const { rows } = operation;
	return write.result(
		rows,
		rows.length,
		rows.map(() => outcome),
	);
}

function bulkResult(
	write: Write,
	answered: readonly (Answered | undefined)[],
): WriteResult<readonly Row[]> {
	const found = answered.filter((one) => one !== undefined);
	const rows = found.map(({ row }) => row);
	return write.result(
		rows,
		rows.length,
		found.map(({ outcome }) => outcome),
	);
}
