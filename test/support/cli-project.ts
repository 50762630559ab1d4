import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { environment } from "./installed-package.ts";
import { RunningCommand } from "./running-command.ts";

const MAIN = resolve("dist/cli/main.js");

/** Builds `dist/`, if it is not fresh. */
class Build {
	#done = false;

	once(): void {
		if (this.#done) return;
		execFileSync(process.execPath, ["scripts/build.ts", "--js"], { stdio: "ignore" });
		this.#done = true;
	}
}

const BUILD = new Build();

/** How a command ended, and what it printed where. */
export interface CliOutcome {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** A table of notes, as a config's schema. */
export const NOTES = `
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const notes = sqliteTable("notes", {
	id: integer().primaryKey({ autoIncrement: true }),
	title: text().notNull(),
});
`;

/** A config that serves {@link NOTES}, with something in its middle. */
export function config(middle = ""): string {
	return `import { defineConfig, DatabaseEvents, AppEvents } from "burdock";
import * as schema from "./schema.ts";
export default defineConfig({ schema, ${middle} });
void DatabaseEvents, AppEvents;
`;
}

/** A project outside of the repository that uses the built package through a link. */
export class CliProject {
	readonly folder: string;

	constructor(files: Readonly<Record<string, string>> = {}) {
		BUILD.once();
		this.folder = mkdtempSync(join(tmpdir(), "burdock-cli-"));
		mkdirSync(join(this.folder, "node_modules"));
		symlinkSync(resolve("."), join(this.folder, "node_modules/burdock"));
		for (const name of ["drizzle-orm", "drizzle-kit", "hono"]) {
			symlinkSync(resolve("node_modules", name), join(this.folder, "node_modules", name));
		}
		this.write({ "package.json": '{ "type": "module" }', "schema.ts": NOTES, ...files });
	}

	/** Writes files, given by their paths in the project. */
	write(files: Readonly<Record<string, string>>): void {
		for (const [path, text] of Object.entries(files)) {
			mkdirSync(dirname(join(this.folder, path)), { recursive: true });
			writeFileSync(join(this.folder, path), text);
		}
	}

	/** Runs `burdock` until it ends. */
	run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliOutcome> {
		return new Promise((done) => {
			const options = { cwd: this.folder, env: this.#environment(env) };
			execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) => {
				done({
					code: typeof error?.code === "number" ? error.code : error ? -1 : 0,
					stdout,
					stderr,
				});
			});
		});
	}

	/** Starts a command that goes on until it is told to stop. */
	start(args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningCommand {
		return new RunningCommand(process.execPath, [MAIN, ...args], {
			cwd: this.folder,
			env: this.#environment(env),
		});
	}

	/** Starts a command that serves, on a port of the system's choice; resolves with its URL. */
	async serve(
		command: "start" | "dev" = "start",
		env: Readonly<Record<string, string>> = {},
		args: readonly string[] = ["--port", "0"],
	): Promise<{ readonly server: RunningCommand; readonly url: string }> {
		const server = new RunningCommand(process.execPath, [MAIN, command, ...args], {
			cwd: this.folder,
			env: this.#environment(env),
		});
		await server.printed('"msg":"listening"');
		const url = /"url":"([^"]+)"/.exec(server.output)?.[1];
		if (url === undefined) throw new Error(`It names no address:\n${server.output}`);
		return { server, url };
	}

	/** Deletes the project. */
	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}

	#environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
		const { PORT: _, HOST: __, LOG_LEVEL: ___, FORCE_COLOR: ____, ...own } = environment();
		return { ...own, NO_COLOR: "1", ...env };
	}
}
