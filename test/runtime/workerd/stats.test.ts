import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { webPlatform } from "../../../src/app/platform.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { OWN_TABLES } from "../../../src/data/migrate/own-tables.ts";
import { EventManager, Event, statistics } from "../../../src/events/index.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { openTelemetry } from "../../../src/otel/index.ts";
import type { SystemStats } from "../../../src/server/contract.ts";

class Asked extends Event<{ readonly fails: boolean }> {
	static override slug = "asked";
}

test("calls, errors and times are counted on Workers, too", async () => {
	const emgr = new EventManager([Asked], { instruments: [statistics()], onError: () => {} });
	emgr.onEvent(
		Asked,
		async ({ params }) => {
			await Promise.resolve();
			if (params.fails) throw new Error("no");
		},
		{ id: "l" },
	);
	await emgr.emit(Asked, { fails: false }, { settle: true });
	await emgr.emit(Asked, { fails: true }, { settle: true });
	expect(emgr.stats).toMatchObject({
		measured: true,
		calls: 2,
		errors: 1,
		perListener: [{ id: "l", calls: 2, errors: 1, p50: expect.any(Number) as number }],
	});
});

test("the statistics of an app are answered, and Server-Timing and tracing harm nobody", async () => {
	await reset();
	const database = new D1(env.DB);
	await database.batch([...OWN_TABLES]);
	const app = createApp(
		{ connection: database, schema: {}, events: { instruments: [openTelemetry()] } },
		{ ...webPlatform(), logger: silentLogger, serverTiming: true },
	);
	await app.build();
	app.emgr.on("app-request", async () => {}, { mode: "sync", id: "l" });
	const response = await app.fetch(new Request("http://localhost/api/system/stats"));
	expect(response.status).toBe(200);
	// Nothing tells which request a call is for where no context follows it.
	expect(response.headers.get("server-timing")).toMatch(/^total;dur=[\d.]+$/);
	const stats: SystemStats = await response.json();
	expect(stats).toMatchObject({ calls: 1, perListener: [{ id: "l", calls: 1 }] });
	await app.close();
});
