import fc from "fast-check";
import { expect, test } from "vitest";
import type { FindOptions, Where } from "../../../src/data/query/find-options.ts";
import { items, type Item } from "../../support/query-schema.ts";
import { findRows, matching } from "../../support/reference-query.ts";
import { testApp } from "../../support/test-app.ts";

/** Few enough that values meet, with all the signs that patterns and SQL give a meaning. */
const letters = [
	"a",
	"A",
	"b",
	"%",
	"_",
	"*",
	"?",
	"[",
	"]",
	"\\",
	"^",
	"-",
	"'",
	'"',
	"é",
	"😀",
	"\uffff",
];
const text = fc.array(fc.constantFrom(...letters), { maxLength: 4 }).map((parts) => parts.join(""));
const pattern = fc
	.array(fc.constantFrom(...letters, "%", "*", "_"), { maxLength: 5 })
	.map((parts) => parts.join(""));
const integer = fc.oneof(fc.integer({ min: -2, max: 3 }), fc.maxSafeInteger());
const real = fc.oneof(
	fc.constantFrom(0, 0.1, 0.2, 0.1 + 0.2, -1.5, 1e21, 5e-324),
	fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const date = fc.integer({ min: -2, max: 2 }).map((day) => new Date(day * 86_400_000));
const big = fc.oneof(
	fc.constantFrom(-1n, 0n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n),
	fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
);

const valueOf = { count: integer, ratio: real, name: text, on: fc.boolean(), at: date, big };
type Name = keyof typeof valueOf;
const names = Object.keys(valueOf) as Name[];

const rowsOf = fc.array(
	fc.record(
		Object.fromEntries(
			names.map((name) => [name, fc.option(valueOf[name] as fc.Arbitrary<unknown>)]),
		),
	),
	{ maxLength: 8 },
);

function comparison(name: Name): fc.Arbitrary<object> {
	const value = valueOf[name] as fc.Arbitrary<unknown>;
	const tests: fc.Arbitrary<object>[] = [
		...["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"].map((key) =>
			value.map((one) => ({ [key]: one })),
		),
		...["$in", "$notin"].map((key) =>
			fc.array(value, { maxLength: 4 }).map((list) => ({ [key]: list })),
		),
		fc.tuple(value, value).map((range) => ({ $between: range })),
		fc.boolean().map((yes) => ({ $isnull: yes })),
		fc.constant({ $eq: null }),
		fc.constant({ $ne: null }),
		fc.tuple(value, value).map(([low, high]) => ({ $gte: low, $lt: high })),
	];
	if (name === "name") {
		tests.push(
			...["$contains", "$startsWith", "$endsWith"].map((key) =>
				text.map((one) => ({ [key]: one })),
			),
			...["$like", "$ilike"].map((key) => pattern.map((one) => ({ [key]: one }))),
		);
	}
	return fc.oneof(value, fc.constant(null), ...tests) as fc.Arbitrary<object>;
}

const leaf = fc
	.constantFrom(...names)
	.chain((name) => comparison(name).map((test) => ({ [name]: test })));
const where = fc.letrec<{ node: Where }>((tie) => ({
	node: fc.oneof(
		{ maxDepth: 3, depthSize: "small" },
		leaf,
		fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })),
		tie("node").map((node) => ({ $not: node })),
		fc.array(tie("node"), { maxLength: 3 }).map((nodes) => ({ $and: nodes })),
		fc.array(tie("node"), { maxLength: 3 }).map((nodes) => ({ $or: nodes })),
		fc.tuple(leaf, leaf).map(([a, b]) => ({ $or: { ...a, ...b } })),
		fc.tuple(leaf, tie("node")).map(([a, b]) => ({ ...a, $and: b })),
	),
})).node;

const options: fc.Arbitrary<FindOptions> = fc.record(
	{
		where,
		sort: fc.array(fc.constantFrom(...names.flatMap((name) => [name, `-${name}`]), "-id"), {
			maxLength: 3,
		}),
		limit: fc.integer({ min: 0, max: 9 }),
		offset: fc.integer({ min: 0, max: 3 }),
	},
	{ requiredKeys: [] },
);

test("finds, counts and tests for the same rows, in the same order, as the reference", async () => {
	const { app } = await testApp({ schema: { items } });
	const [repository, mutator] = [app.em.repository(items), app.em.mutator(items)];
	await fc.assert(
		fc.asyncProperty(
			rowsOf,
			fc.array(options, { minLength: 8, maxLength: 8 }),
			async (rows, queries) => {
				await mutator.deleteWhere({ id: { $gt: 0 } });
				const stored = (await mutator.insertMany(rows as Partial<Item>[])).data;
				for (const query of queries) {
					const found = await repository.findMany({ ...query, count: true });
					const expected = findRows(stored, query);
					expect(found.data.map((row) => row.id)).toEqual(expected.map((row) => row.id));
					const matches = matching(stored, query.where ?? {}).length;
					expect(found.meta.count).toBe(matches);
					expect(await repository.count(query.where)).toEqual({ count: matches });
					expect(await repository.exists(query.where)).toEqual({ exists: matches > 0 });
				}
			},
		),
		{ numRuns: 1000 },
	);
}, 60_000);

test("matches patterns as the reference does", async () => {
	const { app } = await testApp({ schema: { items } });
	const [repository, mutator] = [app.em.repository(items), app.em.mutator(items)];
	const kinds = ["$like", "$ilike", "$contains", "$startsWith", "$endsWith"];
	const lists = fc.array(pattern, { minLength: 4, maxLength: 4 });
	await fc.assert(
		fc.asyncProperty(
			fc.array(text, { minLength: 1, maxLength: 8 }),
			lists,
			async (values, patterns) => {
				await mutator.deleteWhere({ id: { $gt: 0 } });
				const rows = values.flatMap((name) => [{ name }, { name: `${name}${patterns[0]}` }]);
				const stored = (await mutator.insertMany(rows)).data;
				for (const kind of kinds) {
					for (const operand of patterns) {
						const filter = { name: { [kind]: operand } };
						const { data } = await repository.findMany({ where: filter, limit: 20 });
						expect([filter, data.map((row) => row.name)]).toEqual([
							filter,
							matching(stored, filter).map((row) => row.name),
						]);
					}
				}
			},
		),
		{ numRuns: 200 },
	);
}, 60_000);
