import { describe, expect, test } from "vitest";
import { sql } from "drizzle-orm";
import { testApp } from "../../support/test-app.ts";
import { values } from "../../support/wide-schema.ts";

const schema = { values };

/** One value of each type as code gives it. */
const sample = {
	whole: 7,
	yes: true,
	atSeconds: new Date(1_700_000_000_000),
	atMillis: new Date(1_700_000_000_123),
	fraction: 0.1,
	decimal: "12.5",
	decimalNumber: 2.25,
	decimalBig: 9_007_199_254_740_993n,
	title: "Burrs, “hooked”",
	short: "abcde",
	choice: "red" as const,
	notes: { deep: [1, null, "x"] },
	bytes: Buffer.from([0, 1, 255]),
	bytesJson: ["a", { b: 1 }],
	bytesBig: 12_345_678_901_234_567_890n % 2n ** 63n,
	custom: "lower",
};

/** What the table stores for it, by column. */
const stored = {
	whole_number: 7,
	is_yes: 1,
	at_seconds: 1_700_000_000,
	at_millis: 1_700_000_000_123,
	fraction_value: 0.1,
	decimal_text: 12.5,
	decimal_number: 2.25,
	title_text: "Burrs, “hooked”",
	short_text: "abcde",
	choice_text: "red",
	notes_json: '{"deep":[1,null,"x"]}',
	custom_text: "lower",
};

type Stored = keyof typeof stored;

describe("values of every type", () => {
	test.each(["single", "bulk", "update", "bulk update"])("survive a %s write", async (kind) => {
		const { app, rows } = await testApp({ schema });
		const mutator = app.em.mutator(values);
		if (kind === "single") await mutator.insertOne(sample);
		else if (kind === "bulk") await mutator.insertMany([sample, sample]);
		else if (kind === "update") {
			await mutator.insertOne({});
			await mutator.updateOne(1, sample);
		} else {
			app.emgr.on("data.values.update.before", () => {}, "sync");
			await mutator.insertMany([{}, {}]);
			await mutator.updateWhere(sample, { id: { $gt: 0 } });
		}
		const { data } = await app.em.repository(values).findOne(1);
		expect(data).toEqual({ id: 1, ...sample, bytes: expect.anything() as Buffer });
		expect([...(data?.bytes ?? [])]).toEqual([0, 1, 255]);
		for (const column of Object.keys(stored) as Stored[]) {
			const [row] = await rows(`select ${column} from "values" where id = 1`);
			expect([column, row?.[0]]).toEqual([column, stored[column]]);
		}
	});

	test("null and what is left out are stored as NULL", async () => {
		const { app } = await testApp({ schema });
		const nothing = Object.fromEntries(Object.keys(sample).map((name) => [name, null]));
		const { data } = await app.em.mutator("values").insertMany([nothing, {}]);
		expect(data).toEqual([
			{ id: 1, ...nothing },
			{ id: 2, ...nothing },
		]);
	});

	test.each([
		["atMillis", "2023-11-14T22:13:20.123Z", new Date(1_700_000_000_123)],
		["atMillis", "2023-11-14T23:13:20.123+01:00", new Date(1_700_000_000_123)],
		["atMillis", "2024-02-29", new Date("2024-02-29T00:00:00.000Z")],
		["atMillis", "2024-02-29T10:00", new Date("2024-02-29T10:00:00.000Z")],
		["atMillis", 0, new Date(0)],
		["atSeconds", 1_999, new Date(1_000)],
		["decimalBig", "9007199254740993", 9_007_199_254_740_993n],
		["decimalBig", 5, 5n],
		["decimal", 0.5, "0.5"],
		["whole", 3n, 3],
		["bytes", "AAH/", new Uint8Array([0, 1, 255])],
		["bytes", "", new Uint8Array()],
		["custom", "MiXed", "mixed"],
		["title", "", ""],
		["notes", Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
		["notes", 0, 0],
		["notes", false, false],
		["notes", "text", "text"],
	])("%s takes %o", async (name, input, expected) => {
		const { app } = await testApp({ schema });
		const { data } = await app.em.mutator("values").insertOne({ [name]: input });
		const value = (data as Record<string, unknown>)[name];
		expect(value instanceof Uint8Array ? new Uint8Array(value) : value).toEqual(expected);
	});

	test.each([
		["whole", 1.5, "Expected a whole number."],
		["whole", "1", "Expected a whole number."],
		["whole", 2 ** 53, "Expected a whole number."],
		["whole", true, "Expected a whole number."],
		["yes", 1, "Expected true or false."],
		["yes", "true", "Expected true or false."],
		["atMillis", "yesterday", "Expected an ISO 8601 date or epoch milliseconds."],
		["atMillis", "2023-02-29", "Expected an ISO 8601 date or epoch milliseconds."],
		["atMillis", "2024-04-31T10:00:00Z", "Expected an ISO 8601 date or epoch milliseconds."],
		["atMillis", "2024-13-01", "Expected an ISO 8601 date or epoch milliseconds."],
		["atMillis", "2024-00-01", "Expected an ISO 8601 date or epoch milliseconds."],
		["atMillis", "2024-01-00", "Expected an ISO 8601 date or epoch milliseconds."],
		["atMillis", Number.NaN, "Expected an ISO 8601 date or epoch milliseconds."],
		["atMillis", new Date(Number.NaN), "Expected an ISO 8601 date or epoch milliseconds."],
		["fraction", Number.POSITIVE_INFINITY, "Expected a number."],
		["fraction", "0.5", "Expected a number."],
		["decimal", "1,5", "Expected a decimal number."],
		["decimalBig", "9223372036854775808", "Expected a 64-bit whole number."],
		["decimalBig", "1.0", "Expected a 64-bit whole number."],
		["title", 1, "Expected text without NUL characters."],
		["title", "a\0b", "Expected text without NUL characters."],
		["title", "\ud800", "Expected text without NUL characters."],
		["title", ["a"], "Expected text without NUL characters."],
		["notes", () => 1, "Expected a JSON value, at most 100 levels deep."],
		["notes", 1n, "Expected a JSON value, at most 100 levels deep."],
		["bytes", "a", "Expected base64 text."],
		["bytes", "a-_b", "Expected base64 text."],
		["bytes", [1], "Expected base64 text."],
		["custom", 5, "Expected a value of the column's type."],
		["custom", { a: 1 }, "Expected a value of the column's type."],
		["custom", "a\0", "Expected a value of the column's type."],
		["choice", "blue", "Expected one of red, green."],
		["short", "abcdef", "At most 5 characters."],
	])("%s refuses %o", async (name, input, message) => {
		const { app, counts } = await testApp({ schema });
		await expect(app.em.mutator("values").insertOne({ [name]: input })).rejects.toMatchObject({
			code: "invalid_data",
			kind: "invalid",
			errors: [{ path: name, message }],
		});
		expect(await counts()).toEqual({ values: 0 });
	});

	test("every fault of all rows is told at once, with its path", async () => {
		const { app } = await testApp({ schema });
		const rows = [{ whole: "x", nope: 1 }, {}, "text", { short: "too long", title: 1, id: null }];
		await expect(app.em.mutator("values").insertMany(rows as never)).rejects.toMatchObject({
			errors: [
				{ path: "[0].whole", code: "type" },
				{ path: "[0].nope", code: "unknown_field" },
				{ path: "[2]", message: "Expected an object of fields." },
				{ path: "[3].title", code: "type" },
			],
		});
	});

	test("a hundred faults are listed, the others counted", async () => {
		const { app } = await testApp({ schema });
		const rows = Array.from({ length: 300 }, () => ({ whole: "x" }));
		const error = await app.em
			.mutator("values")
			.insertMany(rows as never)
			.catch((e: unknown) => e);
		expect((error as { errors: unknown[] }).errors).toHaveLength(100);
		expect((error as Error).message).toContain("(and 299 more)");
	});

	test("an expression of code is computed by the database, alone and in bulk", async () => {
		const { app } = await testApp({ schema });
		const row = { whole: sql<number>`40 + ${2}`, title: sql<string>`upper(${"hook"})` };
		const { data } = await app.em.mutator(values).insertMany([row, { whole: 1 }, row] as never);
		expect(data.map(({ whole, title }) => [whole, title])).toEqual([
			[42, "HOOK"],
			[1, null],
			[42, "HOOK"],
		]);
		await app.em.mutator(values).updateOne(2, { whole: sql`whole_number + ${9}` } as never);
		expect((await app.em.repository(values).findOne(2)).data?.whole).toBe(10);
	});
});

describe("property keys, not column names", () => {
	test("data, where, sort and select take property keys", async () => {
		const { app } = await testApp({ schema });
		await app.em.mutator(values).insertMany([{ whole: 2 }, { whole: 1 }, { whole: 3 }]);
		const { data } = await app.em.repository(values).findMany({
			where: { whole: { $gte: 2 } },
			sort: "-whole",
			select: ["whole"],
		});
		expect(data).toEqual([{ whole: 3 }, { whole: 2 }]);
	});

	test("a column name is an unknown field everywhere, and the property key is the hint", async () => {
		const { app } = await testApp({ schema });
		const query = { where: { at_millis: 1 }, sort: "at_millis", select: ["at_millis"] };
		await expect(app.em.repository(values).findMany(query)).rejects.toMatchObject({
			errors: [
				{ path: "select.at_millis", message: expect.stringContaining("atMillis") as string },
				{ path: "where.at_millis", code: "unknown_field" },
				{ path: "sort.at_millis", code: "unknown_field" },
			],
		});
		await expect(app.em.mutator("values").insertOne({ at_millis: 1 })).rejects.toMatchObject({
			errors: [{ path: "at_millis", code: "unknown_field" }],
		});
	});
});
