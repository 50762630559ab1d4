import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, RunningCommand } from "./running-command.ts";

const root = new URL("../../", import.meta.url);

/** The sample blog, served by the built command line with a database of its own. */
export interface RunningBlog {
	readonly url: string;
	/** Where its database and its files are. */
	readonly directory: string;
	/** Resolves when its log says this. */
	logged(text: string): Promise<void>;
	/** The log so far, a line each. */
	readonly log: readonly string[];
	stop(): Promise<void>;
}

/** Starts the sample blog in an empty directory, and resolves when it answers. */
export async function startBlog(): Promise<RunningBlog> {
	const directory = mkdtempSync(join(tmpdir(), "burdock-blog-"));
	const port = await freePort();
	const main = fileURLToPath(new URL("dist/cli/main.js", root));
	const config = fileURLToPath(new URL("bknd.config.ts", root));
	const blog = new RunningCommand(
		process.execPath,
		[main, "start", "--port", String(port), "--config", config],
		{ cwd: directory, env: { ...process.env, NO_COLOR: "1" } },
	);
	await blog.printed(`:${port}`);
	return {
		url: `http://127.0.0.1:${port}`,
		directory,
		logged: (text) => blog.printed(text),
		get log() {
			return blog.output.trim().split("\n");
		},
		async stop() {
			await blog.stop();
			rmSync(directory, { recursive: true, force: true });
		},
	};
}
