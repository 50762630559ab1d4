import type { FirstBootClaim } from "../data/migrate/first-boot-claim.ts";
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
		claim,
		seed,
		clock,
		logger,
	}: {
		readonly claim: FirstBootClaim;
		readonly seed: (() => unknown) | undefined;
		readonly clock: Clock;
		readonly logger: Logger;
	},
): Promise<void> {
	if (!(await claim.take(clock.now()))) return;
	try {
		if (seed && (await claim.areEmpty(app.em.entities))) await seed();
		else if (seed) logger.warn("The database is not empty: the seed was not run.");
	} catch (error) {
		await claim.release();
		throw appErrors.create("seed_failed", { reason: reasonOf(error) }, { cause: error });
	}
	await app.emgr.emit(new AppFirstBoot({ app }));
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message.replace(/[^.!?]$/, "$&.") : String(error);
}
