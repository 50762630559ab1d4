import fc from "fast-check";
import { expect, test } from "vitest";
import type { Database } from "../../../src/data/database.ts";
import type { Condition, Query } from "../../../src/data/query/ast.ts";
import { conditionShape, conditionSql } from "../../../src/data/query/condition-sql.ts";
import { QueryPlans } from "../../../src/data/query/query-plans.ts";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { items } from "../../support/query-schema.ts";

const [entity] = readSchema({ items }, {});
if (!entity) throw new Error("no entity");
const { fields } = entity;
const engine = { capabilities: { integerBits: 64, maxExpressionDepth: 1_000 } } as Database;
const field = fc.constantFrom(...fields);

const condition = fc.letrec<{ node: Condition }>((tie) => ({
	node: fc.oneof(
		{ maxDepth: 4 },
		fc.record({
			type: fc.constant("binary" as const),
			field,
			operator: fc.constantFrom(
				...(["eq", "ne", "gt", "gte", "lt", "lte", "like", "glob"] as const),
				...(["contains", "starts", "ends"] as const),
			),
			value: fc.integer(),
		}),
		fc.record({
			type: fc.constantFrom("in" as const, "notin" as const),
			field,
			list: fc.constant("[]"),
		}),
		fc.record({
			type: fc.constant("between" as const),
			field,
			low: fc.integer(),
			high: fc.integer(),
		}),
		fc.record({ type: fc.constantFrom("null" as const, "notnull" as const), field }),
		fc.record({
			type: fc.constantFrom("and" as const, "or" as const),
			of: fc.array(tie("node"), { maxLength: 3 }),
		}),
		fc.record({ type: fc.constant("not" as const), of: tie("node") }),
	),
})).node;

const query: fc.Arbitrary<Query> = fc.record({
	select: fc.uniqueArray(field, { maxLength: 3 }),
	where: fc.option(condition, { nil: undefined }),
	sort: fc.array(
		fc.record({ field, direction: fc.constantFrom("asc" as const, "desc" as const) }),
		{
			minLength: 1,
			maxLength: 3,
		},
	),
	limit: fc.nat(),
	offset: fc.nat(),
	entity: fc.constant(entity),
	with: fc.constant([]),
	related: fc.constant(false),
	page: fc.constant(undefined),
	after: fc.constant(undefined),
});

test("two conditions of one shape have one SQL", () => {
	const known = new Map<string, string>();
	fc.assert(
		fc.property(condition, (one) => {
			const [shape, sql] = [conditionShape(one), conditionSql(one)];
			expect(known.get(shape) ?? sql).toBe(sql);
			known.set(shape, sql);
		}),
		{ numRuns: 5000 },
	);
});

test("a plan is never another query's: a shared cache gives what a fresh one gives", () => {
	const shared = new QueryPlans(entity, engine);
	fc.assert(
		fc.property(fc.array(query, { maxLength: 5 }), (queries) => {
			for (const one of queries) {
				expect(shared.find(one)).toEqual(new QueryPlans(entity, engine).find(one));
				expect(shared.count(one.where)).toEqual(new QueryPlans(entity, engine).count(one.where));
				expect(shared.exists(one.where)).toEqual(new QueryPlans(entity, engine).exists(one.where));
			}
		}),
		{ numRuns: 500 },
	);
});

test("a plan has a placeholder for each of its values", () => {
	fc.assert(
		fc.property(query, (one) => {
			const { sql, params } = new QueryPlans(entity, engine).find(one);
			expect(sql.match(/\?/g)).toHaveLength(params.length);
		}),
	);
});

test("ten thousand shapes do not make the cache grow beyond its bound", () => {
	const plans = new QueryPlans(entity, engine);
	const [key] = entity.key;
	if (!key) throw new Error("no key");
	for (let at = 0; at < 10_000; at++) {
		const bits = at.toString(2).padStart(14, "0");
		const of = Array.from(bits, (bit): Condition => ({
			type: bit === "0" ? "null" : "notnull",
			field: key,
		}));
		plans.find({
			select: fields,
			where: { type: "and", of },
			sort: entity.keySort,
			limit: 1,
			offset: 0,
			entity,
			with: [],
			related: false,
			page: undefined,
			after: undefined,
		});
	}
	expect(plans.size).toBeLessThanOrEqual(512);
});

test("many conditions are joined without deep nesting", () => {
	const [key] = entity.key;
	if (!key) throw new Error("no key");
	const of = Array.from({ length: 90 }, (): Condition => ({ type: "null", field: key }));
	let depth = 0;
	let deepest = 0;
	for (const sign of conditionSql({ type: "and", of })) {
		if (sign === "(") deepest = Math.max(deepest, ++depth);
		if (sign === ")") depth--;
	}
	expect(deepest).toBeLessThanOrEqual(7);
});

test("a shape that is longer than anybody needs is not kept", () => {
	const plans = new QueryPlans(entity, engine);
	const [key] = entity.key;
	if (!key) throw new Error("no key");
	const where = (length: number): Condition => ({
		type: "and",
		of: Array.from({ length }, (): Condition => ({ type: "notnull", field: key })),
	});
	expect(plans.count(where(1000)).sql).toBe(plans.count(where(1000)).sql);
	expect(plans.size).toBe(0);
	plans.count(where(100));
	expect(plans.size).toBe(1);
});
