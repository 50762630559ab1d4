import { expect, test, vi } from "vitest";
import type { Database } from "../../src/data/database.ts";
import { LazyDatabase } from "../../src/data/lazy-database.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";

const one = { sql: "select 1", params: [] };

function opener(delay: "now" | "later") {
	const opened: Database[] = [];
	const lazy = new LazyDatabase(() => {
		const database = openDatabase({ url: ":memory:" });
		opened.push(database);
		return delay === "now" ? database : Promise.resolve(database);
	});
	return { lazy, opened };
}

test("nothing is opened before the first use, nor by closing", async () => {
	const { lazy, opened } = opener("now");
	expect([lazy.engine, lazy.location]).toEqual(["not opened", ""]);
	await lazy.close();
	expect(opened).toEqual([]);
});

test("what it can do is told by opening it, unless that takes time", async () => {
	const { lazy, opened } = opener("now");
	expect(lazy.capabilities.synchronous).toBe(true);
	expect(opened).toHaveLength(1);
	const { lazy: later } = opener("later");
	expect(() => later.capabilities).toThrow(RangeError);
	await later.opened();
	expect(later.capabilities.synchronous).toBe(true);
});

test("an opening that was only asked what it can do, and fails, leaves no rejection behind", async () => {
	const unhandled = vi.fn<(reason: unknown) => void>();
	process.on("unhandledRejection", unhandled);
	const lazy = new LazyDatabase(() => Promise.reject(new Error("out of reach")));
	expect(() => lazy.capabilities).toThrow(RangeError);
	await new Promise((turn) => setImmediate(turn));
	process.off("unhandledRejection", unhandled);
	expect(unhandled).not.toHaveBeenCalled();
	await expect(lazy.all(one)).rejects.toThrow("out of reach");
});

test("an opening without a promise leaves the path synchronous", () => {
	const { lazy, opened } = opener("now");
	expect(lazy.all(one)).toEqual([[1]]);
	expect(lazy.batch([one, one])).toEqual([[[1]], [[1]]]);
	expect(opened).toHaveLength(1);
	expect([lazy.engine, lazy.capabilities.synchronous]).toEqual(["embedded libSQL", true]);
});

test("concurrent first uses share one opening", async () => {
	const { lazy, opened } = opener("later");
	expect(await Promise.all([lazy.all(one), lazy.all(one), lazy.opened()])).toHaveLength(3);
	expect(opened).toHaveLength(1);
	expect(lazy.all(one)).toEqual([[1]]);
});

test("a close while it opens waits, and closes what was opened", async () => {
	const { lazy, opened } = opener("later");
	const use = lazy.all(one);
	await lazy.close();
	await use;
	expect(() => opened[0]?.all(one)).toThrow(
		expect.objectContaining({ code: "database_unavailable" }),
	);
});

test.each(["throws", "rejects"])(
	"an opening that %s is tried again by the next use",
	async (how) => {
		let attempts = 0;
		const lazy = new LazyDatabase(() => {
			if (++attempts > 1) return openDatabase({ url: ":memory:" });
			if (how === "throws") throw new Error("not yet");
			return Promise.reject(new Error("not yet"));
		});
		await expect((async () => lazy.all(one))()).rejects.toThrow("not yet");
		expect(await lazy.all(one)).toEqual([[1]]);
	},
);

test("a database that was closed before its first use is not opened any more", async () => {
	const { lazy, opened } = opener("now");
	await lazy.close();
	expect(() => lazy.all(one)).toThrow(expect.objectContaining({ code: "database_unavailable" }));
	expect(opened).toEqual([]);
});

test("a close while an opening fails has nothing to close", async () => {
	const lazy = new LazyDatabase(() => Promise.reject(new Error("not yet")));
	const use = (async () => lazy.all(one))();
	await expect(lazy.close()).resolves.toBeUndefined();
	await expect(use).rejects.toThrow("not yet");
});
