import { describe, expect, test } from "vitest";
import { mediaLibrary } from "../../../src/index.media.ts";
import { memory } from "../../../src/media/adapters/memory.ts";
import type { StorageAdapter } from "../../../src/media/storage-adapter.ts";
import * as schema from "../../support/files-schema.ts";
import { testApp, type TestApp } from "../../support/test-app.ts";

const FILE = "/api/media/file/burr.txt";

/** A store that lets the test do something before it answers the next read. */
function interrupted() {
	const store = memory();
	const state: { before?: (() => Promise<unknown>) | undefined; reads: number } = { reads: 0 };
	const slow: StorageAdapter = {
		name: store.name,
		put: (...put) => store.put(...put),
		head: (key) => store.head(key),
		delete: (keys) => store.delete(keys),
		list: (options) => store.list(options),
		async get(...get) {
			state.reads++;
			const { before } = state;
			state.before = undefined;
			await before?.();
			return store.get(...get);
		},
	};
	return { store: slow, state };
}

async function filesIn(store: StorageAdapter, clock = { now: () => Date.now() }): Promise<TestApp> {
	const env = { MEDIA_SECRET: "a-secret-that-is-long-enough" };
	return testApp({ schema, media: mediaLibrary({ store }) }, { platform: { clock, env } });
}

describe("a file that is replaced while it is opened", () => {
	test("is sent as it is now", async () => {
		const { store, state } = interrupted();
		const { app, request, settle } = await filesIn(store);
		await app.media.upload("old", { name: "burr.txt" });
		state.before = async () => {
			await app.media.upload("the new one", { name: "burr.txt", overwrite: true });
			await settle();
		};
		const response = await request("GET", FILE);
		expect([response.status, await response.text()]).toEqual([200, "the new one"]);
		expect(response.headers.get("content-length")).toBe("11");
		const row = await app.media.find("burr.txt");
		expect(response.headers.get("etag")).toBe(`"${row?.etag}"`);
	});

	test("is weighed anew: what no longer is as expected is not sent", async () => {
		const { store, state } = interrupted();
		const { app, settle } = await filesIn(store);
		const { etag } = await app.media.upload("old", { name: "burr.txt" });
		state.before = async () => {
			await app.media.upload("the new one", { name: "burr.txt", overwrite: true });
			await settle();
		};
		const headers = { "if-match": `"${etag}"` };
		const response = await app.fetch(new Request(`http://localhost${FILE}`, { headers }));
		expect(response.status).toBe(412);
	});

	test("is gone when it was deleted", async () => {
		const { store, state } = interrupted();
		const { app, request, settle } = await filesIn(store);
		await app.media.upload("old", { name: "burr.txt" });
		state.before = async () => {
			await app.media.delete("burr.txt");
			await settle();
		};
		expect((await request("GET", FILE)).status).toBe(404);
	});

	test("is given up when only its object is gone", async () => {
		const { store, state } = interrupted();
		const { app, request } = await filesIn(store);
		const { data } = await app.media.upload("old", { name: "burr.txt" });
		await store.delete([String(data?.object)]);
		const response = await request("GET", FILE);
		expect([response.status, state.reads]).toEqual([503, 1]);
	});
});

test("a link ends when its time has come", async () => {
	let now = Date.UTC(2026, 10, 1);
	const { app, request } = await filesIn(memory(), { now: () => now });
	await app.media.upload("old", { name: "burr.txt" });
	const made = await request("POST", `${FILE}/link`, { expiresIn: 60 });
	const { data } = (await made.json()) as { data: { url: string; expires: string } };
	expect(data.expires).toBe("2026-11-01T00:01:00.000Z");
	now += 59_999;
	expect((await request("GET", data.url)).status).toBe(200);
	now += 1;
	const ended = await request("GET", data.url);
	expect([ended.status, await ended.json()]).toMatchObject([403, { code: "bad_link" }]);
});
