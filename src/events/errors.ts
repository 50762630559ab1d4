import { ErrorCatalogue } from "../kernel/error-catalogue.ts";
import { coreErrors, EventError } from "./core-error.ts";

/** Every error that the event system can make. A `CoreEventManager` has those of `coreErrors` only. */
export const eventErrors = new ErrorCatalogue(EventError, {
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
	policy_denied: {
		kind: "invalid",
		message: 'The policy does not let "{actor}" do {action} with "{resource}".',
	},
});
