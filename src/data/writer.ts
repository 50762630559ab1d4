import { isPlainObject } from "../kernel/json.ts";
import { run, type Maybe } from "../kernel/maybe.ts";
import { deleteRow, deleteWhere } from "./delete.ts";
import type { Row } from "./entity.ts";
import { dataErrors } from "./errors.ts";
import { insertRows } from "./insert.ts";
import type { Access, Condition } from "./query/ast.ts";
import { QueryReader } from "./query/query-reader.ts";
import { updateRow, updateWhere } from "./update.ts";
import { Write, type WriteEnvironment, type WriteResult } from "./write.ts";

/**
 * The writes of one entity, for callers that stay synchronous where they can; see {@link Mutator}
 * for what they do. Inputs are unknown here: everything is checked.
 */
export class Writer {
	readonly #environment: WriteEnvironment;

	constructor(environment: WriteEnvironment) {
		this.#environment = environment;
	}

	insertOne(input: unknown): Maybe<WriteResult<Row | null>> {
		const write = new Write(this.#environment);
		return run(function* () {
			const [row] = yield* insertRows(write, [input], () => "");
			return write.result(row ?? null, row ? 1 : 0);
		});
	}

	insertMany(inputs: readonly unknown[]): Maybe<WriteResult<readonly (Row | null)[]>> {
		const { maxRows } = this.#environment;
		if (inputs.length > maxRows) throw dataErrors.create("too_many_rows", { limit: maxRows });
		const write = new Write(this.#environment);
		return run(function* () {
			const rows = yield* insertRows(write, inputs, (index) => `[${index}].`);
			return write.result(rows, rows.filter((row) => row !== null).length);
		});
	}

	updateOne(id: unknown, input: unknown): Maybe<WriteResult<Row>> {
		const write = new Write(this.#environment);
		const key = write.entity.readId(id);
		return run(function* () {
			return write.result(yield* updateRow(write, key, input), 1);
		});
	}

	updateWhere(input: unknown, where: unknown, access: Access): Maybe<WriteResult<readonly Row[]>> {
		const condition = this.#condition(where, access, "update");
		const write = new Write(this.#environment);
		return run(function* () {
			const rows = yield* updateWhere(write, condition, input);
			return write.result(rows, rows.length);
		});
	}

	deleteOne(id: unknown): Maybe<WriteResult<Row>> {
		const write = new Write(this.#environment);
		const key = write.entity.readId(id);
		return run(function* () {
			return write.result(yield* deleteRow(write, key), 1);
		});
	}

	deleteWhere(where: unknown, access: Access): Maybe<WriteResult<readonly Row[]>> {
		const condition = this.#condition(where, access, "delete");
		const write = new Write(this.#environment);
		return run(function* () {
			const rows = yield* deleteWhere(write, condition);
			return write.result(rows, rows.length);
		});
	}

	/** A bulk write says which rows it means: a where that holds for all or for none is a mistake. */
	#condition(where: unknown, access: Access, action: string): Condition {
		const missing = where === undefined || where === null;
		if (missing || (isPlainObject(where) && Object.keys(where).length === 0)) {
			throw dataErrors.create("where_required", { action });
		}
		const condition = new QueryReader(this.#environment.entity, access).readWhere(where);
		if (!condition || constant(condition) !== undefined) {
			throw dataErrors.create("where_required", { action });
		}
		return condition;
	}
}

/** Whether a condition holds for all rows, or for none, whatever is in them; undefined otherwise. */
function constant(condition: Condition): boolean | undefined {
	switch (condition.type) {
		case "and":
		case "or": {
			const decisive = condition.type === "or";
			const parts = condition.of.map(constant);
			if (parts.includes(decisive)) return decisive;
			return parts.includes(undefined) ? undefined : !decisive;
		}
		case "not": {
			const of = constant(condition.of);
			return of === undefined ? undefined : !of;
		}
		default:
			return undefined;
	}
}
