import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { freePort, RunningCommand } from "./running-command.ts";

/** Whether a Redis can be started here. */
export const HAS_REDIS = spawnSync("redis-server", ["--version"]).status === 0;

/** A Redis of our own, on a free port, that keeps nothing. It can be killed and started again. */
export class RedisServer {
	readonly port: number;
	#command: RunningCommand | undefined;

	private constructor(port: number) {
		this.port = port;
	}

	/** Resolves once it takes connections. */
	static async start(): Promise<RedisServer> {
		const server = new RedisServer(await freePort());
		await server.start();
		return server;
	}

	get url(): string {
		return `redis://127.0.0.1:${this.port}`;
	}

	async start(): Promise<void> {
		const options = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
		this.#command = new RunningCommand("redis-server", ["--port", String(this.port), ...options], {
			cwd: tmpdir(),
			env: { PATH: process.env.PATH },
		});
		await this.#command.printed("Ready to accept connections");
	}

	/** Ends it at once, as a crash does. */
	async kill(): Promise<void> {
		await this.#command?.stop("SIGKILL");
	}
}
