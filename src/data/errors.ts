import { AppError } from "../kernel/error.ts";
import { ErrorCatalogue } from "../kernel/error-catalogue.ts";

/** The errors of the data floor. */
export const dataErrors = new ErrorCatalogue(AppError, {
	schema_invalid: { kind: "internal", message: "The schema cannot be served:\n{problems}" },
	schema_mismatch: {
		kind: "internal",
		message: "The database does not fit the schema:\n{problems}\n{remedy}",
	},
	migration_failed: { kind: "internal", message: "The migration {tag} failed: {reason}" },
	unknown_entity: { kind: "not_found", message: "There is no entity {entity}." },
	not_found: { kind: "not_found", message: "{entity} has no row with the id {id}." },
	bad_id: { kind: "malformed", message: "{id} is not an id of {entity}: expected {expected}." },
	bad_query: { kind: "malformed", message: "The query was not understood: {summary}" },
	bad_cursor: {
		kind: "malformed",
		message: "The cursor does not belong to this query: begin anew with an empty one.",
	},
	unknown_reference: { kind: "not_found", message: "{entity} has no relation {reference}." },
	bad_reply: {
		kind: "internal",
		message: "A listener replied with a query that cannot be run: {summary}",
	},
	invalid_data: { kind: "invalid", message: "The data was refused: {summary}" },
	where_required: { kind: "malformed", message: "A bulk {action} needs a where." },
	too_many_rows: {
		kind: "too_large",
		message: "This write would touch more than {limit} rows; split it up.",
	},
	changed_meanwhile: {
		kind: "conflict",
		message: "Some of these rows were changed meanwhile; nothing was stored.",
	},
	stale_version: {
		kind: "conflict",
		message:
			"{entity} {id} has changed: its version is {current}, not {given}. Read it again, then repeat.",
	},
	precondition_failed: {
		kind: "precondition_failed",
		message: "If-Match does not hold for {entity} {id}: {reason}.",
	},
	cascade_prevented: {
		kind: "conflict",
		message:
			"A listener prevented what has to happen to a row of {entity} before a row of {parent} can be deleted.",
	},
	row_prevented: {
		kind: "conflict",
		message:
			"A listener prevented the insert of this row of {entity}, so it has no id; look at prevented first.",
	},
	row_pending: {
		kind: "internal",
		message: "This row of {entity} is not stored yet: read it after em.atomic has resolved.",
	},
	unit_closed: {
		kind: "internal",
		message: "This unit has ended: its mutators work only while the callback of em.atomic runs.",
	},
	unit_nested: {
		kind: "internal",
		message: "em.atomic was called inside of em.atomic: use the unit of the outer one.",
	},
	unit_not_awaited: {
		kind: "internal",
		message: "A write of this unit was not awaited: {call} of {entity}. Nothing was stored.",
	},
	already_exists: {
		kind: "conflict",
		message: "{entity} has a row with this {fields} already.",
	},
	bad_reference: {
		kind: "conflict",
		message: "A row of {entity} refers to one that does not exist, or is still referred to.",
	},
	no_single_key: {
		kind: "malformed",
		message: "{entity} has a composite primary key: address its rows by where.",
	},
	bad_statement: {
		kind: "internal",
		message: "A statement added to a write batch cannot be used: {reason}.",
	},
	batch_closed: {
		kind: "internal",
		message: "Statements can be added to a write batch only while its commit event is emitted.",
	},
	raw_transaction: {
		kind: "internal",
		message:
			"app.db.transaction is not available: it would swallow the writes of other requests. Queue the statements of a write in its commit event, or use app.db.batch.",
	},
});
