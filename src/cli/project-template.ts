import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../kernel/version.ts";

/** A file of a new project. */
export interface TemplateFile {
	/** Its path in the project, with `/`. */
	readonly path: string;
	readonly text: string;
}

/** What a new project is made of. */
export interface TemplateOptions {
	readonly name: string;
	/** Whether it is to run on Cloudflare Workers, too. */
	readonly cloudflare: boolean;
}

interface Manifest {
	readonly scripts: Readonly<Record<string, string>>;
	readonly dependencies: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
}

/** Two levels above `src/cli/` as well as above `dist/cli/` and `dist/chunks/`. */
const FOLDER = fileURLToPath(new URL("../../template/", import.meta.url));
/** What comes on top of a project for Workers. */
const CLOUDFLARE = "cloudflare";
/** npm leaves files of this name out of every package. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore" };
/** Characters that the name of a Worker may have. */
const WORKER_NAME = 63;
/** Files in which the name stands. */
const NAMED: ReadonlySet<string> = new Set(["README.md", "wrangler.toml"]);

/** The files of a new project, by path. */
export function projectTemplate({ name, cloudflare }: TemplateOptions): readonly TemplateFile[] {
	const files = new Map(filesIn(FOLDER, [`${CLOUDFLARE}/**`]));
	for (const [path, text] of cloudflare ? filesIn(join(FOLDER, CLOUDFLARE)) : []) {
		files.set(path, added(path, files.get(path), text));
	}
	return Array.from(files, ([path, text]) => ({
		path: RENAMED[path] ?? path,
		text: filled(path, text, name),
	})).sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** Paths and texts of all files below a folder. */
function filesIn(
	folder: string,
	exclude: readonly string[] = [],
): readonly (readonly [path: string, text: string])[] {
	return globSync("**/*", { cwd: folder, withFileTypes: true, exclude })
		.filter((entry) => entry.isFile())
		.map((entry) => {
			const file = join(entry.parentPath, entry.name);
			const path = file.slice(join(folder, "/").length).replaceAll("\\", "/");
			return [path, readFileSync(file, "utf8")];
		});
}

/** What is to be in a file beside what every project has in it: a README and a manifest go on. */
function added(path: string, text: string | undefined, more: string): string {
	if (text !== undefined && path === "README.md") return text + more;
	if (text === undefined || path !== "package.json") return more;
	const [all, own] = [text, more].map((one) => JSON.parse(one) as Manifest) as [Manifest, Manifest];
	const scripts = { ...all.scripts, ...own.scripts };
	const devDependencies = { ...all.devDependencies, ...own.devDependencies };
	return JSON.stringify({ ...all, scripts, devDependencies });
}

function filled(path: string, text: string, name: string): string {
	if (NAMED.has(path)) return text.replaceAll("{name}", name).replaceAll("{worker}", worker(name));
	if (path !== "package.json") return text;
	const manifest = JSON.parse(text) as Manifest;
	const dependencies = { ...manifest.dependencies, burdock: `^${VERSION}` };
	return `${JSON.stringify({ ...manifest, name, dependencies }, null, "\t")}\n`;
}

/** What Cloudflare takes as the name of a Worker and of a database. */
function worker(name: string): string {
	return name.replace(/[._]+/g, "-").slice(0, WORKER_NAME).replace(/-$/, "");
}
