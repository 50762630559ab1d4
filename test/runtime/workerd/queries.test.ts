import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { describeQueries } from "../../conformance/queries.ts";

describeQueries("D1", async () => {
	await reset();
	return new D1(env.DB);
});

test("a pattern over 50 bytes is refused in words that a client understands", async () => {
	const database = new D1(env.DB);
	const statement = { sql: "select 'a' like ? escape '\\'", params: ["x".repeat(51)] };
	await expect(database.all(statement)).rejects.toMatchObject({
		kind: "malformed",
		code: "pattern_too_long",
	});
});
