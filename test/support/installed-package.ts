import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const exec = promisify(execFile);

interface Manifest {
	readonly devDependencies: Readonly<Record<string, string>>;
}

/** How a command ended, and all that it printed. */
export interface Outcome {
	readonly code: number;
	readonly output: string;
}

/**
 * The package as its users get it: packed, and installed in a project of its own outside of the
 * repository, with the schema, config and program of `test/support/consumer/`.
 */
export class InstalledPackage {
	/** The project's folder. */
	readonly folder: string;
	/** The packed package. */
	readonly tarball: string;

	private constructor(folder: string, tarball: string) {
		this.folder = folder;
		this.tarball = tarball;
	}

	/** Builds, packs and installs. Throws with npm's output when one of them fails. */
	static async create(): Promise<InstalledPackage> {
		await exec(process.execPath, ["scripts/build.ts"]);
		const folder = mkdtempSync(join(tmpdir(), "burdock-consumer-"));
		const packed = await exec("npm", ["pack", "--json", "--pack-destination", folder]);
		const tarball = join(folder, packedName(packed.stdout));
		cpSync("test/support/consumer", folder, { recursive: true });
		const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
		const dependencies = {
			burdock: `file:${tarball}`,
			"@opentelemetry/api": devDependencies["@opentelemetry/api"],
			"@types/node": devDependencies["@types/node"],
			"drizzle-orm": devDependencies["drizzle-orm"],
			hono: devDependencies["hono"],
		};
		const manifest = { name: "consumer", private: true, type: "module", dependencies };
		writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
		await exec("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund"], {
			cwd: folder,
			env: environment(),
		});
		return new InstalledPackage(folder, tarball);
	}

	/** Runs a command in the project, or below it; a failing one is an outcome, not an error. */
	async run(command: string, args: readonly string[], below = "."): Promise<Outcome> {
		try {
			const cwd = join(this.folder, below);
			const done = await exec(command, args, { cwd, env: environment() });
			return { code: 0, output: done.stdout + done.stderr };
		} catch (error) {
			const failed = error as { code?: unknown; stdout?: string; stderr?: string };
			if (typeof failed.code !== "number") throw error;
			return { code: failed.code, output: `${failed.stdout ?? ""}${failed.stderr ?? ""}` };
		}
	}

	/** Type-checks the project with the given `module` and `moduleResolution`. */
	async checkTypes(module: string, moduleResolution: string): Promise<Outcome> {
		const compilerOptions = {
			module,
			moduleResolution,
			target: "ES2023",
			lib: ["ES2024", "ESNext.Disposable"],
			types: ["node"],
			strict: true,
			exactOptionalPropertyTypes: true,
			noUncheckedIndexedAccess: true,
			allowImportingTsExtensions: true,
			skipLibCheck: false,
			noEmit: true,
		};
		const file = `tsconfig.${moduleResolution}.json`;
		const config = { compilerOptions, files: ["program.ts", "ask.ts", "bknd.config.ts"] };
		writeFileSync(join(this.folder, file), JSON.stringify(config));
		return this.run(resolve("node_modules/.bin/tsc"), ["-p", file, "--pretty", "false"]);
	}

	/** Deletes the project. */
	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** npm 11 answers with an array, later ones with an object by package name. */
function packedName(json: string): string {
	const answer = JSON.parse(json) as Readonly<Record<string, { readonly filename: string }>>;
	const [first] = Object.values(answer);
	if (!first) throw new Error(`npm pack packed nothing: ${json}`);
	return first.filename;
}

/** What npm tells the scripts that it runs would make an npm below it work on this repository. */
export function environment(): NodeJS.ProcessEnv {
	const own = /^(npm_(?!config_(registry|cache)$)|INIT_CWD$|VITEST|NODE_ENV$)/i;
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}
