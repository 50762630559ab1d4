import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installCompatPackage } from "./compat-package.ts";
import { environment } from "./installed-package.ts";
import { RunningCommand } from "./running-command.ts";

/** Where npm keeps a runtime's binary, which has a package for every platform. */
const BINARIES = [
	{ name: "bun", scope: "@oven", path: "bin/bun", flags: ["--no-install", "--bun"] },
	{ name: "deno", scope: "@deno", path: "deno", flags: ["run", "--allow-all"] },
] as const;

/** A runtime that is not Node, and runs programs of Node. */
export class OtherRuntime {
	readonly name: "bun" | "deno";
	readonly #binary: string;
	readonly #flags: readonly string[];

	constructor(name: OtherRuntime["name"], binary: string, flags: readonly string[]) {
		this.name = name;
		this.#binary = binary;
		this.#flags = flags;
	}

	/** Runs a program in a folder. */
	start(
		[program, ...args]: readonly [program: string, ...args: string[]],
		cwd: string,
		env: Readonly<Record<string, string>> = {},
	): RunningCommand {
		return new RunningCommand(this.#binary, [...this.#flags, program, ...args], {
			cwd,
			env: {
				...environment(),
				BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0",
				DENO_DIR: join(cwd, ".deno"),
				DENO_NO_UPDATE_CHECK: "1",
				...env,
			},
		});
	}
}

/**
 * Bun and Deno, as npm has them, installed in a folder of their own: those that have a binary for
 * this machine, and none when the registry cannot be reached.
 */
export async function loadOtherRuntimes(): Promise<readonly OtherRuntime[]> {
	const folder = await installCompatPackage("runtimes");
	if (folder === undefined) return [];
	return BINARIES.flatMap(({ name, scope, path, flags }) => {
		const packages = join(folder, "node_modules", scope);
		const [platform] = existsSync(packages) ? readdirSync(packages) : [];
		return platform ? [new OtherRuntime(name, join(packages, platform, path), flags)] : [];
	});
}
