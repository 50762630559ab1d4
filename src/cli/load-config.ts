import * as nodeModule from "node:module";
import { pathToFileURL } from "node:url";
import type { ConfigInput } from "../app/config.ts";
import { BundleError, bundleConfig } from "./bundle-config.ts";
import { CliError } from "./cli-error.ts";
import { ConfigCache, type CachedBundle } from "./config-cache.ts";
import { findSubscribers } from "./find-subscribers.ts";
import { positionOf, shownPath } from "./source-position.ts";
import { withSubscribers } from "./with-subscribers.ts";

/** A config, ready for `createApp`. */
export interface LoadedConfig {
	readonly config: ConfigInput;
	/** Absolute. */
	readonly path: string;
	/** The files that it is made of, absolute: itself, and everything that was bundled with it. */
	readonly inputs: readonly string[];
}

/** How a config is loaded. */
export interface LoadOptions {
	/** Runs the modules again when they are the same as before: for programs that reload. */
	readonly generation?: number;
}

/** What a bundle exports. */
interface LoadedBundle {
	readonly config: object;
	readonly subscribers: readonly object[];
}

/**
 * Bundles and imports a config and its subscribers; a bundle whose files have not changed comes from the cache, and the
 * bundler is then not even loaded.
 *
 * @throws CliError when it cannot be bundled, throws, or has no default export.
 */
export async function loadConfig(path: string, options: LoadOptions = {}): Promise<LoadedConfig> {
	const files = findSubscribers(path);
	const found = files.map((file) => file.path);
	const cache = new ConfigCache(path);
	const since = Date.now();
	const bundler = options.generation === undefined ? "ends" : "waits";
	const bundle =
		cache.read(found) ??
		cache.write(await bundleConfig(path, files, { bundler }), { since, found });
	process.setSourceMapsEnabled(true);
	if (cache.isAway(bundle.file)) resolveAsFrom(bundle.file, path);
	const { config: exported, subscribers } = await importBundle(bundle, path, options);
	const config = "default" in exported ? exported.default : undefined;
	if (config === undefined) {
		throw new CliError(`${shownPath(path)} has no default export.`, {
			exit: "config",
			hint: "Write: export default defineConfig({ … });",
		});
	}
	if ((typeof config !== "object" && typeof config !== "function") || config === null) {
		throw new CliError(`The default export of ${shownPath(path)} is not a config.`, {
			exit: "config",
			hint: "Write: export default defineConfig({ … });",
		});
	}
	const given = withSubscribers(config as ConfigInput, { files, modules: subscribers });
	return { config: given, path, inputs: bundle.inputs };
}

async function importBundle(
	bundle: CachedBundle,
	path: string,
	{ generation }: LoadOptions,
): Promise<LoadedBundle> {
	const query = generation === undefined ? "" : `?generation=${generation}`;
	try {
		return (await import(pathToFileURL(bundle.file).href + query)) as LoadedBundle;
	} catch (error) {
		throw explain(error, path, bundle.inputs);
	}
}

/** What a config throws, with the place in the user's own source. */
function explain(error: unknown, path: string, files: readonly string[]): Error {
	const position = positionOf(error);
	const message = error instanceof Error ? error.message : String(error);
	return new BundleError(`${position ?? shownPath(path)}: ${message}`, files, {
		hint: "The config threw this when it was loaded; --verbose shows the stack.",
		cause: error,
	});
}

/** Makes the imports of a bundle that lies elsewhere resolve as if it lay beside the config. */
function resolveAsFrom(file: string, path: string): void {
	const [from, as] = [pathToFileURL(file).href, pathToFileURL(path).href];
	nodeModule.registerHooks?.({
		resolve: (specifier, context, next) =>
			next(
				specifier,
				context.parentURL?.startsWith(from) ? { ...context, parentURL: as } : context,
			),
	});
}
