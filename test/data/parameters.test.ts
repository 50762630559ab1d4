import { describe, expect, test } from "vitest";
import { bindParameters, toExactValue } from "../../src/data/parameters.ts";
import { statement } from "../conformance/database/subject.ts";

const LIMITS = { maxParameters: 3, maxValueBytes: 10 } as const;

function bind(...values: readonly unknown[]): readonly unknown[] {
	return bindParameters(statement("", ...values), values.length, LIMITS, (value) => value);
}

describe("bindParameters", () => {
	test("measures text in the bytes of UTF-8", () => {
		const tooLarge = expect.objectContaining({ code: "value_too_large", kind: "too_large" });
		expect(bind("aaaaaaaaaa", "ééééé", "€€€a")).toHaveLength(3);
		for (const text of ["aaaaaaaaaaa", "ééééée", "€€€aa"])
			expect(() => bind(text)).toThrow(tooLarge);
		expect(() => bind(new Uint8Array(11))).toThrow(tooLarge);
	});

	test("says which parameter is refused and why, without its value", () => {
		expect(() => bind(1, "secret\0", 2)).toThrow(
			"The parameters of a statement are refused: number 2 contains NUL.",
		);
		expect(() => bind(1, 2, 3, 4)).toThrow("4 are more than the 3 that can be bound");
	});

	test("takes a subclass of Uint8Array", () => {
		class Bytes extends Uint8Array {}
		expect(bind(Bytes.of(1))).toEqual([Bytes.of(1)]);
	});
});

describe("toExactValue", () => {
	test.each([
		[1, 1n],
		[-0, 0n],
		[2 ** 53 - 1, 2n ** 53n - 1n],
		[2 ** 53, 2 ** 53],
		[1.5, 1.5],
		[true, 1n],
		[false, 0n],
		[7n, 7n],
		["1", "1"],
		[null, null],
	])("binds %s as %s", (value, bound) => {
		expect(toExactValue(value)).toBe(bound);
	});
});
