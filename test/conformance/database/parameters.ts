import { describe, expect, test } from "vitest";
import type { Subject } from "./subject.ts";

class Money {
	readonly cents = 100;
}

function detached(): Uint8Array {
	const bytes = Uint8Array.of(1, 2, 3);
	structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
	return bytes;
}

const REFUSED: Readonly<Record<string, unknown>> = {
	undefined: undefined,
	NaN: Number.NaN,
	Infinity: Number.POSITIVE_INFINITY,
	"-Infinity": Number.NEGATIVE_INFINITY,
	"text with NUL": "a\0b",
	"a lone high surrogate": "a\ud800",
	"a lone low surrogate": "\udc00a",
	"a bigint of 64 bits and more": 2n ** 63n,
	"a negative bigint of 64 bits and more": -(2n ** 63n) - 1n,
	"a Date": new Date(0),
	"a Symbol": Symbol("secret"),
	"a function": () => "secret",
	"an object": { secret: 1 },
	"an object that is a string": Object("secret"),
	"an array": [1],
	"an array of bytes": [[1]],
	"a Map": new Map(),
	"a class instance": new Money(),
	"an ArrayBuffer": new ArrayBuffer(2),
	"a DataView": new DataView(new ArrayBuffer(2)),
	"an Int8Array": new Int8Array(2),
	"a DataView that claims to be bytes": Object.setPrototypeOf(
		new DataView(new ArrayBuffer(2)),
		Uint8Array.prototype,
	),
	"bytes that were transferred away": detached(),
	"a promise": Promise.resolve(1),
	"a proxy": new Proxy(new Uint8Array(2), {}),
};

export function describeParameters(subject: Subject): void {
	const { all, failure } = subject;
	describe("parameters", () => {
		for (const [kind, value] of Object.entries(REFUSED)) {
			test(`${kind} is refused before the engine sees it`, async () => {
				const error = await failure(() => all("select ?", value));
				expect(error).toMatchObject({ code: "bad_parameter", kind: "internal" });
				expect(error.message).not.toContain("secret");
			});
		}

		test("a hole in the list is refused", async () => {
			expect((await failure(() => all("select ?", ...Array(1)))).code).toBe("bad_parameter");
		});

		for (const [sql, params] of [
			["select 1", [1]],
			["select ?", []],
			["select ?", [1, 2]],
			["select ?, ?", [1]],
			["select ?2", [1]],
			["select '?', \"?\", `?`, [?] -- ?\n /* ? */ from (select 1 as [?])", [1]],
		] as const) {
			test(`${params.length} parameters for ${JSON.stringify(sql)} are refused`, async () => {
				expect((await failure(() => all(sql, ...params))).code).toBe("bad_parameter");
			});
		}

		test("placeholders are counted outside of strings, names and comments only", async () => {
			expect(await all("select '?', ? /* ? */ -- ?\n, 'it''s ?' -- '", 1)).toEqual([
				["?", 1, "it's ?"],
			]);
		});

		test("numbered placeholders take the parameter of that number", async () => {
			expect(await all("select ?2, ?1, ?2", "a", "b")).toEqual([["b", "a", "b"]]);
		});

		test("a parameter that no placeholder takes is passed over", async () => {
			const bytes = new Uint8Array([7]);
			expect(await all("select ?2", "a", 1)).toEqual([[1]]);
			expect(await all("select ?4, ?2", bytes, 1.5, null, 2)).toEqual([[2, 1.5]]);
		});

		test("as many parameters as the engine declares can be bound, one more is refused", async () => {
			const { maxParameters } = subject.database.capabilities;
			const values = (count: number) => `values ${Array(count).fill("(?)").join(",")}`;
			const rows = await all(values(maxParameters), ...Array(maxParameters).fill(1));
			expect(rows).toHaveLength(maxParameters);
			const sum = `select sum(column1) from (${values(maxParameters)})`;
			const numbers = Array.from({ length: maxParameters }, (_, index) => index);
			const expected = (maxParameters * (maxParameters - 1)) / 2;
			expect(await all(sum, ...numbers)).toEqual([[expected]]);
			const over = Array(maxParameters + 1).fill(1);
			const error = await failure(() => all(values(maxParameters + 1), ...over));
			expect(error.code).toBe("bad_parameter");
		});

		test("many values of every kind come back as they were, in their order", async () => {
			const { maxParameters } = subject.database.capabilities;
			const kinds = [
				(index: number) => index,
				(index: number) => index + 0.25,
				(index: number) => `"${index}"\n\\é\u{1f600}'`,
				() => null,
				(index: number) => Uint8Array.of(0, index % 256, 255),
				(index: number) => 2 ** 53 + 2 * index,
				(index: number) => "long ".repeat(index),
			];
			for (const count of [99, 100, 101, 250, Math.min(maxParameters, 1_500)]) {
				const values = Array.from({ length: count }, (_, at) => kinds[at % kinds.length]?.(at));
				const sql = `values ${values.map(() => "(?)").join()}`;
				expect(await all(sql, ...values)).toEqual(values.map((value) => [value]));
				const types = `values ${values.map(() => "(typeof(?))").join()}`;
				const ofKind = ["integer", "real", "text", "null", "blob", "real", "text"];
				expect(await all(types, ...values)).toEqual(
					values.map((_, at) => [ofKind[at % kinds.length]]),
				);
			}
		});

		test("a value beyond the declared size is refused", async () => {
			const { maxValueBytes } = subject.database.capabilities;
			if (maxValueBytes > 10_000_000) return;
			for (const value of ["é".repeat(maxValueBytes / 2 + 1), new Uint8Array(maxValueBytes + 1)]) {
				const error = await failure(() => all("select ?", value));
				expect(error).toMatchObject({ code: "value_too_large", kind: "too_large" });
			}
		});

		test("a refused parameter anywhere in a batch stores nothing", async () => {
			await all("create table t (a)");
			const insert = "insert into t values (?)";
			const error = await failure(() => subject.batch([insert, 1], [insert, Number.NaN]));
			expect(error.code).toBe("bad_parameter");
			expect(await all("select * from t")).toEqual([]);
		});
	});
}
