import { AppError } from "../kernel/error.ts";
import { ErrorCatalogue } from "../kernel/error-catalogue.ts";

/** The errors of the data floor. */
export const dataErrors = new ErrorCatalogue(AppError, {
	schema_invalid: { kind: "internal", message: "The schema cannot be served:\n{problems}" },
	schema_mismatch: {
		kind: "internal",
		message: "The database does not have the tables of the schema:\n{problems}",
	},
	unknown_entity: { kind: "not_found", message: "There is no entity {entity}." },
	not_found: { kind: "not_found", message: "{entity} has no row with the id {id}." },
	bad_id: { kind: "malformed", message: "{id} is not an id of {entity}: expected {expected}." },
	bad_query: { kind: "malformed", message: "The query was not understood: {summary}" },
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
