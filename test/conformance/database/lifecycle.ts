import { describe, expect, test } from "vitest";
import type { Subject } from "./subject.ts";

export function describeLifecycle(subject: Subject): void {
	const { all, batch, failure } = subject;
	describe("lifecycle", () => {
		test("it says what it is without credentials", () => {
			const { engine, location, capabilities } = subject.database;
			expect(engine).toMatch(/\w/);
			expect(location).not.toMatch(/token|@/);
			expect(Object.isFrozen(capabilities)).toBe(true);
		});

		test("foreign keys are enforced", async () => {
			expect(await all("pragma foreign_keys")).toEqual([[1]]);
		});

		test("closing twice does nothing more", async () => {
			await subject.database.close();
			await subject.database.close();
		});

		test("after closing everything is unavailable", async () => {
			await all("select 1");
			await subject.database.close();
			for (const call of [() => all("select 1"), () => batch("select 1", "select 2")]) {
				const error = await failure(call);
				expect(error).toMatchObject({
					kind: "unavailable",
					code: "database_unavailable",
					retryable: true,
				});
			}
		});

		test("closing waits for what is running", async () => {
			await all("create table t (a)");
			const running = Promise.all([all("insert into t values (1)"), batch("select 1", "select 2")]);
			const closed = subject.database.close();
			await expect(running).resolves.toHaveLength(2);
			await closed;
		});
	});
}
