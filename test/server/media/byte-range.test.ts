import { describe, expect, test } from "vitest";
import { readByteRange, type WantedRange } from "../../../src/server/media/byte-range.ts";

const SIZE = 1000;
const part = (offset: number, length: number): WantedRange => ({ offset, length });

const CASES: readonly (readonly [header: string | null, wanted: WantedRange])[] = [
	[null, "whole"],
	["bytes=0-0", part(0, 1)],
	["bytes=0-1", part(0, 2)],
	["bytes=0-999", part(0, 1000)],
	["bytes=0-1000", part(0, 1000)],
	["bytes=0-998", part(0, 999)],
	["bytes=0-", part(0, 1000)],
	["bytes=1-", part(1, 999)],
	["bytes=500-599", part(500, 100)],
	["bytes=500-500", part(500, 1)],
	["bytes=999-", part(999, 1)],
	["bytes=999-999", part(999, 1)],
	["bytes=999-5000", part(999, 1)],
	["bytes=00005-00009", part(5, 5)],
	["bytes=0-99999999999999999999", part(0, 1000)],
	["bytes=998-18446744073709551615", part(998, 2)],
	["bytes=0-9007199254740993", part(0, 1000)],
	["bytes=-1", part(999, 1)],
	["bytes=-500", part(500, 500)],
	["bytes=-1000", part(0, 1000)],
	["bytes=-1001", part(0, 1000)],
	["bytes=-99999999999999999999", part(0, 1000)],
	["bytes=-00001", part(999, 1)],
	["Bytes=0-1", part(0, 2)],
	["BYTES=-2", part(998, 2)],
	["bytes= 0-1", part(0, 2)],
	["bytes=0-1 ", part(0, 2)],
	["bytes=\t0-1\t", part(0, 2)],

	["bytes=1000-", "unsatisfiable"],
	["bytes=1000-1000", "unsatisfiable"],
	["bytes=1001-2000", "unsatisfiable"],
	["bytes=99999999999999999999-", "unsatisfiable"],
	["bytes=9007199254740992-9007199254740993", "unsatisfiable"],
	["bytes=18446744073709551616-18446744073709551616", "unsatisfiable"],
	["bytes=-0", "unsatisfiable"],
	["bytes=-0000", "unsatisfiable"],

	["bytes=2-1", "whole"],
	["bytes=1001-1000", "whole"],
	["bytes=99999999999999999998-99999999999999999997", "whole"],
	["bytes=0-1,3-4", "whole"],
	["bytes=0-1, 3-4", "whole"],
	["bytes=0-1,", "whole"],
	["bytes=,0-1", "whole"],
	["bytes=-1,-2", "whole"],
	["bytes=1000-,0-1", "whole"],
	[`bytes=${"0-0,".repeat(5_000)}0-0`, "whole"],
	[`bytes=0-${"9".repeat(92)}`, part(0, 1000)],
	[`bytes=0-${"9".repeat(93)}`, "whole"],
	[`bytes=0-1${" ".repeat(100)}`, "whole"],
	["", "whole"],
	["bytes", "whole"],
	["bytes=", "whole"],
	["bytes=-", "whole"],
	["bytes=--1", "whole"],
	["bytes=0--1", "whole"],
	["bytes=-1-", "whole"],
	["bytes=0", "whole"],
	["bytes=a-b", "whole"],
	["bytes=0x1-0x2", "whole"],
	["bytes=1e1-", "whole"],
	["bytes=1.5-2", "whole"],
	["bytes=+1-2", "whole"],
	["bytes=0 - 1", "whole"],
	["bytes =0-1", "whole"],
	[" bytes=0-1", "whole"],
	["bytes:0-1", "whole"],
	["octets=0-1", "whole"],
	["seconds=0-1", "whole"],
	["none", "whole"],
	["bytes=٠-١", "whole"],
	["bytes=0-1\n", "whole"],
	["bytes=0-1\0", "whole"],
	["bytes=0-1;bytes=2-3", "whole"],
	["bytes=NaN-", "whole"],
	["bytes=Infinity-", "whole"],
];

describe("readByteRange", () => {
	test("has many cases", () => {
		expect(CASES.length).toBeGreaterThan(60);
	});

	test.for(CASES)("of a thousand bytes, %j is %j", ([header, wanted]) => {
		expect(readByteRange(header, SIZE)).toEqual(wanted);
	});

	test.for([
		["bytes=0-", 1, part(0, 1)],
		["bytes=-5", 1, part(0, 1)],
		["bytes=1-", 1, "unsatisfiable"],
		["bytes=0-", 0, "unsatisfiable"],
		["bytes=0-0", 0, "unsatisfiable"],
		["bytes=-1", 0, "whole"],
		["bytes=-0", 0, "unsatisfiable"],
		["bytes=5000000000-5000000009", 6_000_000_000, part(5_000_000_000, 10)],
	] as const)("%j of %i bytes is %j", ([header, size, wanted]) => {
		expect(readByteRange(header, size)).toEqual(wanted);
	});

	test("never goes beyond the file, whatever is asked", () => {
		for (let size = 1; size < 12; size++) {
			for (let first = -1; first < 14; first++) {
				for (let last = -1; last < 14; last++) {
					const header = `bytes=${first < 0 ? "" : first}-${last < 0 ? "" : last}`;
					const range = readByteRange(header, size);
					if (typeof range === "string") continue;
					expect(range.offset, header).toBeGreaterThanOrEqual(0);
					expect(range.length, header).toBeGreaterThan(0);
					expect(range.offset + range.length, header).toBeLessThanOrEqual(size);
				}
			}
		}
	});
});
