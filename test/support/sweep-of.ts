import { noContext } from "../../src/kernel/platform.ts";
import type { MediaContext } from "../../src/media/media-context.ts";
import { MediaSweep } from "../../src/media/media-sweep.ts";
import type { FilesApp } from "./files-app.ts";
import { media } from "./files-schema.ts";

const HOUR = 3_600_000;

/** A sweep of an app's files, or of another store, by a clock that the test holds. */
export function sweepOf(
	{ app, run, store: own }: FilesApp,
	clock: { readonly hours: number },
	store = own,
) {
	const sweep = new MediaSweep({
		em: app.em,
		db: () => app.db,
		events: app.emgr,
		store,
		table: media as unknown as MediaContext["table"],
		options: {},
		platform: {
			env: {},
			createContext: noContext,
			clock: { now: () => Date.now() + clock.hours * HOUR },
		},
		logger: app.logger,
		base: () => "/api/media",
		images: () => Promise.reject(new Error("There are no images here.")),
	});
	return {
		/** Goes on until nothing is left, in steps of this many pieces of work; tells how many. */
		async round(limit = 100): Promise<number> {
			for (let steps = 1; ; steps++) {
				if ((await run(() => sweep.runOnce({ limit }))) < limit) return steps;
			}
		},
	};
}
