import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, extname, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure, Loader, Plugin } from "esbuild";
import { CliError } from "./cli-error.ts";
import type { SubscriberFile } from "./find-subscribers.ts";
import { shownPath } from "./source-position.ts";

/**
 * A config, its subscribers, and everything that they import, as one module. It exports the module of
 * the config as `config`, and those of the subscribers as `subscribers`, in their order.
 */
export interface ConfigBundle {
	readonly code: string;
	/** The files that it is made of, absolute. */
	readonly inputs: readonly string[];
}

/** Names the files of a config that cannot be loaded, so that `dev` knows what to wait for. */
export class BundleError extends CliError {
	readonly files: readonly string[];

	constructor(
		message: string,
		files: readonly string[],
		options: { readonly hint: string; readonly cause?: unknown },
	) {
		super(message, { exit: "config", ...options });
		this.files = files;
	}
}

/** Packages that are never bundled: one copy for the config and the server, or native code. */
const NEVER = /^(?:burdock|libsql|@libsql\/.+)(?:\/|$)/;
/** Importing it unbundled costs a third of a second at each start. */
const ALWAYS = /^drizzle-orm(?:\/|$)/;
const TYPESCRIPT = /\.[cm]?tsx?$/;
const INSTALLED = /[\\/]node_modules[\\/]/;
const OF_THE_FILE = /\bimport\.meta\b|\b__(?:dir|file)name\b/;

/** What esbuild calls the module that imports all others. */
const ENTRY = "<stdin>";

/** What stands for a file's own location; each file that mentions one declares it on top. */
const LOCATION = {
	"import.meta.url": "__burdock_url",
	"import.meta.dirname": "__burdock_dirname",
	"import.meta.filename": "__burdock_filename",
	__dirname: "__burdock_dirname",
	__filename: "__burdock_filename",
};

/** How a config is bundled. */
interface BundleOptions {
	/** Whether the bundler, a process of its own, waits for another bundle, or ends. Default: it ends. */
	readonly bundler?: "waits" | "ends";
}

/**
 * Bundles a config and its subscribers with all of their TypeScript, and Drizzle: what both import is
 * there once. `import.meta.url` and its like keep the meaning they have in the source, so that files
 * beside it are still found.
 *
 * @throws BundleError that says where the config is wrong.
 */
export async function bundleConfig(
	path: string,
	subscribers: readonly SubscriberFile[],
	{ bundler = "ends" }: BundleOptions = {},
): Promise<ConfigBundle> {
	const { build, stop } = await loadEsbuild();
	const folder = dirname(path);
	try {
		const result = await build({
			stdin: { contents: entryOf(path, subscribers), resolveDir: folder },
			absWorkingDir: folder,
			bundle: true,
			write: false,
			outfile: "config.mjs",
			platform: "node",
			format: "esm",
			target: "node22",
			sourcemap: "inline",
			sourcesContent: false,
			sourceRoot: pathToFileURL(`${folder}/`).href,
			legalComments: "none",
			logLevel: "silent",
			metafile: true,
			define: LOCATION,
			banner: {
				js: `import { createRequire as __burdock_require } from "node:module";\nconst require = __burdock_require(${JSON.stringify(path)});`,
			},
			plugins: [externals, locations],
		});
		const inputs = Object.keys(result.metafile.inputs)
			.filter((input) => input !== ENTRY)
			.map((input) => resolve(folder, input));
		return { code: result.outputFiles[0]?.text ?? "", inputs };
	} catch (error) {
		throw explain(error as BuildFailure, path);
	} finally {
		if (bundler === "ends") await stop();
	}
}

/** A namespace, unlike a named import, may lack what is asked of it. */
function entryOf(config: string, subscribers: readonly SubscriberFile[]): string {
	const folder = dirname(config);
	const from = (path: string): string =>
		JSON.stringify(`./${relative(folder, path).replaceAll(sep, "/")}`);
	return [
		`import * as config from ${from(config)};`,
		...subscribers.map(({ path }, index) => `import * as _${index} from ${from(path)};`),
		`const subscribers = [${subscribers.map((_, index) => `_${index}`).join(", ")}];`,
		"export { config, subscribers };",
	].join("\n");
}

async function loadEsbuild(): Promise<typeof import("esbuild")> {
	try {
		return await import("esbuild");
	} catch (cause) {
		throw new CliError("The config cannot be bundled: esbuild is not installed.", {
			hint: "Install it with: npm install esbuild",
			cause,
		});
	}
}

/** Leaves installed packages to Node, unless they are Drizzle or TypeScript. */
const externals: Plugin = {
	name: "externals",
	setup(build) {
		const seen = Symbol("seen");
		build.onResolve({ filter: /\.node$/ }, ({ path }) => ({ path, external: true }));
		build.onResolve(
			{ filter: /^[^./]/ },
			async ({ path, kind, importer, resolveDir, pluginData }) => {
				if (kind === "entry-point" || pluginData === seen || ALWAYS.test(path)) return undefined;
				if (isBuiltin(path)) return { path, external: true };
				const found = await build.resolve(path, { kind, importer, resolveDir, pluginData: seen });
				if (NEVER.test(path))
					return { path: found.path === "" ? ours(path) : path, external: true };
				if (found.errors.length > 0 || found.external) return undefined;
				if (!INSTALLED.test(found.path) || TYPESCRIPT.test(found.path)) return found;
				return { path: await nameOf(path, found.path), external: true };
			},
		);

		/** The bare name where the bundle would find the same file by it, else the file. */
		async function nameOf(path: string, file: string): Promise<string> {
			const { absWorkingDir = "" } = build.initialOptions;
			const options = {
				kind: "import-statement",
				resolveDir: absWorkingDir,
				pluginData: seen,
			} as const;
			const found = await build.resolve(path, options);
			return found.path === file ? path : pathToFileURL(file).href;
		}
	},
};

/** Where the project has no copy of Burdock, the one that runs is what its config imports. */
function ours(path: string): string {
	return path.startsWith("burdock") ? import.meta.resolve(path) : path;
}

/** Tells each file where it is. */
const locations: Plugin = {
	name: "locations",
	setup(build) {
		build.onLoad({ filter: /\.[cm]?[jt]sx?$/ }, ({ path }) => {
			const contents = readFileSync(path, "utf8");
			if (!OF_THE_FILE.test(contents)) return undefined;
			const [url, folder, file] = [pathToFileURL(path).href, dirname(path), path].map((text) =>
				JSON.stringify(text),
			);
			const names = `const __burdock_url = ${url}, __burdock_dirname = ${folder}, __burdock_filename = ${file};`;
			return { contents: names + contents, loader: loaderOf(path), resolveDir: dirname(path) };
		});
	},
};

function loaderOf(path: string): Loader {
	const extension = extname(path).replace(/^\.[cm]?/, "");
	return extension === "tsx" || extension === "jsx" || extension === "ts" ? extension : "js";
}

function explain(failure: BuildFailure, path: string): Error {
	const [first] = failure.errors ?? [];
	if (first === undefined) return failure;
	const { location, text } = first;
	const folder = dirname(path);
	const files = failure.errors.flatMap((error) =>
		error.location ? [resolve(folder, error.location.file)] : [],
	);
	const at = location
		? `${shownPath(resolve(folder, location.file))}:${location.line}:${location.column + 1}`
		: shownPath(path);
	const missing = /^Could not resolve "([^./"][^"]*)"/.exec(text)?.[1];
	const hint =
		missing === undefined
			? "Mend this line, then try again."
			: `Install it with: npm install ${packageOf(missing)}`;
	return new BundleError(`${at}: ${text}`, [...new Set([path, ...files])], { hint });
}

function packageOf(specifier: string): string {
	return specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
}
