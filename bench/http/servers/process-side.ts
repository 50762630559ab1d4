/** What the harness tells a server process, all through its environment. */
export interface ServerSettings {
	/** Path of the database file. */
	readonly file: string;
	readonly port: number;
	readonly hostname: string;
}

/** What a server process has used so far, by its own accounting. */
export interface Usage {
	/** User and system time of all its threads, in microseconds. */
	readonly cpuMicros: number;
	/** Resident memory, in bytes. */
	readonly rssBytes: number;
}

/** Reads the settings of this server process. */
export function serverSettings(): ServerSettings {
	return {
		file: process.env["BENCH_DATABASE"] ?? "",
		port: Number(process.env["PORT"]),
		hostname: "127.0.0.1",
	};
}

/**
 * Answers the harness's question for this process's {@link Usage}. It travels over the IPC channel,
 * so that no request is spent on it, and the process ends when the harness does.
 */
export function answerUsage(): void {
	process.on("message", (message) => {
		if (message !== "usage") return;
		const { user, system } = process.cpuUsage();
		const usage: Usage = { cpuMicros: user + system, rssBytes: process.memoryUsage.rss() };
		process.send?.(usage);
	});
	process.on("disconnect", () => process.exit());
}
