import { realpathSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Plugin } from "vite";

/** The public name that gives what a file of `src/` exports. */
const PUBLIC_NAMES: Readonly<Record<string, string>> = {
	"src/app/create-app.ts": "burdock",
	"src/data/database-events.ts": "burdock",
	"src/index.media.ts": "burdock/media",
	"src/kernel/error.ts": "burdock",
	"src/media/adapters/fs.ts": "burdock/media/fs",
	"src/media/adapters/memory.ts": "burdock/media/memory",
	"src/media/media-columns.ts": "burdock/media",
	"src/media/media-events.ts": "burdock/media",
	"src/runtime/node/open-database.ts": "burdock/node",
	"src/runtime/node/platform.ts": "burdock/node",
	"src/runtime/node/serve.ts": "burdock/node",
	"src/testing/expect-events.ts": "burdock/testing",
	"src/testing/hostile-object-keys.ts": "burdock/testing",
	"src/testing/spy.ts": "burdock/testing",
};

/**
 * Leads what tests import from `src/` to the package that is installed in `project`, by its public
 * names, so that no line of `src/` runs. Drizzle and Hono are the project's, too.
 *
 * @throws Error from an import that has no public name, or that the project has not installed.
 */
export function usePackage(root: string, project: string): Plugin {
	const modules = join(realpathSync(project), "node_modules/");
	// A file that is there: from any other, Vite would look in the root.
	const importer = join(project, "package.json");
	return {
		name: "use-package",
		enforce: "pre",
		async resolveId(source, from) {
			const path = from === undefined ? source : relative(root, resolve(dirname(from), source));
			const name = path.startsWith("src/") ? PUBLIC_NAMES[path] : source;
			if (name === undefined) throw new Error(`${path} has no public name; ${from} imports it.`);
			if (!/^(?:burdock|drizzle-orm|hono)(?:\/|$)/.test(name)) return null;
			const found = await this.resolve(name, importer, { skipSelf: true });
			if (!found?.id.startsWith(modules)) throw new Error(`${name} is not in ${modules}.`);
			return found;
		},
	};
}
