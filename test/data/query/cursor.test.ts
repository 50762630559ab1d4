import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bindingOf, writeCursor } from "../../../src/data/query/cursor.ts";
import type { FindOptions } from "../../../src/data/query/find-options.ts";
import { items } from "../../support/query-schema.ts";
import { testApp } from "../../support/test-app.ts";

const entities = { items: { hidden: ["secret"], maxLimit: 50 } };

async function open() {
	const tested = await testApp({ schema: { items }, entities });
	await tested.app.em.mutator(items).insertMany([
		{ name: "é'😀", ratio: 1e308, big: 2n ** 63n - 1n },
		{ name: null, ratio: -0.1, secret: 1 },
		{ name: "a", ratio: 5e-324 },
	]);
	const page = async (options: FindOptions) =>
		tested.app.em.reader("items").findMany(options, "client");
	const cursor = async (options: FindOptions) => {
		const { meta } = await page({ limit: 1, cursor: "", ...options });
		return meta.cursor as string;
	};
	return { ...tested, page, cursor };
}

test("a cursor stands in a URL as it is, and says nothing that the row does not", async () => {
	const { page, cursor } = await open();
	const first = await cursor({ sort: "name,-ratio" });
	expect(first).toMatch(/^[\w-]+$/);
	expect((await page({ sort: "name,-ratio", limit: 1, cursor: first })).data).toMatchObject([
		{ id: 3 },
	]);
});

test("meta has a cursor when one was asked for alone, and null at the end", async () => {
	const { page } = await open();
	expect((await page({ limit: 1 })).meta).not.toHaveProperty("cursor");
	expect((await page({ limit: 3, cursor: "" })).meta).toEqual({
		items: 3,
		limit: 3,
		offset: 0,
		cursor: null,
	});
	expect((await page({ limit: 2, cursor: "", where: { id: -1 } })).meta.cursor).toBeNull();
});

test("counts are of the whole walk, not of what lies behind the cursor", async () => {
	const { page, cursor } = await open();
	const where = { id: { $gt: 1 } };
	const next = await cursor({ where });
	const { data, meta } = await page({ where, limit: 1, cursor: next, count: true, total: true });
	expect(data).toHaveLength(1);
	expect(meta).toEqual({ items: 1, limit: 1, offset: 0, cursor: null, count: 2, total: 3 });
});

describe("a cursor that was not given here is a bad one", () => {
	const CHANGES: readonly (readonly [string, FindOptions])[] = [
		["another sort", { sort: "-name" }],
		["no sort", {}],
		["another where", { sort: "name", where: { id: { $lt: 9 } } }],
		["a value of the where", { sort: "name", where: { id: { $gt: 1 } } }],
	];
	test.each(CHANGES)("%s", async (_, options) => {
		const { page, cursor } = await open();
		const where = { id: { $gt: 0 } };
		const given = await cursor({ sort: "name", where });
		expect((await page({ sort: "name", where, cursor: given })).data).toHaveLength(2);
		await expect(page({ ...options, cursor: given })).rejects.toMatchObject({
			kind: "malformed",
			code: "bad_cursor",
		});
	});

	test("what is selected, and how the sort is written, does not matter", async () => {
		const { page, cursor } = await open();
		const given = await cursor({ sort: "name" });
		const sort = [{ by: "name", dir: "asc" as const }];
		const { data } = await page({ sort, select: "id", cursor: given });
		expect(data).toEqual([{ id: 3 }, { id: 1 }]);
	});

	test("any bit of it turned, any part of it cut or added", async () => {
		const { page, cursor } = await open();
		for (const sort of ["id", "name,-ratio", "-big,name"]) {
			const given = await cursor({ sort });
			for (let at = 0; at < given.length; at++) {
				for (let bit = 0; bit < 7; bit++) {
					const turned = String.fromCharCode(given.charCodeAt(at) ^ (1 << bit));
					const bad = given.slice(0, at) + turned + given.slice(at + 1);
					await expect(page({ sort, cursor: bad })).rejects.toMatchObject({ code: "bad_cursor" });
				}
				if (at > 0) {
					const cut = given.slice(0, at);
					await expect(page({ sort, cursor: cut })).rejects.toMatchObject({ code: "bad_cursor" });
				}
			}
			for (const bad of [`${given}=`, `${given}A`, ` ${given}`, `${given}\n`]) {
				await expect(page({ sort, cursor: bad })).rejects.toMatchObject({ code: "bad_cursor" });
			}
		}
	});

	test.each(["'a\u0000'", "'\ud800'", "1.2.3", "0.0.0", "1.", "--1"])(
		"a forged one of a value that no row has: %j",
		async (literal) => {
			const { app, page } = await open();
			const entity = app.em.entity("items");
			const sort = entity.keySort;
			const forged = writeCursor(bindingOf(entity.name, undefined), sort, [literal]);
			await expect(page({ cursor: forged })).rejects.toMatchObject({ code: "bad_cursor" });
		},
	);

	test("anything else", async () => {
		const { page } = await open();
		const json = fc.jsonValue().map((value) => btoa(encodeURIComponent(JSON.stringify(value))));
		const list = fc
			.array(fc.oneof(fc.string(), fc.constantFrom("NULL", "'a'", "1", "X'00'")), { maxLength: 4 })
			.map((parts) => Buffer.from(JSON.stringify(parts)).toString("base64url"));
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					fc.string({ minLength: 1, unit: "binary" }),
					fc.base64String({ minLength: 4 }),
					json,
					list,
				),
				async (cursor) => {
					await expect(page({ cursor })).rejects.toMatchObject({ code: "bad_cursor" });
				},
			),
			{ numRuns: 2000 },
		);
	});
});

test.each<[FindOptions, string]>([
	[{ cursor: "", offset: 1 }, "offset: A page by cursor has no offset."],
	[{ cursor: "", offset: 0 }, "offset: A page by cursor has no offset."],
	[{ cursor: "", limit: 0 }, "limit: A page by cursor has at least one row."],
	[{ cursor: 5 as never }, "cursor: Expected text."],
	[{ cursor: "", limit: 51 }, "limit: At most 50."],
])("%j is refused: %s", async (options, fault) => {
	const { page } = await open();
	await expect(page(options)).rejects.toMatchObject({
		code: "bad_query",
		message: expect.stringContaining(fault) as string,
	});
});

test("a sort by a hidden field is not for cursors, whose text would give it away", async () => {
	const { app } = await testApp({
		schema: { items },
		entities: { items: { hidden: ["secret"], sort: "-secret" } },
	});
	const page = async () => app.em.reader("items").findMany({ cursor: "" }, "client");
	await expect(page()).rejects.toMatchObject({ code: "bad_query", errors: [{ path: "cursor" }] });
});
