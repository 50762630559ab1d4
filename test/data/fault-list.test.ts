import { expect, test } from "vitest";
import { FaultList } from "../../src/data/fault-list.ts";

test("what is listed no more costs no search for what was meant", () => {
	const faults = new FaultList("bad_query");
	let searches = 0;
	for (let at = 0; at < 1000; at++) {
		const hint = faults.hint(`titl${at}`, () => {
			searches++;
			return ["title"];
		});
		faults.add(`where.titl${at}`, `posts has no such field.${hint}`);
	}
	expect(searches).toBe(100);
	expect(() => faults.complain()).toThrow(
		"where.titl0: posts has no such field. Did you mean title? (and 999 more)",
	);
});
