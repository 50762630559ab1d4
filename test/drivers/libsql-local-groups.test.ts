import Libsql from "libsql";
import { expect, onTestFinished, test } from "vitest";
import { LibsqlLocal, type NativeDatabase } from "../../src/data/drivers/libsql-local.ts";
import { isPromise, toPromise } from "../../src/kernel/maybe.ts";
import { statement } from "../conformance/database/subject.ts";
import { temporaryFile } from "../support/temporary-file.ts";

const TABLES = `
	create table t (id integer primary key, a text unique);
	create table strict_t (a text unique on conflict rollback);
	create table child (t integer references t (id) deferrable initially deferred);
`;

/** A database whose turns end when the test says so. */
function grouped() {
	const path = temporaryFile();
	const native = new Libsql(path) as unknown as NativeDatabase;
	native.exec("pragma journal_mode = wal; pragma busy_timeout = 1; pragma foreign_keys = on");
	native.exec(TABLES);
	const executed: string[] = [];
	const spied: NativeDatabase = {
		get inTransaction() {
			return native.inTransaction;
		},
		prepare: (sql) => native.prepare(sql),
		exec(sql) {
			executed.push(sql);
			return native.exec(sql);
		},
		close: () => native.close(),
	};
	const turns: (() => void)[] = [];
	const endOfTurn = (callback: () => void) => void turns.push(callback);
	const database = new LibsqlLocal(spied, { location: path, endOfTurn });
	onTestFinished(() => void database.close());
	const all = (sql: string, ...params: unknown[]) => database.all(statement(sql, ...params));
	return {
		path,
		database,
		executed,
		all,
		insert: (a: string) => toPromise(() => all("insert into t (a) values (?) returning a", a)),
		batch: (...values: string[]) =>
			toPromise(() =>
				database.batch(values.map((a) => statement("insert into t (a) values (?)", a))),
			),
		stored: () => all("select a from t order by id"),
		read: () => void all("select a from t order by id"),
		endTurn: () => turns.splice(0).forEach((end) => end()),
	};
}

test("the first write of a turn is stored at once, the others at its end by one commit", async () => {
	const { all, insert, batch, stored, endTurn, executed } = grouped();
	expect(isPromise(all("insert into t (a) values ('first')"))).toBe(false);
	const others = [insert("second"), batch("third", "fourth"), insert("fifth")];
	expect(stored()).toEqual([["first"]]);
	endTurn();
	expect(executed).toEqual(["BEGIN IMMEDIATE", "COMMIT"]);
	expect(await Promise.all(others)).toEqual([[["second"]], [[], []], [["fifth"]]]);
	expect(stored()).toEqual([["first"], ["second"], ["third"], ["fourth"], ["fifth"]]);
});

test("a turn of one write needs no transaction", async () => {
	const { insert, endTurn, executed } = grouped();
	await insert("first");
	endTurn();
	await insert("next turn");
	endTurn();
	expect(executed).toEqual([]);
});

test("a refused row refuses no other write of its transaction", async () => {
	const { insert, stored, endTurn, executed } = grouped();
	await insert("a");
	const writes = [insert("b"), insert("a"), insert("c")];
	endTurn();
	const outcomes = await Promise.allSettled(writes);
	expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
	expect(outcomes[1]).toMatchObject({ reason: { code: "unique" } });
	expect(stored()).toEqual([["a"], ["b"], ["c"]]);
	expect(executed).toEqual(["BEGIN IMMEDIATE", "COMMIT"]);
});

test("a batch that fails stores nothing, the writes beside it are stored", async () => {
	const { insert, batch, stored, endTurn } = grouped();
	await insert("a");
	const writes = [insert("b"), batch("c", "a"), insert("d")];
	endTurn();
	const outcomes = await Promise.allSettled(writes);
	expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
	expect(stored()).toEqual([["a"], ["b"], ["d"]]);
});

test("a statement that ends the transaction of all fails alone", async () => {
	const { all, insert, stored, endTurn } = grouped();
	await insert("a");
	const strict = () => toPromise(() => all("insert into strict_t values ('x')"));
	const writes = [insert("b"), strict(), strict(), insert("c")];
	endTurn();
	const outcomes = await Promise.allSettled(writes);
	expect(outcomes.map(({ status }) => status)).toEqual([
		"fulfilled",
		"fulfilled",
		"rejected",
		"fulfilled",
	]);
	expect(stored()).toEqual([["a"], ["b"], ["c"]]);
});

test("a write that is refused at the commit fails alone", async () => {
	const { all, insert, stored, endTurn } = grouped();
	await insert("a");
	const orphan = toPromise(() => all("insert into child (t) values (99)"));
	const writes = [insert("b"), orphan, insert("c")];
	endTurn();
	const outcomes = await Promise.allSettled(writes);
	expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
	expect(stored()).toEqual([["a"], ["b"], ["c"]]);
});

test("what can't be in a transaction runs by itself, after what came before", async () => {
	const { all, insert, endTurn, executed, database } = grouped();
	await insert("a");
	const joined = insert("b");
	expect(all("pragma user_version = 7")).toEqual([]);
	await joined;
	const again = insert("c");
	await toPromise(() => database.migrate?.([statement("insert into t (a) values ('d')")]));
	endTurn();
	await again;
	expect(all("select a from t order by id")).toEqual([["a"], ["b"], ["c"], ["d"]]);
	expect(executed.filter((sql) => sql === "PRAGMA foreign_keys = OFF")).toHaveLength(1);
});

test("writes that find the database locked at the turn's end wait, in order", async () => {
	const { path, insert, stored, endTurn } = grouped();
	await insert("a");
	const writes = [insert("b"), insert("c")];
	const other = new Libsql(path);
	onTestFinished(() => void other.close());
	other.exec("begin immediate");
	endTurn();
	const later = insert("d");
	expect(stored()).toEqual([["a"]]);
	other.exec("commit");
	await Promise.all([...writes, later]);
	expect(stored()).toEqual([["a"], ["b"], ["c"], ["d"]]);
});

test("closing stores what has joined", async () => {
	const { path, insert, database } = grouped();
	await insert("a");
	const writes = [insert("b"), insert("c")];
	await database.close();
	await Promise.all(writes);
	const other = new Libsql(path);
	onTestFinished(() => void other.close());
	expect(other.prepare("select count(*) as n from t").get()).toMatchObject({ n: 3 });
});

test("the reads of a turn share a transaction, which opens with the second", async () => {
	const { read, endTurn, executed } = grouped();
	read();
	expect(executed).toEqual([]);
	read();
	read();
	expect(executed).toEqual(["BEGIN"]);
	endTurn();
	expect(executed).toEqual(["BEGIN", "COMMIT"]);
	read();
	endTurn();
	expect(executed).toEqual(["BEGIN", "COMMIT"]);
});

test("a write ends the transaction of the reads, and later reads see it", async () => {
	const { path, all, insert, batch, stored, read, endTurn, database } = grouped();
	const other = new Libsql(path);
	onTestFinished(() => void other.close());
	read();
	read();
	await insert("a");
	expect(other.prepare("select count(*) as n from t").get()).toMatchObject({ n: 1 });
	expect(stored()).toEqual([["a"]]);
	endTurn();
	read();
	read();
	await batch("b", "c");
	expect(stored()).toEqual([["a"], ["b"], ["c"]]);
	endTurn();
	read();
	read();
	await toPromise(() => database.migrate?.([statement("alter table t add column b")]));
	expect(all("select b from t limit 1")).toEqual([[null]]);
	endTurn();
	expect(other.prepare("select count(*) as n from t").get()).toMatchObject({ n: 3 });
});

test("what has joined is stored although reads share a transaction", async () => {
	const { insert, stored, read, endTurn } = grouped();
	await insert("a");
	const joined = [insert("b"), insert("c")];
	read();
	read();
	endTurn();
	await Promise.all(joined);
	expect(stored()).toEqual([["a"], ["b"], ["c"]]);
});

test("a turn's reads see what another connection has written before the turn", () => {
	const { path, stored, read, endTurn } = grouped();
	const other = new Libsql(path);
	onTestFinished(() => void other.close());
	read();
	read();
	other.exec("insert into t (a) values ('theirs')");
	endTurn();
	expect(stored()).toEqual([["theirs"]]);
});

test("writes that waited for a lock end the transaction of the reads", async () => {
	const { path, insert, read } = grouped();
	const other = new Libsql(path);
	onTestFinished(() => void other.close());
	other.exec("begin immediate");
	const waiting = insert("a");
	read();
	read();
	other.exec("commit");
	await waiting;
	expect(other.prepare("select count(*) as n from t").get()).toMatchObject({ n: 1 });
});
