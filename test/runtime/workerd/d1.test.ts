import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { describeDatabase } from "../../conformance/database.ts";

describeDatabase("D1", openEmpty, {
	deviations: {
		"whole-numbers-are-real": "D1 knows JavaScript's numbers only, and binds each as REAL.",
		"batch-columns-by-name": "D1 answers a batch with objects, a single statement with arrays.",
		"deferred-foreign-keys-unclassified": "D1 says only `internal error` when a commit fails.",
	},
});

/** A commit that fails breaks the object behind the database; a reset right after it does nothing. */
async function openEmpty(): Promise<D1> {
	const database = new D1(env.DB);
	const tables = { sql: "select name from sqlite_master where name not glob '_cf_*'", params: [] };
	for (let attempt = 0; attempt < 5; attempt++) {
		await reset();
		if ((await database.all(tables)).length === 0) return database;
	}
	throw new Error("The database cannot be emptied.");
}
