import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { webPlatform } from "../../../src/app/platform.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { OWN_TABLES } from "../../../src/data/migrate/own-tables.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";

test("the holder of the token follows the events of an isolate", async () => {
	await reset();
	const database = new D1(env.DB);
	await database.batch([...OWN_TABLES]);
	const platform = { ...webPlatform(), logger: silentLogger, exposure: "public" as const };
	const app = createApp(
		{ connection: database, schema: {} },
		{ ...platform, env: { BURDOCK_TOKEN: "s3cret" } },
	);
	await app.build();
	const url = "https://blog.example/api/system/events?ref=orders.*";
	expect((await app.fetch(new Request(url))).status).toBe(401);
	const headers = { authorization: "Bearer s3cret" };
	const { body } = await app.fetch(new Request(url, { headers }));
	const reader = (body as ReadableStream<Uint8Array>).getReader();
	const line = async () => new TextDecoder().decode((await reader.read()).value);
	expect(await line()).toBe("\n");
	await app.emgr.emit("orders.paid", { id: 1 });
	expect(JSON.parse(await line())).toMatchObject({ slug: "orders.paid", params: { id: 1 } });
	await reader.cancel();
	expect(app.emgr.getListeners()).toEqual([]);
	await app.close();
});
