import type { Platform } from "../kernel/platform.ts";
import type { App, Duty, DutyReport, DutyStep, RunDutiesOptions } from "./app.ts";

const STEP_LIMIT = 100;
/** Within the 30 seconds of a Cron Trigger, with room for the last step. */
const RUN_TIMEOUT = 20_000;

/**
 * Runs duties one after the other, each step by step until nothing is left or the time is up. One that
 * fails is logged, and does not keep the others from theirs.
 */
export async function runDuties(
	app: App,
	platform: Platform,
	duties: readonly Duty[],
	options: RunDutiesOptions & Pick<DutyStep, "signal">,
): Promise<readonly DutyReport[]> {
	const { limit = STEP_LIMIT, timeout = RUN_TIMEOUT, signal } = options;
	const deadline = platform.clock.now() + timeout;
	const mayGoOn = (): boolean => !signal.aborted && platform.clock.now() < deadline;
	const reports: DutyReport[] = [];
	for (const duty of duties) {
		if (!mayGoOn()) break;
		const scope = app.emgr.scope({
			env: platform.env,
			signal,
			waitUntil: (work) => platform.waitUntil?.(work),
		});
		let done = 0;
		let finished = false;
		try {
			while (!finished && mayGoOn()) {
				const step = { app, limit, signal };
				// JavaScript may answer nothing at all, which is no piece.
				const pieces = (await scope.run(() => duty.runOnce(step))) || 0;
				done += pieces;
				finished = pieces < limit || pieces <= 0;
				if (!finished && mayGoOn()) await otherTurns();
			}
			reports.push({ duty: duty.name, done, finished });
		} catch (error) {
			app.logger.error("A duty failed.", { duty: duty.name, done, error });
			reports.push({ duty: duty.name, done, finished, error });
		}
		await scope.executeAsyncs();
	}
	return reports;
}

/**
 * Lets requests and timers in between two steps: an embedded database answers at once, and the clock of a
 * Worker stands still until something was waited for.
 */
function otherTurns(): Promise<void> {
	return new Promise((done) => setTimeout(done));
}
