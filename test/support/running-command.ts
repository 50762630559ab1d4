import { spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";

/** A command that keeps running until it is told to stop, and what it has printed so far. */
export class RunningCommand {
	readonly #child: ChildProcess;
	readonly #ended: Promise<number | NodeJS.Signals>;
	#output = "";

	constructor(
		command: string,
		args: readonly string[],
		options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
	) {
		this.#child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
		this.#ended = new Promise((resolve, reject) => {
			this.#child.once("error", reject);
			this.#child.once("close", (code, signal) => resolve(code ?? signal ?? -1));
		});
		this.#child.stdout?.on("data", (data: Buffer) => (this.#output += data.toString()));
		this.#child.stderr?.on("data", (data: Buffer) => (this.#output += data.toString()));
	}

	/** The id of its process. */
	get pid(): number {
		return this.#child.pid ?? -1;
	}

	/** All that it has printed, errors included. */
	get output(): string {
		return this.#output;
	}

	/** Resolves when it has printed `text`; rejects with its output when it ends without. */
	printed(text: string): Promise<void> {
		return this.said(() => this.#output.includes(text));
	}

	/** Resolves when `enough` says so of what it has printed; rejects when it ends without. */
	said(enough: () => boolean): Promise<void> {
		return new Promise((resolve, reject) => {
			const streams = [this.#child.stdout, this.#child.stderr];
			const look = (): void => {
				if (!enough()) return;
				for (const stream of streams) stream?.off("data", look);
				resolve();
			};
			for (const stream of streams) stream?.on("data", look);
			look();
			this.#ended.then(
				(code) => reject(new Error(`It ended with ${code}:\n${this.#output}`)),
				reject,
			);
		});
	}

	/** Resolves to the exit code, or to the signal that killed it, once it has ended. */
	get ended(): Promise<number | NodeJS.Signals> {
		return this.#ended;
	}

	/** Sends a signal and resolves to the exit code, or to the signal that killed it. */
	stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> {
		this.#child.kill(signal);
		return this.#ended;
	}
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error("No port was given.");
	return address.port;
}
