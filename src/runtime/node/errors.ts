import { AppError } from "../../kernel/error.ts";
import { ErrorCatalogue } from "../../kernel/error-catalogue.ts";

/** What can go wrong when a server starts. `details.hint` of each says what to do about it. */
export const nodeErrors = new ErrorCatalogue(AppError, {
	port_taken: { kind: "unavailable", message: "Port {port} of {host} is taken." },
	port_forbidden: { kind: "forbidden", message: "Port {port} of {host} may not be used." },
	host_invalid: { kind: "invalid", message: "{host} is not an address of this machine." },
	listen_failed: { kind: "unavailable", message: "Cannot listen on {host}, port {port}." },
	worker_failed: {
		kind: "unavailable",
		message: "Worker {worker} ended with {how} before it answered.",
	},
	memory_not_shared: {
		kind: "invalid",
		message: "{workers} workers cannot share a database in memory.",
	},
	setting_invalid: {
		kind: "invalid",
		message: "{setting} cannot be {value}: expected {expected}.",
	},
});
