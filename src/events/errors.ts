import { ErrorCatalogue } from "../kernel/error-catalogue.ts";
import { coreErrors, EventError } from "./core-error.ts";

/**
 * Every error that the event system can make. Who bundles a `CoreEventManager` alone gets only those of
 * `coreErrors`, thanks to the annotation.
 */
export const eventErrors = /* @__PURE__ */ (() =>
	new ErrorCatalogue(EventError, {
		...coreErrors,
		bad_listener_class: { kind: "invalid", message: '"{name}" cannot be a listener: {reason}.' },
		bad_sink: { kind: "invalid", message: "A sink must have a write function." },
		bad_channel: { kind: "invalid", message: "A channel is not used right: {reason}." },
		channel_overflow: {
			kind: "unavailable",
			message: 'The channel "{id}" ended: more than {buffer} events were waiting.',
		},
		channel_timeout: { kind: "unavailable", message: "No event came within {timeout} ms." },
		channel_closed: {
			kind: "unavailable",
			message: 'The channel "{id}" was closed before an event came.',
		},
		no_history: {
			kind: "invalid",
			message: "This manager keeps no history: give it one with the option `history`.",
		},
		bad_history: { kind: "invalid", message: "The history is not used right: {reason}." },
		bad_adapter: { kind: "invalid", message: "An adapter cannot be connected: {reason}." },
		adapter_failed: {
			kind: "unavailable",
			message: 'The adapter of the bridge "{bridge}" failed to {task}.',
		},
		bad_envelope: { kind: "malformed", message: "An envelope was refused: {reason}." },
		policy_denied: {
			kind: "invalid",
			message: 'The policy does not let "{actor}" do {action} with "{resource}".',
		},
	}))();
