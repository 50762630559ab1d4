import { AppError } from "../kernel/error.ts";
import { ErrorCatalogue } from "../kernel/error-catalogue.ts";

/** The errors of the app floor. */
export const appErrors = new ErrorCatalogue(AppError, {
	bad_config: { kind: "invalid", message: "The config has faults:\n{problems}" },
	no_database: {
		kind: "internal",
		message:
			"This runtime embeds no database: give createApp a platform, or the config an open database as connection.",
	},
	seed_failed: {
		kind: "internal",
		message: "The seed failed: {reason} What it had stored until then is still in the database.",
	},
	not_configurable: {
		kind: "invalid",
		message:
			"A running app cannot take over {keys}: only {configurable}. Start another app for the rest.",
	},
	build_within_build: {
		kind: "internal",
		message: "A build cannot wait for another one: build or configure the app when it is built.",
	},
	hook_waits: {
		kind: "internal",
		message:
			"{hook} of {source} returned a promise, which a build cannot wait for on this runtime: one build serves all requests, and none may wait for what another has started.",
	},
	duty_timeout: {
		kind: "unavailable",
		message: "A step of the duty {duty} has taken more than {timeout} ms: it was left to itself.",
	},
	no_media: {
		kind: "internal",
		message: "This app keeps no files: its config has no media.",
	},
	no_store: {
		kind: "internal",
		message: "This runtime has no store of files: give mediaLibrary one as store.",
	},
	no_r2_binding: {
		kind: "internal",
		message:
			'There is no R2 bucket {name}: wrangler.toml binds one with [[r2_buckets]] and binding = "{name}".',
	},
	not_built: { kind: "internal", message: "The app is not built yet: await app.build() first." },
	app_closed: { kind: "unavailable", message: "The app is closed." },
});
