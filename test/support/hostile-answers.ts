import { expect } from "vitest";
import { runtime } from "scenario-runtime";
import type { HostileRequest } from "./hostile-requests.ts";
import { expectCommonHeaders, expectProblem } from "./scenario.ts";

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype].map((prototype) => ({
	prototype,
	keys: Reflect.ownKeys(prototype).length,
}));

/** Collects what nobody caught while the test runs. */
export function collectUnhandled(): readonly unknown[] {
	const errors: unknown[] = [];
	runtime.onUnhandled((error) => errors.push(error));
	return errors;
}

/** The request for `fetch` and its kin. */
export function initOf({ method, headers, body }: HostileRequest): RequestInit {
	const bodiless = method === "GET" || method === "HEAD" || body === undefined;
	return { method, headers, ...(bodiless ? {} : { body: body.toWellFormed() }) };
}

/** Checks that a request was answered, well or badly, and gave nothing away. */
export async function expectAnswer(response: Response): Promise<void> {
	const text = await response.text();
	expect(response.status, text).toBeGreaterThanOrEqual(200);
	expect(response.status, text).toBeLessThan(500);
	if (response.status >= 400 && text !== "") expectProblem(text, response);
	if (response.status < 400) expect(text).not.toContain("hash-of");
	expectCommonHeaders(response);
}

/** Checks that nobody has added anything to what all objects share. */
export function expectCleanPrototypes(): void {
	for (const { prototype, keys } of PROTOTYPES) {
		expect(Reflect.ownKeys(prototype)).toHaveLength(keys);
	}
}
