import { describe, expect, test } from "vitest";
import {
	checkConditions,
	rangeHolds,
	type Verdict,
} from "../../../src/server/media/check-conditions.ts";

const STATE = { etag: '"abc"', modified: new Date("2026-11-01T10:20:30.456Z") };
const SAME = "Sun, 01 Nov 2026 10:20:30 GMT";
const EARLIER = "Sun, 01 Nov 2026 10:20:29 GMT";
const LATER = "Sun, 01 Nov 2026 10:20:31 GMT";

type Conditions = Readonly<Record<string, string>>;

function verdict(conditions: Conditions, method = "GET"): Verdict {
	const headers = new Headers(conditions);
	return checkConditions({ method, header: (name) => headers.get(name) }, STATE);
}

const READS: readonly (readonly [Conditions, Verdict])[] = [
	[{}, "go_on"],
	[{ "if-match": '"abc"' }, "go_on"],
	[{ "if-match": '"x", "abc"' }, "go_on"],
	[{ "if-match": "*" }, "go_on"],
	[{ "if-match": '"x"' }, "failed"],
	[{ "if-match": 'W/"abc"' }, "failed"],
	[{ "if-none-match": '"abc"' }, "not_modified"],
	[{ "if-none-match": 'W/"abc"' }, "not_modified"],
	[{ "if-none-match": '"x", W/"abc"' }, "not_modified"],
	[{ "if-none-match": "*" }, "not_modified"],
	[{ "if-none-match": '"x"' }, "go_on"],
	[{ "if-none-match": "abc" }, "go_on"],
	[{ "if-modified-since": SAME }, "not_modified"],
	[{ "if-modified-since": LATER }, "not_modified"],
	[{ "if-modified-since": EARLIER }, "go_on"],
	[{ "if-modified-since": "2026-11-01" }, "go_on"],
	[{ "if-modified-since": "0" }, "go_on"],
	[{ "if-modified-since": "Sunday, 01-Nov-26 10:20:30 GMT" }, "not_modified"],
	[{ "if-modified-since": "Sun Nov  1 10:20:30 2026" }, "not_modified"],
	[{ "if-modified-since": "Sun Nov  1 10:20:29 2026" }, "go_on"],
	[{ "if-unmodified-since": SAME }, "go_on"],
	[{ "if-unmodified-since": LATER }, "go_on"],
	[{ "if-unmodified-since": EARLIER }, "failed"],
	[{ "if-unmodified-since": "yesterday" }, "go_on"],
	// The tag is more exact than the date, so the date is not looked at.
	[{ "if-match": '"abc"', "if-unmodified-since": EARLIER }, "go_on"],
	[{ "if-match": '"x"', "if-unmodified-since": LATER }, "failed"],
	[{ "if-none-match": '"x"', "if-modified-since": LATER }, "go_on"],
	[{ "if-none-match": '"abc"', "if-modified-since": EARLIER }, "not_modified"],
	// What is expected comes before what is known.
	[{ "if-match": '"x"', "if-none-match": '"abc"' }, "failed"],
	[{ "if-match": '"abc"', "if-none-match": '"abc"' }, "not_modified"],
	[{ "if-unmodified-since": EARLIER, "if-none-match": '"abc"' }, "failed"],
	[{ "if-unmodified-since": EARLIER, "if-modified-since": SAME }, "failed"],
];

describe("checkConditions", () => {
	test.for(READS)("of a read with %j: %s", ([conditions, expected]) => {
		expect(verdict(conditions)).toBe(expected);
		expect(verdict(conditions, "HEAD")).toBe(expected);
	});

	test.for([
		[{ "if-match": '"abc"' }, "go_on"],
		[{ "if-match": '"x"' }, "failed"],
		[{ "if-none-match": '"abc"' }, "failed"],
		[{ "if-none-match": "*" }, "failed"],
		[{ "if-none-match": '"x"' }, "go_on"],
		[{ "if-modified-since": SAME }, "go_on"],
		[{ "if-unmodified-since": EARLIER }, "failed"],
	] as const)("of a delete with %j: %s", ([conditions, expected]) => {
		expect(verdict(conditions, "DELETE")).toBe(expected);
	});

	test.for(["abc", '"abc', "W/abc", "", '"a" "b"'])("refuses %j as If-Match", (text) => {
		expect(() => verdict({ "if-match": text })).toThrow(
			expect.objectContaining({ code: "bad_if_match" }),
		);
	});
});

describe("rangeHolds", () => {
	test.for([
		[null, true],
		['"abc"', true],
		[' "abc" ', true],
		['"x"', false],
		['W/"abc"', false],
		["abc", false],
		[SAME, false],
		[LATER, false],
		["", false],
	] as const)("%j: %s", ([ifRange, expected]) => {
		expect(rangeHolds(ifRange, STATE)).toBe(expected);
	});
});
