import type { Tables } from "../data/migrate/tables.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Logger } from "../kernel/logger.ts";
import { AppFirstBoot } from "./app-events.ts";
import type { App } from "./app.ts";
import { appErrors } from "./errors.ts";

/**
 * Seeds an empty database, exactly once for all processes that share it, and tells the app.
 *
 * @throws `seed_failed`; the next start tries again, if the database is still empty.
 */
export async function firstBoot(
	app: App,
	{
		tables,
		seed,
		clock,
		logger,
	}: {
		readonly tables: Tables;
		readonly seed: (() => unknown) | undefined;
		readonly clock: Clock;
		readonly logger: Logger;
	},
): Promise<void> {
	if (!(await tables.claimFirstBoot(clock.now()))) return;
	try {
		if (seed && (await tables.empty())) await seed();
		else if (seed) logger.warn("The database is not empty: the seed was not run.");
	} catch (error) {
		await tables.releaseFirstBoot();
		throw appErrors.create("seed_failed", { reason: reasonOf(error) }, { cause: error });
	}
	await app.emgr.emit(new AppFirstBoot({ app }));
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message.replace(/[^.!?]$/, "$&.") : String(error);
}
