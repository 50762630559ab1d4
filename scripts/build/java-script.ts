import { chmodSync, globSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import type { BuildOptions, Plugin } from "esbuild";
import { readEntries, type OutputFolder } from "./entries.ts";
import type { Built } from "./stamp.ts";

const SHEBANG = "#!/usr/bin/env node\n";

/**
 * Importing drizzle-orm from node_modules loads hundreds of modules (0.4 s at each start), so the
 * few parts that are used are bundled. Everything else is the user's copy.
 */
const onlyDrizzleInside: Plugin = {
	name: "only-drizzle-inside",
	setup(build) {
		build.onResolve({ filter: /^[^./]/ }, ({ path }) =>
			path === "drizzle-orm" || path.startsWith("drizzle-orm/") ? null : { path, external: true },
		);
	},
};

/**
 * The script of the page about the API travels as text, in which no bundler of a user would make
 * anything smaller.
 */
const smallPageScript: Plugin = {
	name: "small-page-script",
	setup({ onLoad, esbuild }) {
		onLoad({ filter: /\/openapi\/page-script\.ts$/ }, async () => {
			const { PAGE_SCRIPT } = await import("../../src/server/openapi/page-script.ts");
			const { code } = await esbuild.transform(PAGE_SCRIPT, { minify: true, target: "es2023" });
			return { contents: `export const PAGE_SCRIPT = ${JSON.stringify(code)};` };
		});
	},
};

/**
 * Builds what is loaded as it is, and what bundlers of Workers take. The user's schema brings drizzle-orm
 * along there, so that copy is used: nothing is there twice, and what nobody uses falls away.
 */
export async function buildJavaScript(): Promise<Built> {
	const built = await Promise.all([
		bundle("dist", { plugins: [smallPageScript, onlyDrizzleInside] }),
		bundle("dist/workerd", { plugins: [smallPageScript], packages: "external" }),
	]);
	const outputs = built.flatMap((one) => one.outputs);
	removeOthers(new Set(outputs));
	return { inputs: [...new Set(built.flatMap((one) => one.inputs))], outputs };
}

/** Which packages go inside. */
type Packages = Pick<BuildOptions, "packages" | "plugins">;

/** Bundles all entries of a folder in one go, so that what they share is shared chunks. */
async function bundle(folder: OutputFolder, packages: Packages): Promise<Built> {
	const entries = readEntries(folder);
	const { build } = await import("esbuild");
	const result = await build({
		entryPoints: entries.map(({ source }) => source),
		outbase: "src",
		outdir: folder,
		chunkNames: "chunks/[name]-[hash]",
		bundle: true,
		splitting: true,
		format: "esm",
		platform: "neutral",
		target: "es2023",
		sourcemap: "linked",
		legalComments: "none",
		logLevel: "warning",
		metafile: true,
		write: false,
		...packages,
	});
	const bins = new Set(entries.filter((entry) => entry.executable).map(({ output }) => output));
	const outputs = result.outputFiles.map((file) => {
		const path = relative(process.cwd(), file.path);
		const text = withoutBareImports(file.text);
		writeWhole(path, bins.has(path.replace(/\.map$/, "")) ? asBin(path, text) : text);
		if (bins.has(path)) chmodSync(path, 0o755);
		return path;
	});
	return { inputs: Object.keys(result.metafile.inputs), outputs };
}

/**
 * Imports that only evaluate a chunk: package.json says that evaluating one has no effect, and bundlers
 * warn of each such import. The lines stay, for the source maps.
 */
function withoutBareImports(text: string): string {
	return text.replace(/^import "[./\w-]*chunks\/[\w-]+\.js";$/gm, "");
}

/** Whoever reads the file meanwhile, a server that starts, sees the old one or the new one. */
function writeWhole(path: string, contents: string | Uint8Array): void {
	mkdirSync(dirname(path), { recursive: true });
	const temporary = `${path}.${process.pid}`;
	writeFileSync(temporary, contents);
	renameSync(temporary, path);
}

/** Puts the line on top that makes a script a command, and moves its source map down by one. */
function asBin(path: string, text: string): string {
	if (!path.endsWith(".map")) return SHEBANG + text;
	const map = JSON.parse(text) as { readonly mappings: string };
	return JSON.stringify({ ...map, mappings: `;${map.mappings}` });
}

function removeOthers(outputs: ReadonlySet<string>): void {
	for (const path of globSync(["dist/**/*.js", "dist/**/*.js.map"])) {
		if (!outputs.has(path)) rmSync(path);
	}
}
