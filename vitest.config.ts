import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

const WORKERD = "test/runtime/workerd/**/*.test.ts";

export default defineConfig({
	test: {
		projects: [
			{
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
							d1Databases: ["DB"],
						},
					}),
				],
				test: { name: "workerd", include: [WORKERD], testTimeout: 20_000 },
			},
		],
	},
});
