import { isAppError, type AppError } from "../kernel/error.ts";
import { CliError } from "./cli-error.ts";
import type { ExitName } from "./exit-codes.ts";
import { positionOf } from "./source-position.ts";

interface Explanation {
	readonly exit: ExitName;
	readonly hint?: string;
}

const ADDRESS: Explanation = { exit: "address" };
const CONNECTION = "Check connection.url in the config.";

/** What errors of the app mean to somebody who starts one, by code. */
const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
	bad_config: { exit: "config", hint: "Mend the config, then try again." },
	seed_failed: {
		exit: "failure",
		hint: "Mend the seed, delete the database, and start again: it seeds only an empty one.",
	},
	schema_invalid: { exit: "config", hint: "Change these tables, or don't export them." },
	no_database: { exit: "config" },
	schema_mismatch: { exit: "database" },
	migration_failed: {
		exit: "database",
		hint: "Nothing of it is stored. Mend it, then apply again.",
	},
	migrations_unreadable: { exit: "database", hint: "Get the folder back from version control." },
	database_url_invalid: { exit: "config", hint: CONNECTION },
	database_package_missing: { exit: "database" },
	database_not_opened: { exit: "database", hint: CONNECTION },
	not_a_database: { exit: "database", hint: "connection.url names a file of another program." },
	database_corrupt: { exit: "database", hint: "Restore it from a backup." },
	database_read_only: { exit: "database", hint: "Give this user the right to write there." },
	database_full: { exit: "database", hint: "Make room on the disk." },
	database_unavailable: { exit: "database", hint: "Is another program writing to it?" },
	port_taken: ADDRESS,
	port_forbidden: ADDRESS,
	host_invalid: ADDRESS,
	listen_failed: ADDRESS,
	worker_failed: { exit: "failure", hint: "The message of the worker stands above." },
	memory_not_shared: { exit: "usage" },
	setting_invalid: { exit: "usage" },
};

const LISTENING = "What a listener can say stands in docs/events.md of the package burdock.";
const NEEDING = "Services are described in docs/events.md of the package burdock.";

/** What to do about a fault of the config, by code, where the code that made it may be known. */
const CONFIG_HINTS: Readonly<Record<string, string>> = {
	bad_listener: LISTENING,
	sync_only: 'Let it be a sync listener: { mode: "sync" }.',
	bad_pattern: LISTENING,
	unknown_event:
		"burdock events '*' shows all events. One of your own has a dot in its name, or is registered in beforeBuild.",
	bad_listener_class: "Mark a method with @listen(…), or take it out of listeners.",
	missing_service: "Say in beforeBuild what it is: app.provide(…).",
	cyclic_service: "Let one of them ask for the other later: by ctx.get, in the listener.",
	scoped_service: 'Provide the one that asks with { per: "scope" }, too.',
	bad_service: NEEDING,
};

/** Why a database cannot be opened, where it is not its URL. */
const TOLD: ReadonlySet<string> = new Set([
	"database_corrupt",
	"database_read_only",
	"database_full",
]);

/** Any failure as the person at the terminal should see it. */
export function toCliError(error: unknown): CliError {
	if (error instanceof CliError) return error;
	if (isAppError(error)) return ofAppError(error);
	const message = error instanceof Error ? error.message : String(error);
	const position = positionOf(error);
	if (position === undefined) {
		return new CliError(message, {
			hint: "This may be a fault of Burdock; --verbose shows the stack.",
			cause: error,
		});
	}
	return new CliError(`${position}: ${message}`, {
		exit: "config",
		hint: "Code of the config threw this; --verbose shows the stack.",
		cause: error,
	});
}

/** That of the engine, if it says more than that the database cannot be opened. */
function codeOf({ code, cause }: AppError): string {
	const told = code === "database_not_opened" && isAppError(cause) && TOLD.has(cause.code);
	return told ? cause.code : code;
}

function ofAppError(error: AppError): CliError {
	const known = EXPLANATIONS[codeOf(error)];
	const given = error.details?.["hint"];
	const hint = typeof given === "string" ? given : known?.hint;
	if (known !== undefined) return new CliError(error.message, { ...known, hint, cause: error });
	const position = positionOf(error);
	const ofConfig = CONFIG_HINTS[error.code];
	return new CliError(position === undefined ? error.message : `${position}: ${error.message}`, {
		exit: position === undefined && ofConfig === undefined ? "failure" : "config",
		hint: hint ?? ofConfig ?? "--verbose shows the stack.",
		cause: error,
	});
}
