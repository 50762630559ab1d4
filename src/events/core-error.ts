import { AppError } from "../kernel/error.ts";
import { ErrorCatalogue } from "../kernel/error-catalogue.ts";

/** An error of the event system itself, never of a listener. */
export class EventError extends AppError {}

const catalogue = new ErrorCatalogue(EventError, {
	bad_pattern: {
		kind: "invalid",
		message: 'The event pattern "{pattern}" is not valid: {reason}.',
	},
	bad_event_name: {
		kind: "invalid",
		message: 'The event name "{name}" is not valid: {reason}.',
	},
	bad_event_path: { kind: "invalid", message: 'The event "{slug}" was given an empty path.' },
	bad_listener: { kind: "invalid", message: "A listener of {ref} is not valid: {reason}." },
	unknown_event: {
		kind: "invalid",
		message: 'There is no event "{name}"; names without a dot must be registered.{hint}',
	},
	duplicate_slug: {
		kind: "conflict",
		message: 'The event "{slug}" has two classes: {first} and {second}.',
	},
	sync_only: {
		kind: "invalid",
		message: 'The event "{slug}" takes sync listeners only; "{listener}" is async.',
	},
	bad_schema: {
		kind: "invalid",
		message: 'The schema of the event "{slug}" is no Standard Schema.',
	},
	event_invalid: {
		kind: "invalid",
		message: 'The event "{slug}" does not fit its schema: {fault}.',
	},
	schema_failed: { kind: "internal", message: 'The schema of the event "{slug}" failed.' },
	not_sync_only: {
		kind: "invalid",
		message: 'The event "{slug}" is not syncOnly: use emit().',
	},
	promise_in_commit: {
		kind: "internal",
		message: 'The listener "{listener}" of "{slug}" returned a promise.',
	},
	listener_timeout: {
		kind: "unavailable",
		message: 'The listener "{listener}" of "{slug}" took longer than {timeout} ms.',
	},
	emit_too_deep: {
		kind: "internal",
		message: 'The event "{slug}" was caused by more than {limit} listeners: {path}.',
	},
	emit_loop: {
		kind: "internal",
		message: 'The listener "{listener}" caused itself for "{subject}": {path}.',
	},
	too_many_emits: {
		kind: "internal",
		message: 'The event "{slug}" is one of more than {limit} in one scope: a loop?',
	},
	invalid_event_return: {
		kind: "internal",
		message: 'A listener returned "{given}", expected "{expected}".',
	},
	manager_stopped: { kind: "unavailable", message: "The event manager was stopped." },
	no_services: {
		kind: "internal",
		message: 'The listener "{listener}" asked for a service, but there are none.',
	},
});

/** The errors of listening and emitting; `eventErrors` holds all others as well. */
export const coreErrors = catalogue.definitions;

/** Makes one of them. */
export const coreError: (typeof catalogue)["create"] = catalogue.create.bind(catalogue);
