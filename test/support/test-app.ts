import { onTestFinished } from "vitest";
import type { App } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import { createApp } from "../../src/app/create-app.ts";
import type { AppPlatform } from "../../src/app/platform.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";
import { recordingLogger, type LogLine } from "./recording-logger.ts";

/** What a test may say beside the config of its app. */
export interface TestAppOptions {
	/** Parts of the platform that the test supplies itself, such as a clock. */
	readonly platform?: Partial<AppPlatform>;
}

/** An app under test, and what it takes to look at it. */
export interface TestApp {
	readonly app: App;
	/** What was logged so far. */
	readonly logs: readonly LogLine[];
	/** Waits until every deferred listener is done. */
	settle(): Promise<void>;
	/** Asks the app over HTTP, without a socket; a body is sent as JSON. */
	request(method: string, path: string, body?: unknown): Promise<Response>;
	/** The rows of a statement, as the engine has them. */
	rows(
		sql: string,
		...params: (string | number | null)[]
	): Promise<readonly (readonly unknown[])[]>;
	/** How many rows each table of the schema holds, by entity. */
	counts(): Promise<Readonly<Record<string, number>>>;
}

/**
 * Builds an app with Node's platform (asynchronous context included) and an in-memory database,
 * unless the config names another. It is closed when the test ends; its logs are kept.
 */
export async function testApp(config: Config, options: TestAppOptions = {}): Promise<TestApp> {
	const logs: LogLine[] = [];
	const platform = {
		...nodePlatform({ env: {}, logger: recordingLogger(logs) }),
		...options.platform,
	};
	const app = createApp({ connection: { url: ":memory:" }, ...config }, platform);
	await app.build();
	onTestFinished(async () => {
		await app.close({ timeout: 1000 });
	});
	const rows: TestApp["rows"] = async (sql, ...params) => app.database.all({ sql, params });
	return {
		app,
		logs,
		rows,
		async settle() {
			await app.emgr.drain({ timeout: 2000 });
		},
		async request(method, path, body) {
			const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
			return app.fetch(new Request(`http://localhost${path}`, init));
		},
		async counts() {
			const counts: Record<string, number> = {};
			for (const { name, identifier } of app.em.entities) {
				const [row] = await rows(`select count(*) from ${identifier}`);
				counts[name] = Number(row?.[0]);
			}
			return counts;
		},
	};
}
