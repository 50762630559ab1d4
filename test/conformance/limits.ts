import { beforeEach, describe } from "vitest";
import type { Database } from "../../src/data/database.ts";
import { LimitsBench, type LimitsSubject } from "../support/limits-bench.ts";
import { describeLargeIntegers } from "./limits/large-integers.ts";
import { describeLargeWrites } from "./limits/large-writes.ts";
import { describeManyConditions } from "./limits/many-conditions.ts";
import { describeWideRows } from "./limits/wide-rows.ts";

/**
 * What is large on a driver: integers, rows, queries and writes.
 *
 * @param open Opens an empty database for each test.
 */
export function describeLimits(name: string, open: () => Promise<Database>): void {
	describe(`what is large on ${name}`, () => {
		let bench: LimitsBench;
		beforeEach(async () => {
			bench = await new LimitsBench(await open()).prepare();
		});
		const subject: LimitsSubject = {
			get bench() {
				return bench;
			},
		};
		describeLargeIntegers(subject);
		describeManyConditions(subject);
		describeWideRows(subject);
		describeLargeWrites(subject);
	});
}
