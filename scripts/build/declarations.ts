import { spawnSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { Built } from "./stamp.ts";

/** Emits `dist/**\/*.d.ts` with the type checker. Throws what it complains about. */
export function buildDeclarations(): Built {
	for (const path of globSync("dist/**/*.d.ts")) rmSync(path);
	const tsc = spawnSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json"], {
		encoding: "utf8",
	});
	if (tsc.status !== 0)
		throw new Error(`Cannot build the declarations.\n${tsc.stdout}${tsc.stderr}`);
	const outputs = globSync("dist/**/*.d.ts");
	for (const path of outputs) writeFileSync(path, nameBuiltFiles(readFileSync(path, "utf8")));
	return { inputs: [], outputs };
}

/** The compiler leaves `./entity.ts` in declarations; users have `./entity.js` beside them. */
function nameBuiltFiles(declarations: string): string {
	return declarations.replace(
		/((?:\bfrom|\bimport|\bimport\(|\bdeclare module)\s*)(["'])(\.\.?\/[^"'\n]*)\.ts\2/g,
		"$1$2$3.js$2",
	);
}
