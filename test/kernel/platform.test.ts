import { expect, test } from "vitest";
import { systemClock } from "../../src/kernel/clock.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { noContext } from "../../src/kernel/platform.ts";

test("a context without storage holds nothing, and calls what it is given", () => {
	const context = noContext<number>();
	expect(context.run(1, () => context.get())).toBeUndefined();
	expect(context.run(1, () => "result")).toBe("result");
});

test("the silent logger takes everything, its children too", () => {
	const child = silentLogger.child({ a: 1 });
	for (const level of ["debug", "info", "warn", "error"] as const) {
		expect(child[level]("message", { a: 1 })).toBeUndefined();
	}
});

test("the system's clock is that of the machine", () => {
	const before = Date.now();
	const now = systemClock.now();
	expect(now).toBeGreaterThanOrEqual(before);
	expect(now).toBeLessThanOrEqual(Date.now());
});
