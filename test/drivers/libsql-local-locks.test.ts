import Libsql from "libsql";
import { describe, expect, onTestFinished, test } from "vitest";
import { LibsqlLocal, type NativeDatabase } from "../../src/data/drivers/libsql-local.ts";
import type { BusyOptions } from "../../src/data/drivers/busy-queue.ts";
import { isPromise, toPromise } from "../../src/kernel/maybe.ts";
import { statement } from "../conformance/database/subject.ts";
import { temporaryFile } from "../support/temporary-file.ts";

type Open = NativeDatabase & { readonly open: boolean };

function connect(path: string, journal = "wal"): Open {
	const native = new Libsql(path) as unknown as Open;
	native.exec(`pragma journal_mode = ${journal}; pragma busy_timeout = 1`);
	onTestFinished(() => void (native.open && native.close()));
	return native;
}

/** A database of ours and another connection that can lock it; time passes only in pauses. */
function contended(journal = "wal", wrap: (native: Open) => NativeDatabase = (native) => native) {
	const path = temporaryFile();
	const other = connect(path, journal);
	other.exec("create table t (id integer primary key, a text unique)");
	const native = connect(path, journal);
	let now = 0;
	const pauses: (() => void)[] = [];
	const options: BusyOptions = {
		clock: { now: () => now },
		delay: (milliseconds) => {
			now += milliseconds;
			pauses.shift()?.();
			return new Promise((resolve) => setImmediate(resolve));
		},
	};
	const database = new LibsqlLocal(wrap(native), { location: path, ...options });
	const all = (sql: string, ...params: unknown[]) => database.all(statement(sql, ...params));
	return {
		other,
		native,
		database,
		all,
		insert: (a: string) => all("insert into t (a) values (?)", a),
		batch: (...values: string[]) =>
			database.batch(values.map((a) => statement("insert into t (a) values (?)", a))),
		stored: () => all("select a from t order by id"),
		/** Releases the other's lock in the n-th pause. */
		releaseInPause: (count: number) => {
			for (let pause = 1; pause < count; pause++) pauses.push(() => {});
			pauses.push(() => other.exec("commit"));
		},
	};
}

describe("the embedded engine, locked by another connection", () => {
	test("answers without a promise as long as it is not locked", () => {
		const { insert, batch, stored } = contended();
		expect(insert("one")).toEqual([]);
		expect(batch("two", "three")).toEqual([[], []]);
		expect(stored()).toEqual([["one"], ["two"], ["three"]]);
	});

	test("a write waits without blocking, while reads are answered at once", async () => {
		const { other, native, insert, batch, stored, releaseInPause } = contended();
		other.exec("begin immediate");
		const seen: string[] = [];
		const write = toPromise(() => insert("write")).then(() => seen.push("write"));
		const both = toPromise(() => batch("batch 1", "batch 2")).then(() => seen.push("batch"));
		expect(native.inTransaction).toBe(false);
		expect(stored()).toEqual([]);
		seen.push("read");
		setImmediate(() => seen.push("event loop"));
		releaseInPause(3);
		await Promise.all([write, both]);
		expect(seen).toEqual(["read", "event loop", "write", "batch"]);
		expect(stored()).toEqual([["write"], ["batch 1"], ["batch 2"]]);
	});

	test("writes that come while others wait keep the order", async () => {
		const { other, insert, stored } = contended();
		other.exec("begin immediate");
		const first = insert("a");
		other.exec("commit");
		const second = insert("b");
		expect(isPromise(first) && isPromise(second)).toBe(true);
		await Promise.all([first, second]);
		expect(stored()).toEqual([["a"], ["b"]]);
		expect(isPromise(insert("c"))).toBe(false);
	});

	test("a lock held past the deadline makes the write unavailable, and nothing is stored", async () => {
		const { other, insert, batch, stored } = contended();
		other.exec("begin immediate");
		for (const write of [insert("a"), batch("b", "c")]) {
			await expect(write).rejects.toMatchObject({
				code: "database_unavailable",
				kind: "unavailable",
				retryable: true,
			});
		}
		other.exec("commit");
		expect(stored()).toEqual([]);
		expect(insert("later")).toEqual([]);
	});

	test("a failure of a waiting write is its own", async () => {
		const { other, insert, stored, releaseInPause } = contended();
		expect(insert("a")).toEqual([]);
		other.exec("begin immediate");
		const twice = insert("a");
		const fine = insert("b");
		releaseInPause(2);
		await expect(twice).rejects.toMatchObject({ code: "unique", columns: ["a"] });
		await fine;
		expect(stored()).toEqual([["a"], ["b"]]);
	});

	test("a commit that finds the database locked runs again as a whole", async () => {
		const { other, native, batch, stored, releaseInPause } = contended("delete");
		other.exec("begin; select count(*) from t");
		const write = batch("a", "b");
		expect(isPromise(write)).toBe(true);
		expect(native.inTransaction).toBe(false);
		releaseInPause(2);
		expect(await write).toEqual([[], []]);
		expect(stored()).toEqual([["a"], ["b"]]);
	});

	test("closing lets waiting writes finish and refuses new ones", async () => {
		const { other, native, database, insert, releaseInPause } = contended();
		other.exec("begin immediate");
		const write = insert("a");
		const closed = database.close();
		expect(() => insert("b")).toThrow(expect.objectContaining({ code: "database_unavailable" }));
		expect(native.open).toBe(true);
		releaseInPause(2);
		await write;
		await closed;
		await database.close();
		expect(native.open).toBe(false);
		expect(other.prepare("select a from t").all([])).toEqual([{ a: "a" }]);
	});

	test("closing puts the write-ahead log into the file", () => {
		const { database, native, insert } = contended();
		expect(insert("a")).toEqual([]);
		const log = "pragma wal_checkpoint";
		expect(native.prepare(log).all([])).toMatchObject([{ busy: 0, log: expect.any(Number) }]);
		expect(isPromise(database.close())).toBe(false);
	});

	test("a rollback that fails comes before everything else that follows", () => {
		let failures = 2;
		const { batch, insert, stored, native } = contended("wal", (real) => ({
			get inTransaction() {
				return real.inTransaction;
			},
			prepare: (sql) => real.prepare(sql),
			close: () => real.close(),
			exec(sql) {
				if (sql === "ROLLBACK" && failures-- > 0) throw new Error("disk I/O error");
				return real.exec(sql);
			},
		}));
		expect(() => batch("a", "a")).toThrow(expect.objectContaining({ code: "unique" }));
		expect(() => insert("b")).toThrow("could not run");
		expect(native.inTransaction).toBe(true);
		expect(insert("b")).toEqual([]);
		expect(native.inTransaction).toBe(false);
		expect(stored()).toEqual([["b"]]);
	});
});
