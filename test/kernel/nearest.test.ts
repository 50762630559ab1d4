import { describe, expect, test } from "vitest";
import { didYouMean, nearest } from "../../src/kernel/nearest.ts";

const KEYS = ["connection", "schema", "seed", "server"];

describe("nearest", () => {
	test.for([
		["conection", "connection"],
		["connexion", "connection"],
		["SCHEMA", "schema"],
		["sed", "seed"],
		["serve", "server"],
	])("%s meant %s", ([name, meant]) => {
		expect(nearest(name as string, KEYS)).toBe(meant);
	});

	test.for(["", "x", "zebra", "completely different", "x".repeat(100_000)])(
		"%s is near nothing",
		(name) => {
			expect(nearest(name, KEYS)).toBeUndefined();
		},
	);

	test("takes the first of several that are equally near", () => {
		expect(nearest("ax", ["aa", "ab"])).toBe("aa");
	});

	test("knows nothing where there are no candidates", () => {
		expect(nearest("a", [])).toBeUndefined();
	});
});

describe("didYouMean", () => {
	test("is the end of a sentence, or nothing", () => {
		expect(didYouMean("shema", KEYS)).toBe(" Did you mean schema?");
		expect(didYouMean("zebra", KEYS)).toBe("");
	});
});
