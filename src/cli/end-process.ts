/** How long what is left to do may take, once a command is over: compiled code is kept, for one. */
const GRACE_MS = 500;

/**
 * Ends the process with an exit code. A command that is over ends by itself, unless its config has
 * something open, such as a client of Redis or a timer: nobody would ever close that. What was
 * written arrives first.
 */
export function endProcess(code: number): void {
	process.exitCode = code;
	const written = [process.stdout, process.stderr].map(
		(stream) => new Promise<void>((resolve) => stream.write("", () => resolve())),
	);
	void Promise.all(written).then(() => setTimeout(() => process.exit(), GRACE_MS).unref());
}
