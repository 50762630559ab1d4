import { reset } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, onTestFinished } from "vitest";
import { createApp } from "../../../src/app/create-app.ts";
import { webPlatform } from "../../../src/app/platform.ts";
import { createClient, ProblemError } from "../../../src/client/index.ts";
import { D1 } from "../../../src/data/drivers/d1.ts";
import { Tables } from "../../../src/data/migrate/tables.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import * as schema from "../../support/library-schema.ts";

it("speaks to an app in the same Worker", async () => {
	await reset();
	const platform = { ...webPlatform(), logger: silentLogger };
	const database = new D1(env.DB);
	const app = createApp({ connection: database, schema }, platform);
	await new Tables(database, app.em.entities).prepare();
	onTestFinished(async () => void (await app.close({ timeout: 0 })));
	await app.build();
	const client = createClient<typeof schema>({
		url: "https://app.internal",
		token: "secret",
		fetch: (request) => app.fetch(request),
	});
	await client.authors.insertOne({ id: "ada", name: "Ada" });
	const { data } = await client.books.insertOne({
		title: "Burrs",
		authorId: "ada",
		isbn: 9_780_000_000_000n,
		cover: new Uint8Array([0, 255]),
	});
	expect(data).toMatchObject({ id: 1, isbn: "9780000000000", cover: "AP8=" });
	const options = { signal: AbortSignal.timeout(10_000) };
	const list = await client.books.findMany({ select: ["title"], where: { id: 1 } }, options);
	expect(list.data).toEqual([{ title: "Burrs" }]);
	const error = await client.books.findOne(2).catch((reason: unknown) => reason);
	expect(error).toBeInstanceOf(ProblemError);
	expect(error).toMatchObject({ status: 404, code: "not_found" });
});
