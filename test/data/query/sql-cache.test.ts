import { expect, test } from "vitest";
import { SqlCache } from "../../../src/data/query/sql-cache.ts";

test("a shape is compiled once", () => {
	const cache = new SqlCache();
	const compiled: string[] = [];
	const compile = () => `select ${compiled.push("again")}`;
	expect([cache.getOrMake("a", compile), cache.getOrMake("a", compile)]).toEqual([
		"select 1",
		"select 1",
	]);
	expect(cache.size).toBe(1);
});

test("very many and very long shapes fill no memory", () => {
	const cache = new SqlCache();
	for (let at = 0; at < 2000; at++) cache.getOrMake(`shape ${at}`, () => "select 1");
	expect(cache.size).toBeLessThanOrEqual(512);
	const { size } = cache;
	expect(cache.getOrMake("x".repeat(4001), () => "select 2")).toBe("select 2");
	expect(cache.size).toBe(size);
});
