import { getTableConfig } from "drizzle-orm/sqlite-core";
import { summarize, type AppError, type FieldError } from "../../kernel/error.ts";
import type { Steps } from "../../kernel/maybe.ts";
import { DatabaseError } from "../database-error.ts";
import type { Entity } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import { GUARD_CHECK } from "./guard.ts";
import type { Operation } from "./operation.ts";

/** Says why a batch failed in the words of the schema; what is no failure of the engine stays as it is. */
export function* explainFailure(error: unknown, operations: readonly Operation[]): Steps<unknown> {
	if (!(error instanceof DatabaseError)) return error;
	if (error.constraint === GUARD_CHECK) return yield* missed(operations);
	if (error.code === "foreign_key") return badReference(error, operations);
	// Another table is one that a commit listener's statement wrote to: no field of ours is at fault.
	const operation = operations.find(
		({ entity }) => error.table === undefined || entity.tableName === error.table,
	);
	if (!operation) return error;
	switch (error.code) {
		case "unique":
			return yield* alreadyExists(error, operations);
		case "not_null":
			return refused(error, faultsOf(error, operation.entity, "", "A value is required."));
		case "check":
			return refused(error, [violated(error, operations)]);
		default:
			return error;
	}
}

/** The error of a batch that a guard rolled back: a row was not there, or not as it should be. */
export function* missed(operations: readonly Operation[]): Steps<Error> {
	for (const operation of operations) {
		const error = operation.findMissed && (yield* operation.findMissed(operations.length));
		if (error) return error;
	}
	return dataErrors.create("changed_meanwhile", {});
}

function badReference(error: DatabaseError, operations: readonly Operation[]): AppError {
	const names = new Set(operations.map(({ entity }) => entity.name));
	const entity = [...names].join(" or ");
	return dataErrors.create("bad_reference", { entity }, { cause: error });
}

function* alreadyExists(error: DatabaseError, operations: readonly Operation[]): Steps<AppError> {
	const candidates = operations.filter(({ entity }) => entity.tableName === error.table);
	const entity = (candidates[0] ?? operations[0])?.entity as Entity;
	const fields = fieldNames(error, entity);
	for (const operation of candidates) {
		const path = operation.findDuplicate && (yield* operation.findDuplicate(error));
		if (path !== undefined) return taken(error, entity, path);
	}
	return taken(error, entity, "", fields);
}

function taken(
	cause: DatabaseError,
	entity: Entity,
	path: string,
	fields: readonly string[] = fieldNames(cause, entity),
): AppError {
	const errors = faultsOf(cause, entity, path, "Is taken already.");
	const named = fields.join(", ") || "value";
	return dataErrors.create(
		"already_exists",
		{ entity: entity.name, fields: named },
		{ cause, errors },
	);
}

function refused(cause: DatabaseError, errors: readonly FieldError[]): AppError {
	return dataErrors.create("invalid_data", { summary: summarize(errors) }, { cause, errors });
}

function faultsOf(
	error: DatabaseError,
	entity: Entity,
	path: string,
	message: string,
): readonly FieldError[] {
	const { code } = error;
	return fieldNames(error, entity).map((name) => ({ path: path + name, message, code }));
}

function fieldNames(error: DatabaseError, entity: Entity): readonly string[] {
	return error.columns.flatMap(
		(column) => entity.fields.find((field) => field.columnName === column)?.name ?? [],
	);
}

/** A check without a name is known by its expression, which is SQL and stays here. */
function violated(
	{ constraint, code }: DatabaseError,
	operations: readonly Operation[],
): FieldError {
	const checks = operations.flatMap(({ entity }) => getTableConfig(entity.table).checks);
	const named = checks.some(({ name }) => name === constraint);
	const message = named ? `Violates ${constraint}.` : "Violates a check of the table.";
	return { path: "", message, code };
}
