import type { DrainResult } from "../events/core-event-manager.ts";
import { AppShutdown } from "./app-events.ts";
import type { AppParts } from "./app-parts.ts";
import type { DutyRuns } from "./duty-runs.ts";
import { settled } from "./settled.ts";

/** Milliseconds that listeners of the shutdown, and services, have in any case. */
const LEAST = 1_000;

/**
 * Ends an app, whoever needs another before that one: requests, what they deferred, listeners of
 * the shutdown, events, services, the database.
 *
 * @param building The build that runs, if any.
 * @param duties Begin no further step.
 * @param timeout Milliseconds for all of it.
 */
export async function closeApp(
	{ app, platform, database, services, open, background, tails }: AppParts,
	{
		building,
		duties,
		timeout,
	}: {
		readonly building: Promise<unknown> | undefined;
		readonly duties: DutyRuns;
		readonly timeout: number;
	},
): Promise<DrainResult> {
	const { emgr, logger } = app;
	const { clock } = platform;
	const deadline = clock.now() + timeout;
	const left = (): number => Math.max(0, deadline - clock.now());
	const ending = duties.end(timeout);
	if (building) await settled([building], left());
	tails.closeAll();
	const requests = await open.settle(left());
	const steps = await ending;
	const [deferred, running] = await Promise.all([
		emgr.drain({ timeout: left() }),
		background.settle(left()),
	]);
	const shutdown = emgr.emit(AppShutdown, { app }, { settle: true });
	const hanging = await settled([shutdown], Math.max(left(), LEAST));
	const stopped = await emgr.stop({ timeout: left() });
	const disposed = services.dispose((error) =>
		logger.error("A service could not be disposed of.", { error }),
	);
	const held = await settled([disposed], Math.max(left(), LEAST));
	await database.close();
	const listeners = Math.max(deferred.pending, stopped.pending);
	const pending = requests + steps + listeners + running + hanging + held;
	return { drained: deferred.drained && pending === 0, pending };
}
