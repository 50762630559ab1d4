import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createApp, type App } from "burdock";
import { nodePlatform } from "burdock/node";
import { expectEvents, spy } from "burdock/testing";
import config from "../bknd.config.ts";

let app: App;

before(async () => {
	app = createApp(config, nodePlatform({ env: { DATABASE_URL: ":memory:" } }));
	await app.build();
});
after(() => app.close());

function post(body: object): Promise<Response> | Response {
	const init = { method: "POST", body: JSON.stringify(body) };
	return app.fetch(new Request("http://localhost/api/data/entity/posts", init));
}

test("a post gets a slug made of its title", async () => {
	const response = await post({ title: "Burrs & Hooks" });
	const { data } = (await response.json()) as { data: { slug: string; status: string } };
	assert.equal(response.status, 201);
	assert.equal(data.slug, "burrs-hooks");
	assert.equal(data.status, "draft");
});

test("two posts can't have one slug", async () => {
	const response = await post({ title: "Another", slug: "hello-burdock" });
	assert.equal(response.status, 409);
});

test("a write emits these events, and no others", async () => {
	const events = spy(app.emgr);
	await app.em.mutator("posts").insertOne({ title: "Counted" });
	expectEvents(events, {
		"*": 0,
		"mutator-insert-before": 1,
		"mutator-insert-commit": 1,
		"mutator-insert-after": 1,
	});
	events[Symbol.dispose]();
});
