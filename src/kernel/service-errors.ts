import { AppError } from "./error.ts";
import { ErrorCatalogue } from "./error-catalogue.ts";

/** The errors of services. */
export const serviceErrors = new ErrorCatalogue(AppError, {
	bad_service: { kind: "internal", message: "{service} cannot be a service: {reason}." },
	missing_service: { kind: "internal", message: 'The service "{service}" is missing: {reason}.' },
	scoped_service: {
		kind: "internal",
		message:
			'The service "{asker}" is there once for the app and needs "{service}", which is made for each scope.',
	},
	no_scope: {
		kind: "internal",
		message: 'The service "{service}" is made for each scope, and there is no scope here.',
	},
	cyclic_service: { kind: "internal", message: "Services need one another in a circle: {path}." },
	service_failed: { kind: "internal", message: 'The service "{service}" could not be made.' },
});
