import { describe, expect, test } from "vitest";
import type { FindOptions } from "../../../src/data/query/find-options.ts";
import { items } from "../../support/query-schema.ts";
import { testApp } from "../../support/test-app.ts";
import { values } from "../../support/wide-schema.ts";

const schema = { items, values };
const entities = { items: { hidden: ["secret"], limit: 3, maxLimit: 5, sort: "-count" } };
const open = () => testApp({ schema, entities });

/** The faults of a query that a client sends. */
async function faultsOf(options: object, entity = "items"): Promise<unknown[]> {
	const { app } = await open();
	try {
		await app.em.reader(entity).findMany(options as FindOptions, "client");
	} catch (error) {
		expect(error).toMatchObject({ code: "bad_query", kind: "malformed" });
		return (error as { errors: { path: string; message: string }[] }).errors.map(
			({ path, message }) => `${path}: ${message}`,
		);
	}
	return [];
}

describe("a query that is not understood names every fault by its path", () => {
	test.each<[string, unknown, string]>([
		["an unknown field", { vews: 1 }, "where.vews: items has no such field."],
		["a near name", { cont: 1 }, "where.cont: items has no such field. Did you mean count?"],
		[
			"an unknown operator",
			{ count: { $gtt: 1 } },
			"where.count.$gtt: There is no such operator. Did you mean $gt?",
		],
		[
			"a nested fault",
			{ $or: [{ count: 1 }, { nope: 1 }] },
			"where.$or[1].nope: items has no such field. Did you mean name?",
		],
		["a fault below $not", { $not: { count: "1" } }, "where.$not.count: Expected a whole number."],
		["an object in $or", { $or: { count: "x" } }, "where.$or.count: Expected a whole number."],
		["a wrong type", { count: 1.5 }, "where.count: Expected a whole number."],
		["a list where a value is due", { count: [1] }, "where.count: Expected a whole number."],
		["null for an order", { count: { $gt: null } }, "where.count.$gt: Expected a whole number."],
		["null in a list", { count: { $in: [1, null] } }, "where.count.$in: Expected a whole number."],
		[
			"a value where a list is due",
			{ count: { $in: 1 } },
			"where.count.$in: Expected a list of values.",
		],
		[
			"one end of a range",
			{ count: { $between: [1] } },
			"where.count.$between: Expected a list of two values.",
		],
		[
			"a range of words",
			{ count: { $between: [1, "x"] } },
			"where.count.$between: Expected a whole number.",
		],
		[
			"a word for $isnull",
			{ count: { $isnull: "yes" } },
			"where.count.$isnull: Expected true or false.",
		],
		[
			"a pattern for a number",
			{ count: { $like: "1%" } },
			"where.count.$like: Only text fields can be matched with a pattern.",
		],
		[
			"a number for a pattern",
			{ name: { $contains: 1 } },
			"where.name.$contains: Expected text without NUL characters.",
		],
		[
			"NUL in a pattern",
			{ name: { $like: "a\0" } },
			"where.name.$like: Expected text without NUL characters.",
		],
		["NUL in a value", { name: "a\0" }, "where.name: Expected text without NUL characters."],
		["a boolean as a number", { on: 1 }, "where.on: Expected true or false."],
		[
			"a date that is none",
			{ at: "2023-02-30" },
			"where.at: Expected an ISO 8601 date or epoch milliseconds.",
		],
		["a where that is a list", [], "where: Expected an object of conditions."],
		["a where that is text", "count = 1", "where: Expected an object of conditions."],
		["a part that is text", { $and: ["x"] }, "where.$and[0]: Expected an object of conditions."],
		["$not of a list", { $not: [] }, "where.$not: Expected an object of conditions."],
		["$and of a number", { $and: 1 }, "where.$and: Expected an object of conditions."],
		["constructor", { constructor: 1 }, "where.constructor: items has no such field."],
		[
			"an operator of Object",
			{ count: { toString: 1 } },
			"where.count.toString: There is no such operator.",
		],
		["a hidden field", { secret: 1 }, "where.secret: items has no such field."],
	])("%s", async (_, where, fault) => {
		expect(await faultsOf({ where })).toEqual([fault]);
	});

	test("__proto__ as a key", async () => {
		const where = JSON.parse('{"__proto__": {"count": 1}, "count": {"__proto__": 1}}') as object;
		expect(await faultsOf({ where })).toEqual([
			"where.__proto__: items has no such field.",
			"where.count.__proto__: There is no such operator.",
		]);
	});

	test.each<[object, string[]]>([
		[
			{ select: ["nope", "secret", "id"] },
			[
				"select.nope: items has no such field. Did you mean name?",
				"select.secret: items has no such field.",
			],
		],
		[{ select: 5 }, ["select: Expected a list of fields."]],
		[{ select: [5] }, ["select.5: items has no such field."]],
		[{ select: Array.from({ length: 9 }, () => "id") }, ["select: At most 8 fields."]],
		[{ sort: "secret" }, ["sort.secret: items has no such field."]],
		[{ sort: "-" }, ["sort.: items has no such field."]],
		[{ sort: "id; drop table items" }, ["sort.id; drop table items: items has no such field."]],
		[
			{ sort: { by: "id", dir: "up" } },
			['sort: Expected "field", "-field" or { by, dir: "asc" | "desc" }.'],
		],
		[{ sort: [5] }, ['sort: Expected "field", "-field" or { by, dir: "asc" | "desc" }.']],
		[{ sort: "id,".repeat(3000) }, ["sort: At most 10 fields."]],
		[{ limit: 6 }, ["limit: At most 5."]],
		[{ limit: -1 }, ["limit: Expected a whole number, 0 or more."]],
		[{ limit: "5" }, ["limit: Expected a whole number, 0 or more."]],
		[{ offset: 1.5 }, ["offset: Expected a whole number, 0 or more."]],
	])("%j", async (options, faults) => {
		expect(await faultsOf(options)).toEqual(faults);
	});

	test("JSON and bytes can only be tested for NULL", async () => {
		const where = { notes: { a: 1 }, bytes: "AA==", bytesBig: 1, custom: { $eq: {} } };
		expect(await faultsOf({ where }, "values")).toEqual([
			"where.notes.a: There is no such operator.",
			"where.bytes: A blob field can only be tested with $isnull.",
			"where.bytesBig: A bigint field can only be tested with $isnull.",
			"where.custom.$eq: Expected a value of the column's type.",
		]);
		expect(await faultsOf({ where: { notes: null, bytes: { $isnull: false } } }, "values")).toEqual(
			[],
		);
	});

	test("faults of all parts come together, and a long name is cut", async () => {
		const long = "x".repeat(5000);
		const faults = await faultsOf({ where: { [long]: 1 }, sort: "a", select: ["b"], limit: -1 });
		expect(faults).toHaveLength(4);
		expect(faults.join("").length).toBeLessThan(400);
	});
});

describe("limits hold a query small", () => {
	const nested = (depth: number): object => (depth === 0 ? { id: 1 } : { $not: nested(depth - 1) });
	const wide = (depth: number): object => ({
		$and: Array.from({ length: 90 }, (_, at) => (at === 0 && depth > 0 ? wide(depth - 1) : {})),
	});

	test.each<[string, object, string | undefined]>([
		["10 levels", nested(9), undefined],
		["11 levels", nested(10), "Conditions nest over 10 deep."],
		["50 000 levels", nested(5_000), "Conditions nest over 10 deep."],
		["90 comparisons", { $or: Array.from({ length: 90 }, (_, id) => ({ id })) }, undefined],
		[
			"91 in a list",
			{ $or: Array.from({ length: 91 }, (_, id) => ({ id })) },
			"At most 90 conditions.",
		],
		[
			"91 in two lists",
			{
				$or: Array.from({ length: 50 }, (_, id) => ({ id })),
				$and: Array.from({ length: 50 }, (_, id) => ({ id })),
			},
			"At most 90 comparisons.",
		],
		["1000 values", { id: { $in: Array.from({ length: 1000 }, (_, id) => id) } }, undefined],
		[
			"1001 values",
			{ id: { $in: Array.from({ length: 1001 }, (_, id) => id) } },
			"At most 1000 values.",
		],
		["empty objects, deep and wide", wide(4), undefined],
		["too many of them", wide(8), "At most 500 objects of conditions."],
		[
			"a pattern of 1001 characters",
			{ name: { $like: "x".repeat(1001) } },
			"At most 1000 characters.",
		],
		["nine wildcards", { name: { $like: "%a".repeat(9) } }, "At most 8 wildcards."],
	])("%s", async (_, where, message) => {
		const faults = await faultsOf({ where });
		if (message === undefined) expect(faults).toEqual([]);
		else expect(faults).toEqual([expect.stringContaining(message)]);
	});

	test("the worst pattern against long text is answered at once", async () => {
		const { app } = await open();
		await app.em
			.mutator(items)
			.insertMany(Array.from({ length: 20 }, () => ({ name: `${"a".repeat(20_000)}b` })));
		for (const operand of [
			"%a%a%a%a%a%a%a%ac",
			`%${"a".repeat(500)}%${"a".repeat(400)}_c%`,
			"*_".repeat(7),
		]) {
			for (const kind of ["$like", "$ilike", "$contains"]) {
				await app.em.repository(items).count({ name: { [kind]: operand } });
			}
		}
	}, 5000);
});

describe("whose query it is", () => {
	test("code may name hidden fields and exceed the maximum, a client may not", async () => {
		const { app } = await open();
		await app.em
			.mutator(items)
			.insertMany(Array.from({ length: 8 }, (_, at) => ({ secret: at % 2 })));
		const query = { where: { secret: 1 }, sort: "-secret", select: ["id", "secret"], limit: 50 };
		const { data } = await app.em.repository(items).findMany(query);
		expect(data).toHaveLength(4);
		expect(data[0]).toEqual({ id: 2, secret: 1 });
		expect(await faultsOf(query)).toHaveLength(4);
	});

	test("hidden fields are left out of reads unless code selects them, on every door", async () => {
		const { app, request } = await open();
		await app.em.mutator(items).insertOne({ secret: 7, name: "x" });
		expect((await app.em.repository(items).findOne(1)).data).not.toHaveProperty("secret");
		expect((await app.em.repository(items).findMany()).data[0]).not.toHaveProperty("secret");
		expect((await app.em.repository(items).findOne(1, { select: "secret" })).data).toEqual({
			secret: 7,
		});
		for (const [method, path, body] of [
			["GET", "/items/1", undefined],
			["GET", "/items", undefined],
			["POST", "/items", { secret: 8 }],
			["PATCH", "/items/1", { secret: 9 }],
			["DELETE", "/items/1", undefined],
		] as const) {
			const response = await request(method, `/api/data/entity${path}`, body);
			expect([response.ok, await response.text()]).toEqual([
				true,
				expect.not.stringContaining("secret"),
			]);
		}
	});

	test("a default sort by a hidden field holds for clients, too", async () => {
		const { app } = await testApp({
			schema,
			entities: { items: { hidden: ["secret"], sort: "-secret" } },
		});
		await app.em.mutator(items).insertMany([{ secret: 1 }, { secret: 3 }, { secret: 2 }]);
		const { data } = await app.em.reader("items").findMany({}, "client");
		expect(data.map((row) => row.id)).toEqual([2, 3, 1]);
	});
});

describe("defaults and forms", () => {
	async function withRows() {
		const tested = await open();
		const rows = [4, 1, 4, null, 2].map((count) => ({ count }));
		await tested.app.em.mutator(items).insertMany(rows);
		const ids = async (options: object) =>
			(await tested.app.em.repository(items).findMany(options)).data.map((row) => row.id);
		return { ...tested, ids };
	}

	test("the entity's sort and limit, the key last", async () => {
		const { app, ids } = await withRows();
		expect(await ids({})).toEqual([1, 3, 5]);
		const { meta } = await app.em
			.repository(items)
			.findMany({ count: true, total: true, where: { count: 4 } });
		expect(meta).toEqual({ items: 2, limit: 3, offset: 0, count: 2, total: 5 });
	});

	test.each<[FindOptions["sort"], number[]]>([
		["count", [4, 2, 5, 1, 3]],
		[" -count , -id ", [3, 1, 5, 2, 4]],
		[
			["-count", "id"],
			[1, 3, 5, 2, 4],
		],
		[{ by: "id", dir: "desc" }, [5, 4, 3, 2, 1]],
		[
			[{ by: "count" }, "-id"],
			[4, 2, 5, 3, 1],
		],
		["", [1, 3, 5, 2, 4]],
	])("sort %j", async (sort, expected) => {
		const { ids } = await withRows();
		expect(await ids({ sort, limit: 9 })).toEqual(expected);
	});

	test.each([["id,count"], ["count, id"], [["id", "count", "id"]]])("select %j", async (select) => {
		const { app } = await withRows();
		const { data } = await app.em.repository(items).findMany({ select, limit: 1 });
		expect(data).toEqual([{ id: 1, count: 4 }]);
	});

	test("limit 0 and an offset behind the end are no rows", async () => {
		const { ids } = await withRows();
		expect(await ids({ limit: 0 })).toEqual([]);
		expect(await ids({ offset: 99 })).toEqual([]);
		expect(await ids({ select: [] })).toEqual([undefined, undefined, undefined]);
	});
});
