import { describe, expect, test } from "vitest";
import { toJson } from "../../src/server/wire.ts";

describe("toJson", () => {
	test("writes what JSON.stringify writes", () => {
		expect(toJson({ a: [1, null, "x"], b: new Date(0) })).toBe(
			'{"a":[1,null,"x"],"b":"1970-01-01T00:00:00.000Z"}',
		);
	});

	test("writes a bigint that a listener left somewhere as text", () => {
		expect(toJson({ deep: [{ id: 2n ** 60n }] })).toBe('{"deep":[{"id":"1152921504606846976"}]}');
	});

	test("throws for what has no end", () => {
		const circular: Record<string, unknown> = {};
		circular.self = circular;
		expect(() => toJson(circular)).toThrow(TypeError);
	});
});
