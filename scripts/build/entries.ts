import { existsSync, readFileSync } from "node:fs";

/** Where files are built to: for programs that load them as they are, and for bundlers of Workers. */
export type OutputFolder = "dist" | "dist/workerd";

/** One built file that users reach by name, and the source that it is made of. */
export interface Entry {
	/** `./events` of `exports`, or `bin burdock`. */
	readonly name: string;
	/** `src/events/index.ts` */
	readonly source: string;
	/** `dist/events/index.js` */
	readonly output: string;
	readonly executable: boolean;
}

interface Manifest {
	readonly bin: Readonly<Record<string, string>>;
	readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** The entries in a folder that package.json names. Throws a list of those whose source is missing. */
export function readEntries(folder: OutputFolder = "dist"): readonly Entry[] {
	const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
	const named = [
		...Object.entries(manifest.exports).flatMap(([name, target]) =>
			Object.values(typeof target === "string" ? { target } : target).map((file) => ({
				name,
				file,
				executable: false,
			})),
		),
		...Object.entries(manifest.bin).map(([name, file]) => ({
			name: `bin ${name}`,
			file,
			executable: true,
		})),
	];
	const entries = new Map<string, Entry>();
	for (const { name, file, executable } of named) {
		const [, found, path] = /^\.\/(dist(?:\/workerd)?)\/(.+)\.js$/.exec(file) ?? [];
		if (found !== folder) continue;
		const [source, output] = [`src/${path}.ts`, `${folder}/${path}.js`];
		entries.set(output, { name, source, output, executable });
	}
	const missing = [...entries.values()].filter(({ source }) => !existsSync(source));
	if (missing.length > 0) {
		const lines = missing.map(({ name, source }) => `  ${name} needs ${source}`);
		throw new Error(
			`Cannot build: package.json names files that do not exist.\n${lines.join("\n")}`,
		);
	}
	return [...entries.values()];
}
