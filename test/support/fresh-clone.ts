import { execFile, execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { environment, type Outcome } from "./installed-package.ts";
import { freePort, RunningCommand } from "./running-command.ts";

/** What the blog and its Worker are made of; the rest of the repository has no part in them. */
const FILES: readonly string[] = [
	"bknd.config.ts",
	"blog",
	"package.json",
	"tsconfig.base.json",
	"tsconfig.json",
	"wrangler.toml",
];

/** The repository as it is after `git clone`, `npm ci` and `npm run build`, outside of this one. */
export class FreshClone {
	readonly folder: string;

	constructor() {
		execFileSync(process.execPath, ["scripts/build.ts", "--js"], { stdio: "ignore" });
		this.folder = mkdtempSync(join(tmpdir(), "burdock-clone-"));
		for (const path of [...FILES, "dist"]) {
			if (!existsSync(path)) continue;
			mkdirSync(dirname(join(this.folder, path)), { recursive: true });
			cpSync(path, join(this.folder, path), { recursive: true });
		}
		symlinkSync(resolve("node_modules"), join(this.folder, "node_modules"));
	}

	/** Runs a line of a shell; a failing one is an outcome, not an error. */
	run(line: string): Promise<Outcome> {
		return new Promise((done) => {
			const options = { cwd: this.folder, env: wranglerEnvironment() };
			execFile("bash", ["-c", line], options, (error, stdout, stderr) => {
				const code = typeof error?.code === "number" ? error.code : error ? -1 : 0;
				done({ code, output: stripVTControlCharacters(stdout + stderr) });
			});
		});
	}

	/** Starts `wrangler dev` by a file of settings; resolves when it has printed this. */
	async dev(config = "wrangler.toml", until = "Ready on"): Promise<RunningWorker> {
		const port = await freePort();
		const bin = join(this.folder, "node_modules/.bin/wrangler");
		const ports = ["--port", String(port), "--inspector-port", "0"];
		const command = new RunningCommand(bin, ["dev", ...ports, "--config", config], {
			cwd: this.folder,
			env: wranglerEnvironment(),
		});
		await command.printed(until);
		return new RunningWorker(command, `http://localhost:${port}`);
	}

	/** Deletes it. */
	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** A Worker that `wrangler dev` serves. */
export class RunningWorker {
	readonly url: string;
	readonly #command: RunningCommand;

	constructor(command: RunningCommand, url: string) {
		this.#command = command;
		this.url = url;
	}

	/** What it has printed, without colours, of which wrangler keeps some. */
	get output(): string {
		return stripVTControlCharacters(this.#command.output);
	}

	/** Resolves when it has printed this. */
	printed(text: string): Promise<void> {
		return this.#command.printed(text);
	}

	/** Ends it, and the runtime below it. */
	async stop(): Promise<void> {
		await this.#command.stop("SIGTERM");
	}
}

/** As on a machine where nobody is logged in, and which tells nobody anything. */
function wranglerEnvironment(): NodeJS.ProcessEnv {
	const { FORCE_COLOR: _, CLOUDFLARE_API_TOKEN: __, ...own } = environment();
	return {
		...own,
		CI: "1",
		NO_COLOR: "1",
		WRANGLER_SEND_METRICS: "false",
		CLOUDFLARE_CF_FETCH_ENABLED: "false",
	};
}
