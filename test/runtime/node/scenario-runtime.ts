import { onTestFinished } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import { nodePlatform } from "../../../src/runtime/node/platform.ts";
import { fs } from "../../../src/media/adapters/fs.ts";
import { CountedDatabase } from "../../support/counted-database.ts";
import type { ScenarioRuntime } from "../../support/scenario-runtime.ts";
import { temporaryFile } from "../../support/temporary-file.ts";

/** Node's platform, the embedded engine in memory, counted at the port, and files in a folder. */
export const runtime: ScenarioRuntime = {
	name: "node",
	open(config, { foreignKeys, platform, ...options }) {
		const database = new CountedDatabase(openDatabase({ url: ":memory:" }));
		const app = createApp(
			{ connection: database, ...config },
			{ ...nodePlatform(options), ...platform },
		);
		onTestFinished(async () => {
			await app.close({ timeout: 0 });
		});
		return {
			app,
			database,
			async build() {
				const off = { sql: "pragma foreign_keys = off", params: [] };
				if (foreignKeys === "ignored") await database.all(off);
				await app.build();
			},
			fetch: async (request, context) => app.fetch(request, {}, context),
			async settle() {
				await app.emgr.drain();
			},
			run: async (work) => work(),
		};
	},
	files() {
		const dir = temporaryFile("files");
		return { options: { dir }, store: fs(dir) };
	},
	onUnhandled(callback) {
		process.on("unhandledRejection", callback);
		onTestFinished(() => void process.off("unhandledRejection", callback));
	},
};
