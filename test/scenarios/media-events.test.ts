import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { AppError } from "../../src/kernel/error.ts";
import { memory } from "../../src/media/adapters/memory.ts";
import { MediaEvents } from "../../src/media/media-events.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";
import { spy } from "../../src/testing/spy.ts";
import { filesApp } from "../support/files-app.ts";
import { albums, media, posts, postsMedia } from "../support/files-schema.ts";

const { FileUploadBefore, FileUploadedEvent, FileDeleteBefore, FileDeletedEvent, FileAccessEvent } =
	MediaEvents;

const UPLOAD = ["file-upload-before", "mutator-insert-before", "mutator-insert-commit"];
const UPLOADED = ["mutator-insert-after", "file-uploaded"];

describe("an upload", () => {
	test("is pending, then a row, then told", async () => {
		const { app, run, objects, rows } = await filesApp();
		const seen: unknown[] = [];
		app.emgr.onEvent(
			FileUploadBefore,
			async ({ params, path, topic }) => {
				const text = new TextDecoder().decode(await params.file.bytes());
				seen.push(text, await rows(), (await objects()).length, path, topic);
			},
			"sync",
		);
		using events = spy(app.emgr);
		const { data, name, meta, etag, state } = await run(() =>
			app.media.upload("Burrs hook on.", { name: "käfer & co.txt", fields: { alt: "Text" } }),
		);
		expect(seen).toEqual([
			"Burrs hook on.",
			0,
			1,
			"media/käfer & co.txt",
			"media.file.upload.before",
		]);
		expect(events.slugs.filter((slug) => /^(?:file|mutator)/.test(slug))).toEqual([
			...UPLOAD,
			...UPLOADED,
		]);
		expect({ name, meta, state }).toEqual({
			name: "käfer & co.txt",
			meta: { type: "text/plain", size: 14 },
			state: {
				name: "käfer & co.txt",
				path: "/api/media/file/k%C3%A4fer%20%26%20co.txt",
			},
		});
		expect(data).toMatchObject({ key: name, name, alt: "Text", size: 14, etag });
		expect(data?.checksum).toMatch(/^[0-9a-f]{64}$/);
		expect(await objects()).toEqual([data?.object]);
	});

	test("that a listener refuses leaves nothing", async () => {
		const { app, run, objects, rows } = await filesApp();
		app.emgr.onEvent(
			FileUploadBefore,
			({ params }) => {
				if (params.meta.size > 3) throw new AppError("invalid", "Too much of it.");
			},
			"sync",
		);
		await expect(run(() => app.media.upload("four"))).rejects.toThrow("Too much of it.");
		expect([await objects(), await rows()]).toEqual([[], 0]);
	});

	test.each([
		["before", "throw"],
		["commit", "throw"],
		["before", "prevent"],
	])("whose row is stopped in %s by a %s leaves nothing", async (phase, how) => {
		const { app, run, objects, rows } = await filesApp();
		app.emgr.on(
			`data.media.insert.${phase}`,
			(event) => {
				if (how === "throw") throw new AppError("forbidden", "Not today.");
				event.preventDefault();
			},
			"sync",
		);
		using events = spy(app.emgr);
		const upload = run(() => app.media.upload("text"));
		if (how === "throw") await expect(upload).rejects.toThrow("Not today.");
		else expect((await upload).data).toBeNull();
		expect([await objects(), await rows()]).toEqual([[], 0]);
		expect(events.slugs).not.toContain("file-uploaded");
	});

	test("may be answered with what a listener of the fact returns; its throw is a warning", async () => {
		const { app, run } = await filesApp();
		app.emgr.onEvent(
			FileUploadedEvent,
			({ params }) => ({ meta: { ...params.meta, width: 1 }, etag: "mine" }),
			"sync",
		);
		app.emgr.onEvent(
			FileUploadedEvent,
			() => {
				throw new Error("Too late.");
			},
			{ mode: "sync", id: "late" },
		);
		const { data, ...answer } = await run(() => app.media.upload("text", { name: "a.txt" }));
		expect(data).toMatchObject({ key: "a.txt", width: null });
		expect(answer).toMatchObject({
			etag: "mine",
			meta: { type: "text/plain", size: 4, width: 1 },
			warnings: [{ code: "listener_failed", event: "file-uploaded", listener: "late" }],
		});
	});

	test("in the place of another is an update; the old object goes with what was made of it", async () => {
		const { app, run, settle, objects, store } = await filesApp();
		const first = await run(() => app.media.upload("old", { name: "a.txt" }));
		await store.put(`${first.data?.object}.w64-webp`, bytes("made"), { type: "image/webp" });
		using events = spy(app.emgr);
		const second = await run(() => app.media.upload("newer", { name: "a.txt", overwrite: true }));
		await settle();
		expect(events.slugs.filter((slug) => /^(?:file|mutator)/.test(slug))).toEqual([
			"file-upload-before",
			"mutator-update-before",
			"mutator-update-commit",
			"mutator-update-after",
			"file-uploaded",
		]);
		expect(second.data).toMatchObject({ id: first.data?.id, key: "a.txt", size: 5 });
		expect(second.etag).not.toBe(first.etag);
		expect(await objects()).toEqual([second.data?.object]);
		await expect(run(() => app.media.upload("x", { name: "a.txt" }))).rejects.toMatchObject({
			code: "file_exists",
		});
	});

	test("of many at once to one name leaves one file, and its object alone", async () => {
		const { app, run, settle, objects, rows } = await filesApp();
		const all = await run(() =>
			Promise.allSettled(
				Array.from({ length: 8 }, (_, index) =>
					app.media.upload(`text ${index}`, { name: "a.txt", overwrite: index % 2 === 0 }),
				),
			),
		);
		await settle();
		expect(all.some(({ status }) => status === "fulfilled")).toBe(true);
		for (const one of all) {
			if (one.status === "rejected") expect(one.reason).toMatchObject({ kind: "conflict" });
		}
		expect(await rows()).toBe(1);
		const [row] = (await run(() => app.media.list())).data;
		expect(await objects()).toEqual([row?.object]);
	});

	test("can't replace what a listener hides from the reader, nor learn of it", async () => {
		const { app, run, objects } = await filesApp();
		const { data } = await run(() => app.media.upload("hidden", { name: "a.txt" }));
		app.emgr.onEvent(
			DatabaseEvents.RepositoryFindManyBefore,
			({ params: { options } }) => ({ ...options, where: { size: 0 } }),
			{ mode: "sync", entity: media },
		);
		for (const overwrite of [true, false]) {
			const upload = run(() => app.media.upload("mine", { name: "a.txt", overwrite }));
			await expect(upload).rejects.toMatchObject({ code: "already_exists" });
		}
		expect(await objects()).toEqual([data?.object]);
	});
});

describe("a link", () => {
	test("ends with its file: one that gets the name later is another", async () => {
		const { app, run, send } = await filesApp({ env: { MEDIA_SECRET: "a secret of the test" } });
		await run(() => app.media.upload("open", { name: "a.txt" }));
		const { url } = await run(() => app.media.link("a.txt"));
		await run(() => app.media.upload("newer", { name: "a.txt", overwrite: true }));
		expect(await (await send(["GET", url])).text()).toBe("newer");
		await run(() => app.media.delete("a.txt"));
		expect((await send(["GET", url])).status).toBe(403);
		await run(() => app.media.upload("private", { name: "a.txt" }));
		expect((await send(["GET", url])).status).toBe(403);
	});

	test("that a store can't sign tells that it is the store", async () => {
		const store = Object.assign(memory(), {
			sign: () => Promise.reject(new Error("No key.")),
		});
		const { app, run } = await filesApp({ media: { store } });
		const { name } = await run(() => app.media.upload("text"));
		await expect(run(() => app.media.link(name, { direct: true }))).rejects.toMatchObject({
			code: "storage_unavailable",
		});
	});

	test.each([0, -5, 1.5, Number.NaN, 604_801])(
		"does not last for %d seconds",
		async (expiresIn) => {
			const { app, run } = await filesApp({ env: { MEDIA_SECRET: "a secret of the test" } });
			const { name } = await run(() => app.media.upload("text"));
			await expect(run(() => app.media.link(name, { expiresIn }))).rejects.toMatchObject({
				code: "bad_expiry",
			});
		},
	);
});

describe("a file for a row", () => {
	test.each([
		["cover", "posts"],
		["coverId", "posts"],
	])("belongs to it by %s, and both are written in one unit", async (field) => {
		const { app, run, settle, objects, rows } = await filesApp();
		using events = spy(app.emgr);
		const attach = { entity: "posts", id: 1, field };
		const { data } = await run(() => app.media.upload("one", { attach }));
		expect(events.slugs.filter((slug) => /^(?:file|mutator)/.test(slug))).toEqual([
			"file-upload-before",
			"mutator-insert-before",
			"mutator-update-before",
			"mutator-insert-commit",
			"mutator-update-commit",
			"mutator-insert-after",
			"mutator-update-after",
			"file-uploaded",
		]);
		const cover = async () => (await run(() => app.em.repository(posts).findOne(1))).data?.coverId;
		expect(await cover()).toBe(data?.id);
		await expect(run(() => app.media.upload("two", { attach }))).rejects.toMatchObject({
			code: "field_taken",
		});
		const over = { ...attach, overwrite: true };
		const second = await run(() => app.media.upload("two", { attach: over }));
		await settle();
		expect([await cover(), await rows()]).toEqual([second.data?.id, 1]);
		expect(await objects()).toEqual([second.data?.object]);
	});

	test("is one of many, by a foreign key of its own or a table between", async () => {
		const { app, run, rows } = await filesApp();
		const inAlbum = { entity: "albums", id: 1, field: "media" };
		const one = await run(() => app.media.upload("one", { attach: inAlbum }));
		await run(() => app.media.upload("two", { attach: inAlbum }));
		expect(one.data).toMatchObject({ albumId: 1 });
		const name = [...app.em.entity("posts").relations.values()].find(
			({ through }) => through,
		)?.name;
		const linked = { entity: "posts", id: 2, field: name ?? "" };
		const three = await run(() => app.media.upload("three", { attach: linked }));
		const links = await run(() => app.em.repository(postsMedia).findMany());
		expect(links.data).toEqual([{ postId: 2, mediaId: three.data?.id }]);
		expect(await rows()).toBe(3);
	});

	test.each([
		[{ entity: "nothing", id: 1, field: "cover" }, "unknown_entity"],
		[{ entity: "posts", id: 1, field: "title" }, "not_a_file_field"],
		[{ entity: "posts", id: 99, field: "cover" }, "not_found"],
		[{ entity: "posts", id: "x", field: "cover" }, "bad_id"],
	])("%o is refused before anything is stored", async (attach, code) => {
		const { app, run, objects } = await filesApp();
		await expect(run(() => app.media.upload("x", { attach }))).rejects.toMatchObject({ code });
		expect(await objects()).toEqual([]);
	});
});

describe("a delete", () => {
	test.each([
		["by name", "file"],
		["of its row", "row"],
		["of many rows", "rows"],
		["by cascade", "cascade"],
	])("%s has the events of a file, and its object goes after the commit", async (_, way) => {
		const { app, run, settle, objects, rows } = await filesApp();
		const attach = { entity: "albums", id: 1, field: "media" };
		const { data, name } = await run(() => app.media.upload("one", { attach }));
		const order: string[] = [];
		for (const Event of [FileDeleteBefore, FileDeletedEvent]) {
			app.emgr.onEvent(
				Event,
				async ({ slug, params, path }) => {
					expect([params.name, params.row.id, path]).toEqual([name, data?.id, `media/${name}`]);
					order.push(slug, String(await rows()), String((await objects()).length));
				},
				"sync",
			);
		}
		await run(async () => {
			if (way === "file") await app.media.delete(name);
			else if (way === "row") await app.em.mutator(media).deleteOne(data?.id as number);
			else if (way === "rows") await app.em.mutator(media).deleteWhere({ size: 3 });
			else await app.em.mutator(albums).deleteOne(1);
		});
		await settle();
		expect(order.filter((_, index) => index % 3 !== 2 || index < 3)).toEqual([
			"file-delete-before",
			"1",
			"1",
			"file-deleted",
			"0",
		]);
		expect([await objects(), await rows()]).toEqual([[], 0]);
	});

	test("of a state that is gone by then deletes nothing", async () => {
		const { app, run, settle, rows } = await filesApp();
		const { etag } = await run(() => app.media.upload("old", { name: "a.txt" }));
		await run(() => app.media.upload("new", { name: "a.txt", overwrite: true }));
		const late = run(() => app.media.delete("a.txt", { etag }));
		await expect(late).rejects.toMatchObject({ code: "changed_meanwhile" });
		await settle();
		expect(await rows()).toBe(1);
	});

	test("that a listener refuses changes nothing, whichever way it comes", async () => {
		const { app, run, settle, objects, rows } = await filesApp();
		const attach = { entity: "albums", id: 1, field: "media" };
		const { name, data } = await run(() => app.media.upload("one", { attach }));
		app.emgr.onEvent(
			FileDeleteBefore,
			() => {
				throw new AppError("forbidden", "This one stays.");
			},
			"sync",
		);
		for (const way of [
			() => app.media.delete(name),
			() => app.em.mutator(media).deleteOne(data?.id as number),
			() => app.em.mutator(albums).deleteOne(1),
		]) {
			await expect(run<unknown>(way)).rejects.toThrow("This one stays.");
		}
		await settle();
		expect([await objects(), await rows()]).toEqual([[data?.object], 1]);
	});
});

describe("an access", () => {
	test("may be refused, but by a signed link", async () => {
		const { app, run } = await filesApp({ env: { MEDIA_SECRET: "a secret of the test" } });
		const { name } = await run(() => app.media.upload("private"));
		app.emgr.onEvent(
			FileAccessEvent,
			({ params }) => {
				if (!params.signed) throw new AppError("forbidden", "Private.");
			},
			"sync",
		);
		await expect(run(() => app.media.open(name))).rejects.toThrow("Private.");
		const view = await run(() => app.media.open(name, { signed: true }));
		expect(view.restricted).toBe(true);
	});
});

describe("rows of media", () => {
	const stranger = {
		key: "x.txt",
		name: "x.txt",
		type: "text/html",
		size: 1,
		etag: "x",
		object: "0".repeat(32),
	};

	test("can't be made, or pointed at other objects, by clients", async () => {
		const { app, run, send, objects } = await filesApp();
		const { data } = await run(() => app.media.upload("one", { name: "one.txt" }));
		const { data: other } = await run(() => app.media.upload("two", { name: "two.txt" }));
		const path = "/api/data/entity/media";
		for (const [method, to, body] of [
			["POST", path, stranger],
			["POST", path, [stranger]],
			["POST", path, { ...stranger, object: other?.object }],
			["PATCH", `${path}/${data?.id}`, { object: other?.object }],
			["PATCH", `${path}/${data?.id}`, { type: "text/html" }],
			["PATCH", `${path}/${data?.id}`, { size: 100 }],
			["PATCH", `${path}/${data?.id}`, { width: 1 }],
			["PATCH", path, { update: { etag: "x" }, where: { id: data?.id } }],
			["POST", "/api/data/entity/posts", { title: "x", cover: { $create: stranger } }],
		] as const) {
			const response = await send([method, to, body]);
			const text = await response.text();
			expect([response.status, text], to).toEqual([
				422,
				expect.stringContaining("media_row_protected"),
			]);
		}
		expect((await objects()).length).toBe(2);
	});

	test("take other fields, and names that are ones", async () => {
		const { app, run, send } = await filesApp();
		const { data } = await run(() => app.media.upload("one", { name: "one.txt" }));
		const path = `/api/data/entity/media/${data?.id}`;
		const renamed = await send(["PATCH", path, { alt: "One", key: "uno.txt", metadata: { a: 1 } }]);
		expect(renamed.status).toBe(200);
		expect((await run(() => app.media.open("uno.txt"))).row).toMatchObject({ alt: "One" });
		expect((await send(["PATCH", path, { key: "../x" }])).status).toBe(422);
		expect((await send(["PATCH", path, { name: "x\r\ny" }])).status).toBe(422);
	});
});

test("GET /ready asks the store, too", async () => {
	const { send } = await filesApp();
	const response = await send(["GET", "/ready"]);
	expect(await response.json()).toEqual({
		status: "ready",
		checks: { database: "ok", storage: "ok" },
	});
	let burns = false;
	const kept = memory();
	const store: StorageAdapter = {
		name: "memory",
		put: (...call) => kept.put(...call),
		get: (key, range) => kept.get(key, range),
		head: (key) => kept.head(key),
		delete: (keys) => kept.delete(keys),
		list: (options) =>
			burns ? Promise.reject(new Error("The bucket burns.")) : kept.list(options),
	};
	const files = await filesApp({ media: { store } });
	burns = true;
	const broken = await files.send(["GET", "/ready"]);
	const text = await broken.text();
	expect([broken.status, text]).toEqual([503, expect.stringContaining("The storage does not")]);
	expect(text).not.toContain("burns");
});

test("a listener that reads a file learns that the store is down, and nothing of the store", async () => {
	const kept = memory();
	const store: StorageAdapter = {
		name: "memory",
		put: (...call) => kept.put(...call),
		get: () => Promise.reject(new Error("The bucket burns.")),
		head: (key) => kept.head(key),
		delete: (keys) => kept.delete(keys),
		list: (options) => kept.list(options),
	};
	const { app, send } = await filesApp({ media: { store } });
	app.emgr.onEvent(
		FileUploadBefore,
		async ({ params }) => void (await params.file.bytes()),
		"sync",
	);
	const refused = await send(["POST", "/api/media/upload", { a: 1 }]);
	expect([refused.status, await refused.json()]).toEqual([
		503,
		expect.objectContaining({ code: "storage_unavailable" }),
	]);
	const { objects } = await kept.list({ limit: 10 });
	expect(objects.filter(({ key }) => !key.startsWith("library."))).toEqual([]);
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
	yield new TextEncoder().encode(text);
}
