import { DatabaseError } from "../../data/database-error.ts";
import { ErrorCatalogue } from "../../kernel/error-catalogue.ts";

/** What can be wrong with a connection before it is one. Each message is for the person who starts. */
export const openDatabaseErrors = new ErrorCatalogue(DatabaseError, {
	database_url_invalid: { kind: "invalid", message: "The database URL is not valid: {reason}." },
	database_package_missing: {
		kind: "unavailable",
		message: "The package {package} cannot be loaded. Install it with: npm install {package}",
	},
	database_not_opened: {
		kind: "unavailable",
		message: "The database {location} cannot be opened: {reason}.",
	},
});
