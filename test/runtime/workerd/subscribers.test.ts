import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { webPlatform } from "../../../src/app/platform.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { Tables } from "../../../src/data/migrate/tables.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import * as schema from "../../support/library-schema.ts";
import * as shelve from "../../support/shelve-subscriber.ts";

it("calls the subscribers of an import map", async () => {
	await reset();
	shelve.shelved.length = 0;
	const database = new D1(env.DB);
	const app = createApp(
		{
			connection: database,
			schema,
			events: {
				files: { "library/shelve": shelve },
				subscribers: { "library/shelve": { mode: "sync" } },
			},
		},
		{ ...webPlatform(), logger: silentLogger },
	);
	await new Tables(database, app.em.entities).prepare();
	onTestFinished(async () => void (await app.close({ timeout: 0 })));
	for (let count = 0; count < 3; count++) await app.build();
	await app.em.mutator("authors").insertOne({ id: "ada", name: "Ada" });
	expect(shelve.shelved).toEqual(["authors/ada"]);
	expect(app.emgr.getListeners()).toMatchObject([
		{ id: "subscriber:library/shelve", mode: "sync" },
	]);
});

it("names those that cannot listen", async () => {
	const app = createApp(
		{
			connection: new D1(env.DB),
			events: { files: { shelve: { ...shelve, config: { events: "data..after" } } } },
		},
		{ ...webPlatform(), logger: silentLogger },
	);
	await expect(app.build()).rejects.toMatchObject({
		code: "bad_config",
		message: expect.stringContaining('events.files["shelve"]: The event pattern "data..after"'),
	});
	await app.close({ timeout: 0 });
});
