import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Subject } from "./subject.ts";

const TEXTS: readonly string[] = [
	"",
	" ",
	"a",
	'it\'s "quoted" `here` [there]; -- no comment ?',
	"line\nbreak\r\n\ttab",
	"Grüße, 日本語, עברית",
	"👩‍👩‍👧‍👦 \u{10ffff}",
	"\ufeffbyte order mark",
	"\u0001\u001f\u007f\uffff",
];
const NUMBERS: readonly number[] = [
	0,
	1,
	-1,
	1.5,
	-0.1,
	Number.MAX_SAFE_INTEGER,
	Number.MIN_SAFE_INTEGER,
	2 ** 53,
	-(2 ** 53),
	2 ** 63,
	1e21,
	1e308,
	-1e308,
	Number.MAX_VALUE,
	Number.MIN_VALUE,
	2.2250738585072014e-308,
];
const SAFE_BIGINTS: readonly bigint[] = [0n, 1n, -1n, 2n ** 53n - 1n, -(2n ** 53n) + 1n];
const LARGE_BIGINTS: readonly bigint[] = [
	2n ** 53n,
	2n ** 53n + 1n,
	-(2n ** 53n) - 1n,
	2n ** 63n - 1n,
	-(2n ** 63n),
];
const MEBIBYTE = 1024 * 1024;

/** Values that come back as the very same, in as many forms as an engine may get wrong. */
const ANY_VALUE = fc.oneof(
	fc.string({ unit: "binary" }).filter((text) => text.isWellFormed() && !text.includes("\0")),
	fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
	fc.maxSafeInteger(),
	fc.uint8Array(),
	fc.constant(null),
);

export function describeValues(subject: Subject): void {
	describe("values", () => {
		bound(subject);
		stored(subject);
		large(subject);
		any(subject);
	});
}

function bound(subject: Subject): void {
	const { all } = subject;

	test("every text comes back as it was", async () => {
		for (const text of TEXTS) {
			expect(await all("select ?, typeof(?)", text, text)).toEqual([[text, "text"]]);
		}
	});

	test("every finite number comes back as it was", async () => {
		for (const number of NUMBERS) expect(await all("select ?", number)).toEqual([[number]]);
	});

	test("a negative zero is zero", async () => {
		const [row] = await all("select ?", -0);
		expect(Object.is(row?.[0], 0)).toBe(true);
	});

	test("bigints within 53 bits come back as numbers", async () => {
		for (const value of SAFE_BIGINTS) {
			expect(await all("select ?", value)).toEqual([[Number(value)]]);
		}
	});

	test("null is null", async () => {
		expect(await all("select ?, typeof(?)", null, null)).toEqual([[null, "null"]]);
	});

	test("a boolean is 1 or 0", async () => {
		expect(await all("select ?, ?", true, false)).toEqual([[1, 0]]);
	});

	test("a whole number is INTEGER wherever it is bound", async () => {
		const sql = "select typeof(?), typeof(?), typeof(?), json_array(?), ? / 2";
		expect(await all(sql, 1, 1n, true, 1, 3)).toEqual([
			["integer", "integer", "integer", "[1]", 1],
		]);
	});

	test("other numbers are REAL", async () => {
		for (const number of [1.5, 2 ** 53, 1e21, -(2 ** 63)]) {
			expect(await all("select typeof(?), ?", number, number)).toEqual([["real", number]]);
		}
	});

	test("a value has no affinity, whatever it stands beside", async () => {
		await all("create table codes (code text, number integer, any)");
		await all("insert into codes values ('7', 7, 7)");
		const found = "select code = ?, number = ?, any = ?, ? = ? from codes";
		expect(await all(found, 7, 7, 7, 7, "7")).toEqual([[1, 1, 1, 0]]);
		expect(await all(found, "7", "7", "7", "7", 7)).toEqual([[1, 1, 0, 0]]);
		expect(await all("select 'posts/' || ?, json_array(?, ?)", 7, 7, "7")).toEqual([
			["posts/7", '[7,"7"]'],
		]);
	});

	test("a whole number limits, compares and calculates as one", async () => {
		await all("create table numbers (id integer primary key)");
		await all("insert into numbers select value from json_each(?)", "[1,2,3,4]");
		expect(await all("select id from numbers where id > ? limit ? offset ?", 1, 2, 1)).toEqual([
			[3],
			[4],
		]);
	});
}

function stored(subject: Subject): void {
	const { all } = subject;

	test("a whole number is stored as INTEGER in a column of that type, a fraction as REAL", async () => {
		await all("create table stored (i integer, r real, n numeric, t text)");
		await all("insert into stored values (?, ?, ?, ?)", 7, 1.5, 7, "7");
		const types = "select typeof(i), typeof(r), typeof(n), typeof(t), i, r, n, t from stored";
		expect(await all(types)).toEqual([["integer", "real", "integer", "text", 7, 1.5, 7, "7"]]);
	});

	test("an integer primary key is found by number and by bigint", async () => {
		await all("create table keyed (id integer primary key, title text)");
		await all("insert into keyed values (?, ?)", 41, "found");
		expect(await all("select title from keyed where id = ?", 41)).toEqual([["found"]]);
		expect(await all("select title from keyed where id = ?", 41n)).toEqual([["found"]]);
	});

	test("integers of 64 bits are stored, compared and calculated with exactly", async () => {
		await all("create table large (id integer primary key, value integer, any)");
		const insert = "insert into large (value, any) values (?, ?) returning cast(value as text)";
		for (const value of LARGE_BIGINTS) {
			expect(await all(insert, value, value)).toEqual([[String(value)]]);
			const found = "select cast(value as text), typeof(any) from large where any = ?";
			expect(await all(found, value)).toEqual([[String(value), "integer"]]);
			expect(await all("select count(*) from large where value = ?", value)).toEqual([[1]]);
			const halved = "select cast(? / 2 as text), cast(? as text)";
			expect(await all(halved, value, value)).toEqual([[String(value / 2n), String(value)]]);
		}
	});

	test("integers beyond 53 bits are returned as bigint, where the engine has more bits", async () => {
		const exact = subject.database.capabilities.integerBits === 64;
		for (const value of LARGE_BIGINTS) {
			expect(await all("select ?", value)).toEqual([[exact ? value : Number(value)]]);
		}
	});

	test("integers beyond 53 bits are exact as text on every engine", async () => {
		await all("create table texts (value integer)");
		for (const value of LARGE_BIGINTS) {
			await all("insert into texts values (cast(? as integer))", String(value));
		}
		expect(await all("select typeof(value), cast(value as text) from texts")).toEqual(
			LARGE_BIGINTS.map((value) => ["integer", String(value)]),
		);
	});

	test("a statement that has met a large integer keeps telling it from others", async () => {
		if (subject.database.capabilities.integerBits === 53) return;
		await all("create table mixed (id integer primary key, value, other)");
		await all("insert into mixed values (1, 5, 'a'), (2, 9007199254740993, x'01'), (3, 1e300, 6)");
		const one = "select value, other from mixed where id = ?";
		expect(await all(one, 1)).toEqual([[5, "a"]]);
		expect(await all(one, 2)).toEqual([[9007199254740993n, Uint8Array.of(1)]]);
		expect(await all(one, 3)).toEqual([[1e300, 6]]);
		expect(await all(one, 1)).toEqual([[5, "a"]]);
	});
}

function large({ all }: Subject): void {
	test("blobs come back as plain Uint8Array", async () => {
		const whole = Uint8Array.of(9, 0, 255, 1, 9);
		for (const blob of [new Uint8Array(0), whole, whole.subarray(1, 4)]) {
			const [row] = await all("select ?, typeof(?), length(?)", blob, blob, blob);
			expect(row).toEqual([Uint8Array.from(blob), "blob", blob.length]);
			expect(Object.getPrototypeOf(row?.[0])).toBe(Uint8Array.prototype);
		}
	});

	test("one row's blobs are apart from each other", async () => {
		const [row] = await all("select x'0102', x'', x'03', null");
		expect(row).toEqual([Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3), null]);
	});

	test("a mebibyte of text and of bytes comes back whole", async () => {
		const text = "é".repeat(MEBIBYTE / 2);
		const bytes = new Uint8Array(MEBIBYTE).map((_, index) => index % 251);
		await all("create table large (id integer primary key, text text, bytes blob)");
		await all("insert into large values (1, ?, null), (2, null, ?)", text, bytes);
		const [first, second] = await all("select text, bytes from large order by id");
		expect(first?.[0] === text).toBe(true);
		expect(second?.[1] instanceof Uint8Array && second[1].length).toBe(MEBIBYTE);
		const read = second?.[1] as Uint8Array | undefined;
		expect(read?.every((byte, index) => byte === index % 251)).toBe(true);
	});
}

function any({ all, batch }: Subject): void {
	test("any values come back from any place, alone, stored and in a batch", async () => {
		await all("create table places (id integer primary key, a blob, b blob)");
		const insert = "insert into places (a, b) values (?, ?) returning a, b";
		await fc.assert(
			fc.asyncProperty(ANY_VALUE, ANY_VALUE, async (a, b) => {
				expect(await all("select ?, ?", a, b)).toEqual([[a, b]]);
				expect(await batch([insert, a, b], ["select ? as b", b])).toEqual([[[a, b]], [[b]]]);
			}),
			{ numRuns: 150 },
		);
	});
}
