import { describe, expect, test, vi } from "vitest";
import { IdSource } from "../../src/kernel/id.ts";

describe("IdSource", () => {
	test("makes ids of their lengths", () => {
		const ids = new IdSource();
		expect(ids.id()).toMatch(/^[0-9a-f]{24}$/);
		expect(ids.traceId()).toMatch(/^[0-9a-f]{32}$/);
		expect(ids.spanId()).toMatch(/^[0-9a-f]{16}$/);
	});

	test("never makes one twice, also across many pools", () => {
		const ids = new IdSource();
		const made = Array.from({ length: 50_000 }, (_, index) =>
			index % 2 === 0 ? ids.id() : ids.traceId(),
		);
		expect(new Set(made).size).toBe(made.length);
	});

	test("draws no randomness before the first id is asked for", () => {
		const draw = vi.spyOn(crypto, "getRandomValues");
		const ids = new IdSource();
		expect(draw).not.toHaveBeenCalled();
		ids.id();
		expect(draw).toHaveBeenCalledOnce();
		draw.mockRestore();
	});
});
