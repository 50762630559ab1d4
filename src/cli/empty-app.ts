import type { App } from "../app/app.ts";
import type { Config } from "../app/config.ts";
import { createApp } from "../app/create-app.ts";
import type { AppPlatform } from "../app/platform.ts";
import type { Database } from "../data/database.ts";
import { FirstBootClaim } from "../data/migrate/first-boot-claim.ts";
import { Tables } from "../data/migrate/tables.ts";
import { openDatabase } from "../runtime/node/open-database.ts";
import { withoutAdapters } from "./without-adapters.ts";

/**
 * The config's app on an empty database in memory, not built yet; its seed will not run, and its
 * adapters carry nothing.
 */
export async function emptyApp(config: Config, platform: AppPlatform): Promise<App> {
	return createApp({ ...withoutAdapters(config), connection: await emptyDatabase() }, platform);
}

/** An empty database in memory that has had its first boot. */
async function emptyDatabase(): Promise<Database> {
	const database = openDatabase({ url: ":memory:" });
	await new Tables(database, []).prepare();
	await new FirstBootClaim(database).take(Date.now());
	return database;
}
