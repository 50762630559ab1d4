import { fileURLToPath } from "node:url";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const WORKERD = "test/runtime/workerd/**/*.test.ts";
/** What runs on both: the same files, unchanged. */
const SCENARIOS = "test/scenarios/**/*.test.ts";

/** What of the scenarios differs between the runtimes. */
function scenarioRuntime(folder: "node" | "workerd"): { readonly alias: Record<string, string> } {
	const path = `./test/runtime/${folder}/scenario-runtime.ts`;
	return { alias: { "scenario-runtime": fileURLToPath(new URL(path, import.meta.url)) } };
}

export default defineConfig({
	test: {
		projects: [
			{
				resolve: scenarioRuntime("node"),
				test: {
					name: "node",
					include: ["test/**/*.test.ts"],
					exclude: [WORKERD],
					// Many tests start processes, and a busy machine takes its time over that.
					testTimeout: 20_000,
				},
			},
			{
				plugins: [
					cloudflareTest({
						miniflare: {
							compatibilityDate: "2026-11-01",
							compatibilityFlags: ["nodejs_als"],
							d1Databases: ["DB", "SECOND_DB"],
							r2Buckets: ["BUCKET"],
							images: { binding: "IMAGES" },
						},
					}),
				],
				resolve: scenarioRuntime("workerd"),
				test: { name: "workerd", include: [WORKERD, SCENARIOS], testTimeout: 20_000 },
			},
		],
	},
});
