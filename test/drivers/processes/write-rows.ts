import { openDatabase } from "../../../src/runtime/node/open-database.ts";

// Started by a test as a process of its own: writes rows until they are all stored.
const [path = "", writer = "", count = "0"] = process.argv.slice(2);
const database = openDatabase({ url: `file:${path}` });
for (let row = 0; row < Number(count); row++) {
	await database.batch([
		{ sql: "insert into t (writer) values (?)", params: [writer] },
		{ sql: "update counters set n = n + 1 where id = ?", params: [1] },
	]);
}
await database.close();
