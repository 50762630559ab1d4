import { env } from "cloudflare:workers";
import { reset } from "cloudflare:test";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { describeWorld } from "../../conformance/world.ts";

const open = async () => {
	await reset();
	return new D1(env.DB);
};

describeWorld("D1", open, { worlds: 20, queries: 20 });
