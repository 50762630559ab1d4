import { describe, expect, test } from "vitest";
import { isPlainObject } from "../../src/kernel/json.ts";

describe("isPlainObject", () => {
	test.for([{}, { a: 1 }, Object.create(null), JSON.parse('{"__proto__":1}')])(
		"%o is one",
		(value) => {
			expect(isPlainObject(value)).toBe(true);
		},
	);

	test.for([
		null,
		undefined,
		1,
		"x",
		[],
		() => {},
		new Date(),
		new Map(),
		new (class {})(),
		Object.create({}),
	])("%o is none", (value) => {
		expect(isPlainObject(value)).toBe(false);
	});
});
