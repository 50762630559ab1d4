import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MIB = 1024 * 1024;
const SAMPLE_MS = 50;

/** A server in a process of its own, whose memory is watched. Sizes are MiB. */
export class ServerUnderTest {
	readonly url: string;
	readonly #child: ChildProcess;

	private constructor(child: ChildProcess, url: string) {
		this.#child = child;
		this.url = url;
	}

	/** Starts `large-server.ts`. Its log goes nowhere but for warnings and errors. */
	static async start(args: readonly string[]): Promise<ServerUnderTest> {
		const program = fileURLToPath(new URL("large-server.ts", import.meta.url));
		const env = { ...process.env, LOG_LEVEL: "error", NODE_ENV: "production" };
		const child = fork(program, args, { env, execArgv: ["--no-warnings"] });
		const ended = once(child, "exit").then(([code]) => {
			throw new Error(`The server ended with ${String(code)} before it listened.`);
		});
		ended.catch(() => {});
		const [{ url }] = (await Promise.race([once(child, "message"), ended])) as [{ url: string }];
		return new ServerUnderTest(child, url);
	}

	/** What is resident now. */
	async resident(): Promise<number> {
		if (process.platform === "linux") return this.#ofKernel("VmRSS");
		this.#child.send("memory");
		const [{ rss }] = (await once(this.#child, "message")) as [{ rss: number }];
		return rss / MIB;
	}

	/** The most that is resident during `call`: what the kernel has seen, or else samples. */
	async peakDuring(call: () => Promise<void>): Promise<number> {
		const exact = this.#forgetPeak();
		let peak = await this.resident();
		let open = true;
		const watching = (async () => {
			while (open) {
				peak = Math.max(peak, await this.resident());
				await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
			}
		})();
		await call().finally(() => (open = false));
		await watching;
		return exact ? Math.max(peak, this.#ofKernel("VmHWM")) : peak;
	}

	async stop(): Promise<void> {
		if (this.#child.exitCode !== null) return;
		const ended = once(this.#child, "exit");
		this.#child.send("stop");
		await ended;
	}

	kill(): void {
		this.#child.kill("SIGKILL");
	}

	#ofKernel(field: "VmRSS" | "VmHWM"): number {
		const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
		return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
	}

	/** Whether the kernel counts the peak from now on. */
	#forgetPeak(): boolean {
		try {
			writeFileSync(`/proc/${this.#child.pid}/clear_refs`, "5");
			return true;
		} catch {
			return false;
		}
	}
}
