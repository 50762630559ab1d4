import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const OWN_PACKAGE = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The command of the copy of Burdock that the project in `folder` has installed, when that is another
 * one than this. A config and its server have to share one copy: their event classes are the same.
 */
export function localCopy(folder: string): string | undefined {
	try {
		const manifest = createRequire(join(folder, "_")).resolve("burdock/package.json");
		const main = join(dirname(realpathSync(manifest)), "dist", "cli", "main.js");
		const own = join(realpathSync(OWN_PACKAGE), "dist", "cli", "main.js");
		return main !== own && existsSync(main) ? pathToFileURL(main).href : undefined;
	} catch {
		return undefined;
	}
}
