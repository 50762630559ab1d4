import { nodeErrors } from "./errors.ts";

const HOST_CODES: ReadonlySet<string | undefined> = new Set([
	"EADDRNOTAVAIL",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EAI_FAIL",
	"EINVAL",
	"EAFNOSUPPORT",
]);

/** What the system says when it lets nobody listen, as an error that says what to do. */
export function listenError(
	cause: Error,
	{ port, host }: { readonly port: number; readonly host: string },
): Error {
	const { code } = cause as NodeJS.ErrnoException;
	const withHint = (hint: string): { cause: Error; details: { hint: string } } => ({
		cause,
		details: { hint },
	});
	if (code === "EADDRINUSE") {
		const hint = `Stop what listens there, or choose another port: --port ${port + 1}, or --port 0 for any.`;
		return nodeErrors.create("port_taken", { port, host }, withHint(hint));
	}
	if (code === "EACCES") {
		const hint = "Ports below 1024 need special rights: choose a higher one, such as 1337.";
		return nodeErrors.create("port_forbidden", { port, host }, withHint(hint));
	}
	if (HOST_CODES.has(code)) {
		const hint = "Use 127.0.0.1 for this machine only, or 0.0.0.0 for everybody.";
		return nodeErrors.create("host_invalid", { host }, withHint(hint));
	}
	return nodeErrors.create("listen_failed", { port, host }, withHint(`The system says ${code}.`));
}
