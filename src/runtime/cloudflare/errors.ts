import { AppError } from "../../kernel/error.ts";
import { ErrorCatalogue } from "../../kernel/error-catalogue.ts";

/** The errors of the Cloudflare runtime. */
export const cloudflareErrors = new ErrorCatalogue(AppError, {
	no_async_context: {
		kind: "internal",
		message:
			'Burdock needs AsyncLocalStorage: set compatibility_flags = ["nodejs_als"] in wrangler.toml.',
	},
	no_d1_binding: {
		kind: "internal",
		message:
			'There is no D1 database {name}: wrangler.toml binds one with [[d1_databases]] and binding = "{name}".',
	},
	outside_of_request: {
		kind: "internal",
		message:
			"Bindings belong to a request: {what} is there while fetch, scheduled or queue runs, and for what they have started.",
	},
	bad_bookmark: {
		kind: "malformed",
		message: "{header} is not a bookmark of D1: send the one that the last response had.",
	},
	scheduled_failed: {
		kind: "internal",
		message: "{failed} of the cron trigger {cron} failed. The log has the details.",
	},
});
