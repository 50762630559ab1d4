import type { Platform } from "../kernel/platform.ts";
import { untilAborted } from "../events/until-aborted.ts";
import { appErrors } from "./errors.ts";
import type { App, Duty, DutyReport, DutyStep, RunDutiesOptions } from "./app.ts";

const STEP_LIMIT = 100;
/** Within the 30 seconds of a Cron Trigger, with room for the last step. */
const RUN_TIMEOUT = 20_000;
/** Milliseconds that one step may take. */
const STEP_TIMEOUT = 60_000;

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
				const pieces = await scope.run(() => stepOf(duty, { app, limit, signal }));
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

/** Does one step; one that hangs is left to itself, so that it does not keep the others from theirs. */
async function stepOf(duty: Duty, step: DutyStep): Promise<number> {
	const late = new AbortController();
	const values = { duty: duty.name, timeout: STEP_TIMEOUT };
	const timer = setTimeout(
		() => late.abort(appErrors.create("duty_timeout", values)),
		STEP_TIMEOUT,
	);
	try {
		const signal = AbortSignal.any([step.signal, late.signal]);
		const pieces = Promise.resolve(duty.runOnce({ ...step, signal }));
		// JavaScript may answer nothing at all, which is no piece.
		return (await untilAborted(pieces, late.signal)) || 0;
	} finally {
		clearTimeout(timer);
	}
}

/**
 * Lets requests and timers in between two steps: an embedded database answers at once, and the clock of a
 * Worker stands still until something was waited for.
 */
function otherTurns(): Promise<void> {
	return new Promise((done) => setTimeout(done));
}
