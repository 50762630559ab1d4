import { describe, expect, test } from "vitest";
import { isRequest, isResponse } from "../../src/kernel/web-object.ts";

class OtherResponse {
	readonly [Symbol.toStringTag] = "Response";
}

describe("web objects", () => {
	test("are known by their tag, whichever class made them", () => {
		expect(isResponse(new Response())).toBe(true);
		expect(isResponse(new OtherResponse())).toBe(true);
		expect(isRequest(new Request("http://localhost"))).toBe(true);
	});

	test.for([null, undefined, "Response", {}, new Error("x"), new Headers()])(
		"%o is none",
		(value) => {
			expect(isResponse(value)).toBe(false);
			expect(isRequest(value)).toBe(false);
		},
	);

	test("one is not the other", () => {
		expect(isResponse(new Request("http://localhost"))).toBe(false);
		expect(isRequest(new Response())).toBe(false);
	});
});
