import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { describeLimits } from "../../conformance/limits.ts";

describeLimits("D1", async () => {
	await reset();
	return new D1(env.DB);
});
