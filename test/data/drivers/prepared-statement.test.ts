import Libsql from "libsql";
import { describe, expect, it } from "vitest";
import { type NativeDatabase, LibsqlLocal } from "../../../src/data/drivers/libsql-local.ts";

/** A database in memory, and the texts that were prepared, in order. */
function watched(): { database: LibsqlLocal; prepared: string[] } {
	const native = new Libsql(":memory:") as unknown as NativeDatabase;
	const prepared: string[] = [];
	const watching: NativeDatabase = {
		get inTransaction() {
			return native.inTransaction;
		},
		exec: (sql) => native.exec(sql),
		close: () => native.close(),
		prepare(sql) {
			prepared.push(sql);
			return native.prepare(sql);
		},
	};
	return { database: new LibsqlLocal(watching, { location: ":memory:" }), prepared };
}

describe("a prepared statement", () => {
	it("stays prepared from its second run on", () => {
		const { database, prepared } = watched();
		for (let run = 0; run < 5; run++) {
			expect(database.all({ sql: "select ?", params: [run] })).toEqual([[run]]);
		}
		expect(prepared).toHaveLength(2);
		for (let run = 0; run < 5; run++) {
			expect(database.all({ sql: "select ?", params: [run], first: true })).toEqual([[run]]);
		}
		expect(prepared).toHaveLength(3);
	});

	it("is prepared for each run when its text is long", () => {
		const { database, prepared } = watched();
		const sql = `select ? as "${"a".repeat(9_000)}"`;
		for (let run = 0; run < 4; run++) {
			expect(database.all({ sql, params: [run] })).toEqual([[run]]);
		}
		expect(prepared).toHaveLength(4);
	});
});
