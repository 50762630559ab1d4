import { sql } from "drizzle-orm";
import {
	blob,
	customType,
	integer,
	numeric,
	real,
	sqliteTable,
	text,
	type SQLiteColumnBuilderBase,
} from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { testApp } from "../../support/test-app.ts";

const PATH = "/api/data/entity/things";

const point = customType<{ data: { readonly x: number; readonly y: number }; driverData: string }>({
	dataType: () => "text",
	toDriver: ({ x, y }) => {
		if (typeof x !== "number" || typeof y !== "number") throw new TypeError("no point");
		return `${x};${y}`;
	},
	fromDriver: (value) => {
		const [x = 0, y = 0] = value.split(";").map(Number);
		return { x, y };
	},
});
const wideNumber = customType<{ data: bigint; driverData: bigint }>({
	dataType: () => "integer",
	toDriver: (value) => BigInt(value),
	fromDriver: (value) => BigInt(value),
});
const packed = customType<{ data: Uint8Array; driverData: Uint8Array }>({
	dataType: () => "blob",
	toDriver: (value: unknown) =>
		value instanceof Uint8Array ? value : new Uint8Array(Buffer.from(String(value), "base64")),
	fromDriver: (value) => new Uint8Array(value),
});

interface ColumnBuilder extends SQLiteColumnBuilderBase {
	notNull(): ColumnBuilder;
	default(value: unknown): ColumnBuilder;
	$default(make: () => unknown): ColumnBuilder;
	$defaultFn(make: () => unknown): ColumnBuilder;
	$onUpdate(make: () => unknown): ColumnBuilder;
	$onUpdateFn(make: () => unknown): ColumnBuilder;
}

interface Case {
	readonly name: string;
	readonly column: () => unknown;
	/** What code gives and gets, and what of it a client gets. */
	readonly value: unknown;
	readonly wire: unknown;
	/** What else a client may send for the same value. */
	readonly also?: readonly unknown[];
	readonly wrong: readonly unknown[];
	/** Whether only `$isnull` can be asked of it. */
	readonly opaque?: true;
}

const day = new Date("2024-02-29T10:20:30.000Z");
const moment = new Date("2024-02-29T10:20:30.456Z");
const bytes = new Uint8Array([0, 1, 255]);
const BIG = 9_223_372_036_854_775_807n;

const cases: readonly Case[] = [
	{ name: "integer", column: () => integer(), value: -7, wire: -7, wrong: ["7", 1.5, true, {}] },
	{
		name: "integer, boolean",
		column: () => integer({ mode: "boolean" }),
		value: true,
		wire: true,
		wrong: [1, "true", []],
	},
	{
		name: "integer, timestamp",
		column: () => integer({ mode: "timestamp" }),
		value: day,
		wire: day.toISOString(),
		also: [day.getTime(), "2024-02-29T11:20:30+01:00"],
		wrong: ["now", "2023-02-29", true],
	},
	{
		name: "integer, timestamp_ms",
		column: () => integer({ mode: "timestamp_ms" }),
		value: moment,
		wire: moment.toISOString(),
		also: [moment.getTime()],
		wrong: ["10:20", {}],
	},
	{ name: "real", column: () => real(), value: 0.1, wire: 0.1, wrong: ["0.1", true] },
	{
		name: "numeric",
		column: () => numeric(),
		value: "12.5",
		wire: "12.5",
		also: [12.5],
		wrong: ["1,5", "", true],
	},
	{
		name: "numeric, number",
		column: () => numeric({ mode: "number" }),
		value: 2.25,
		wire: 2.25,
		wrong: ["2.25", {}],
	},
	{
		name: "numeric, bigint",
		column: () => numeric({ mode: "bigint" }),
		value: BIG,
		wire: String(BIG),
		wrong: ["9223372036854775808", 1.5, 2 ** 60],
	},
	{ name: "text", column: () => text(), value: "ä'\"\n", wire: "ä'\"\n", wrong: [1, "\0", []] },
	{
		name: "text, length",
		column: () => text({ length: 3 }),
		value: "abc",
		wire: "abc",
		wrong: ["abcd"],
	},
	{
		name: "text, enum",
		column: () => text({ enum: ["red", "green"] }),
		value: "red",
		wire: "red",
		wrong: ["blue", ""],
	},
	{
		name: "text, json",
		column: () => text({ mode: "json" }),
		value: { a: [1, null, "x"] },
		wire: { a: [1, null, "x"] },
		wrong: [],
		opaque: true,
	},
	{
		name: "blob",
		column: () => blob({ mode: "buffer" }),
		value: bytes,
		wire: "AAH/",
		wrong: ["a", "a-_b", [0, 1]],
		opaque: true,
	},
	{
		name: "blob, json",
		column: () => blob({ mode: "json" }),
		value: ["ä", { b: 1 }],
		wire: ["ä", { b: 1 }],
		wrong: [],
		opaque: true,
	},
	{
		name: "blob, bigint",
		column: () => blob({ mode: "bigint" }),
		value: -BIG,
		wire: String(-BIG),
		wrong: ["1.0", 0.5],
		opaque: true,
	},
	{
		name: "customType",
		column: () => point(),
		value: { x: 1, y: -2 },
		wire: { x: 1, y: -2 },
		wrong: ["1;2", {}],
		opaque: true,
	},
	{
		name: "customType of bigints",
		column: () => wideNumber(),
		value: BIG,
		wire: String(BIG),
		wrong: ["x", {}],
		opaque: true,
	},
	{
		name: "customType of bytes",
		column: () => packed(),
		value: new Uint8Array([5]),
		wire: "BQ==",
		wrong: [],
		opaque: true,
	},
];

/** Every way in which a column can be declared, with this type. */
function tableOf({ column, value }: Case) {
	const make = column as () => ColumnBuilder;
	return sqliteTable("things", {
		id: integer().primaryKey({ autoIncrement: true }),
		it: make(),
		needed: make().notNull().default(value),
		preset: make().default(value),
		made: make().$defaultFn(() => value),
		madeToo: make().$default(() => value),
		touched: make().$onUpdate(() => value),
		touchedToo: make().$onUpdateFn(() => value),
	});
}

/** Bytes are equal when their numbers are, whichever class holds them. */
function plain(value: unknown): unknown {
	return value instanceof Uint8Array ? [...value] : value;
}

async function started(one: Case) {
	const things = tableOf(one);
	const { app, request } = await testApp({ schema: { things } });
	const send = async (method: string, path: string, body?: unknown) => {
		const response = await request(method, path, body);
		const answer = (await response.json()) as { data: never; errors?: { path: string }[] };
		return { status: response.status, ...answer };
	};
	return { app, things, send };
}

describe.each(cases)("a column of the type $name", (one) => {
	const { value, wire, also = [], wrong } = one;

	test("is written and read by code, one by one and in bulk", async () => {
		const { app } = await started(one);
		const mutator = app.em.mutator("things");
		await mutator.insertOne({ it: value });
		await mutator.insertMany([{ it: value }, { it: null }]);
		await mutator.updateOne(1, { it: null });
		await mutator.updateOne(1, { it: value });
		await mutator.updateWhere({ it: value }, { id: 3 });
		const { data } = await app.em.repository("things").findMany();
		expect(data.map((row) => plain(row["it"]))).toEqual([value, value, value].map(plain));
	});

	test("is written and read over HTTP, one by one and in bulk", async () => {
		const { send } = await started(one);
		for (const sent of [wire, ...also]) {
			const { status, data } = await send("POST", PATH, { it: sent });
			expect([status, (data as { it: unknown }).it]).toEqual([201, wire]);
		}
		const bulk = await send("POST", PATH, [{ it: wire }, {}, { it: null }]);
		expect((bulk.data as { it: unknown }[]).map(({ it }) => it)).toEqual([wire, null, null]);
		expect((await send("PATCH", `${PATH}/1`, { it: null })).data).toMatchObject({ it: null });
		expect((await send("PATCH", `${PATH}/1`, { it: wire })).data).toMatchObject({ it: wire });
		expect((await send("GET", `${PATH}/1`)).data).toMatchObject({ it: wire });
		expect((await send("GET", `${PATH}?limit=1&select=it`)).data).toEqual([{ it: wire }]);
		expect((await send("DELETE", `${PATH}/1`)).data).toMatchObject({ it: wire });
	});

	test("has its defaults: of the database, of code, and at an update", async () => {
		const { send } = await started(one);
		const all = { it: null, needed: wire, preset: wire, made: wire, madeToo: wire };
		const touched = { touched: wire, touchedToo: wire };
		const { data } = await send("POST", PATH, [{}, { preset: null, made: null, touched: null }]);
		expect(data).toEqual([
			{ id: 1, ...all, ...touched },
			{ id: 2, ...all, ...touched, preset: null, made: null, touched: null },
		]);
		expect((await send("PATCH", `${PATH}/2`, { it: wire })).data).toMatchObject(touched);
	});

	test("refuses what is not of the type, and null where it must not be, with the path", async () => {
		const { send } = await started(one);
		for (const input of wrong) {
			const refused = await send("POST", PATH, { it: input });
			expect([input, refused.status, refused.errors?.[0]?.path]).toEqual([input, 422, "it"]);
			const bulk = await send("POST", PATH, [{ it: wire }, { it: input }]);
			expect([bulk.status, bulk.errors?.[0]?.path]).toEqual([422, "[1].it"]);
		}
		const missing = await send("POST", PATH, { needed: null });
		expect([missing.status, missing.errors]).toMatchObject([422, [{ path: "needed" }]]);
		expect((await send("GET", PATH)).data).toEqual([]);
	});

	test("can be filtered by, unless its stored form tells nothing of its order", async () => {
		const { send } = await started(one);
		await send("POST", PATH, [{ it: wire }, { it: null }]);
		const ids = async (where: unknown) => {
			const { status, data } = await send("POST", `${PATH}/query`, { where });
			return status === 200 ? (data as { id: number }[]).map(({ id }) => id) : status;
		};
		expect(await ids({ it: { $isnull: true } })).toEqual([2]);
		expect(await ids({ it: { $isnull: false } })).toEqual([1]);
		if (one.opaque) return;
		for (const sent of [wire, ...also]) expect(await ids({ it: sent })).toEqual([1]);
		expect(await ids({ it: { $ne: wire } })).toEqual([]);
		expect(await ids({ it: { $in: [wire] } })).toEqual([1]);
		expect(await ids({ it: { $gte: wire } })).toEqual([1]);
		expect(await ids({ it: { $gt: wire } })).toEqual([]);
	});
});

test.each(["text, json", "blob", "blob, json", "blob, bigint"])(
	"a %s column is compared with nothing but NULL",
	async (name) => {
		const one = cases.find((other) => other.name === name) as Case;
		const { send } = await started(one);
		for (const where of [
			{ it: one.wire },
			{ it: { $gt: one.wire } },
			{ it: { $in: [one.wire] } },
		]) {
			expect((await send("POST", `${PATH}/query`, { where })).status).toBe(400);
		}
	},
);

describe("columns that the database computes", () => {
	const things = sqliteTable("things", {
		id: integer().primaryKey(),
		width: integer().notNull().default(2),
		virtual: integer().generatedAlwaysAs(sql`width * 2`),
		stored: text().generatedAlwaysAs(sql`(width || 'cm')`, { mode: "stored" }),
		flag: integer({ mode: "boolean" }).generatedAlwaysAs(() => sql`(width > 2)`),
		plain: text().generatedAlwaysAs("width || 'x'"),
		at: text().default(sql`CURRENT_TIMESTAMP`),
		random: text().default(sql`(hex(randomblob(4)))`),
	});

	test("are read, follow updates, and cannot be written", async () => {
		const { request } = await testApp({ schema: { things } });
		const inserted = await request("POST", PATH, [{}, { width: 5 }]);
		expect(await inserted.json()).toMatchObject({
			data: [
				{ virtual: 4, stored: "2cm", flag: false, plain: "2x", at: expect.any(String) as string },
				{ virtual: 10, stored: "5cm", flag: true, plain: "5x" },
			],
		});
		const updated = await request("PATCH", `${PATH}/1`, { width: 3 });
		expect(await updated.json()).toMatchObject({ data: { virtual: 6, stored: "3cm", flag: true } });
		for (const name of ["virtual", "stored", "flag", "plain"]) {
			const refused = await request("PATCH", `${PATH}/1`, { [name]: null });
			expect(refused.status).toBe(422);
			expect(await refused.json()).toMatchObject({ errors: [{ path: name, code: "read_only" }] });
		}
		const found = await request("GET", `${PATH}?where=${JSON.stringify({ virtual: { $gt: 6 } })}`);
		expect(await found.json()).toMatchObject({ data: [{ id: 2 }] });
	});
});
