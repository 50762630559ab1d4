import { AppError } from "../../kernel/error.ts";
import { ErrorCatalogue } from "../../kernel/error-catalogue.ts";

/** What is wrong with a folder of migrations. */
export const migrationErrors = new ErrorCatalogue(AppError, {
	migrations_unreadable: {
		kind: "internal",
		message: "The migrations in {folder} cannot be read: {reason}.",
	},
});
