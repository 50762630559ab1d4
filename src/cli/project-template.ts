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

/** Two levels above `src/cli/` as well as above `dist/cli/` and `dist/chunks/`. */
const FOLDER = fileURLToPath(new URL("../../template/", import.meta.url));
/** npm leaves files of this name out of every package. */
const RENAMED: Readonly<Record<string, string>> = { gitignore: ".gitignore" };

/** The files of a new project of this name, by path. */
export function projectTemplate(name: string): readonly TemplateFile[] {
	return globSync("**/*", { cwd: FOLDER, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => {
			const file = join(entry.parentPath, entry.name);
			const path = file.slice(FOLDER.length).replaceAll("\\", "/");
			return { path: RENAMED[path] ?? path, text: filled(path, readFileSync(file, "utf8"), name) };
		})
		.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function filled(path: string, text: string, name: string): string {
	if (path === "README.md") return text.replace("{name}", name);
	if (path !== "package.json") return text;
	const manifest = JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> };
	const dependencies = { ...manifest.dependencies, burdock: `^${VERSION}` };
	return `${JSON.stringify({ ...manifest, name, dependencies }, null, "\t")}\n`;
}
