/**
 * Builds the package into `dist/`: each entry of package.json's `exports` and `bin` as JavaScript,
 * and the declarations.
 *
 *     node scripts/build.ts          JavaScript and declarations
 *     node scripts/build.ts --js     JavaScript only
 *
 * A part whose inputs have not changed since it was last built is skipped.
 */
import { buildDeclarations } from "./build/declarations.ts";
import { buildJavaScript } from "./build/java-script.ts";
import { Stamp } from "./build/stamp.ts";

const started = performance.now();
const root = new URL("../", import.meta.url).pathname;
const parts = process.argv.includes("--js") ? ["js"] : ["js", "types"];

try {
	process.chdir(root);
	for (const part of parts) {
		const stamp = new Stamp(part);
		if (stamp.fresh) continue;
		stamp.write(part === "js" ? await buildJavaScript() : buildDeclarations());
		const seconds = ((performance.now() - started) / 1000).toFixed(2);
		console.error(`Built ${part === "js" ? "dist" : "the declarations"} in ${seconds} s.`);
	}
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
