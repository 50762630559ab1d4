import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import type { Options } from "./options.ts";

/**
 * Builds the product, if it is to be measured.
 * @throws Error when the peers are not installed.
 */
export function prepareProduct({ build, only }: Pick<Options, "build" | "only">): void {
	if (!existsSync(new URL("../node_modules/bknd", import.meta.url))) {
		throw new Error("The peers are not installed. Hint: npm ci --prefix bench");
	}
	if (!build || !only.includes("burdock")) return;
	const root = fileURLToPath(new URL("../../", import.meta.url));
	execFileSync(process.execPath, ["scripts/build.ts", "--js"], { cwd: root, stdio: "inherit" });
}
