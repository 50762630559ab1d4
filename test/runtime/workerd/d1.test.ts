import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { describeDatabase } from "../../conformance/database.ts";

async function openEmpty(): Promise<D1> {
	await reset();
	return new D1(env.DB);
}

describeDatabase("D1", openEmpty, {
	deviations: {
		"batch-columns-by-name": "D1 answers a batch with objects, a single statement with arrays.",
		"deferred-foreign-keys-unclassified":
			"A failing commit breaks the object behind D1, which says `internal error` and no more.",
	},
});
