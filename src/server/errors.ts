import { AppError } from "../kernel/error.ts";
import { ErrorCatalogue } from "../kernel/error-catalogue.ts";

/** The errors of the server floor. */
export const serverErrors = new ErrorCatalogue(AppError, {
	no_route: { kind: "not_found", message: "There is nothing at {path}." },
	method_not_allowed: {
		kind: "method_not_allowed",
		message: "{path} does not take {method}; it takes {allowed}.",
	},
	unknown_context: { kind: "not_found", message: "{entity} has no schema {context}." },
	bad_json: { kind: "malformed", message: "The body is not JSON in UTF-8." },
	body_unreadable: { kind: "malformed", message: "The body ended before all of it had come." },
	body_used: {
		kind: "internal",
		message: "Something has read the body of this request already; read request.clone() instead.",
	},
	no_body: { kind: "malformed", message: "The request needs a JSON body." },
	body_too_large: { kind: "too_large", message: "The body is over {limit} bytes." },
	bad_options: { kind: "invalid", message: "The body was refused: {summary}" },
	bad_form: { kind: "malformed", message: "The form was not understood: {reason}." },
	file_changed: {
		kind: "precondition_failed",
		message: "The file is not as If-Match, If-None-Match or If-Unmodified-Since says.",
	},
	range_not_satisfiable: {
		kind: "range_not_satisfiable",
		message: "The file has {size} bytes, and none in this range.",
	},
	bad_parameters: { kind: "malformed", message: "The query was not understood: {summary}" },
	bad_bulk_update: {
		kind: "malformed",
		message: "A bulk update is an object of update and where.",
	},
	bad_if_match: {
		kind: "malformed",
		message: 'If-Match takes * or entity tags in quotes, such as "3".',
	},
	no_row_to_match: {
		kind: "precondition_failed",
		message: "If-Match is about one row: address it by its id, or send no If-Match.",
	},
	unauthenticated: {
		kind: "unauthenticated",
		message: "This needs Authorization: Bearer and the server's token.",
	},
	forbidden: { kind: "forbidden", message: "You may not {action} {entity} here." },
	foreign_host: {
		kind: "forbidden",
		message:
			"This server answers requests to this machine only, such as to localhost. server.access says otherwise.",
	},
	cross_site: {
		kind: "forbidden",
		message: "A page of another site may not write here, unless server.cors lets its origin in.",
	},
	no_token: {
		kind: "forbidden",
		message: "Writes are refused: this server has no BURDOCK_TOKEN.",
	},
	operator_only: {
		kind: "forbidden",
		message: "Only who runs this server may see how it works inside: {reason}.",
	},
	too_many_tails: {
		kind: "rate_limited",
		message: "{limit} readers follow the events already, and there may be no more.",
	},
	not_ready: { kind: "unavailable", message: "The {part} does not answer." },
	internal: { kind: "internal", message: "Something went wrong here. The log has the details." },
});
