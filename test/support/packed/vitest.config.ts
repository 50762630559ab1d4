import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { usePackage } from "./use-package.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { PACKED_PROJECT: project = "", PACKED_RUNTIME: runtime = "" } = process.env;

/** The scenarios, against the package that is installed in a project, on the runtime of this process. */
export default defineConfig({
	root,
	cacheDir: join(project, ".vitest"),
	plugins: [usePackage(root, project)],
	resolve: { alias: { "scenario-runtime": join(root, "test/runtime/node/scenario-runtime.ts") } },
	test: {
		include: ["test/scenarios/**/*.test.ts"],
		setupFiles: ["test/support/packed/expect-runtime.ts"],
		// Bun has no channel of a forked process that vitest can let go of; Deno's worker threads
		// cannot take their listeners away.
		pool: runtime === "bun" ? "threads" : "forks",
		isolate: false,
		testTimeout: 20_000,
	},
});
