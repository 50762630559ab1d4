import { expect, test } from "vitest";
import { MediaEvents } from "../../src/media/media-events.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";
import { filesApp } from "../support/files-app.ts";
import { media } from "../support/files-schema.ts";
import { sweepOf } from "../support/sweep-of.ts";

/** A store of which a test replaces some methods. */
function bound(store: StorageAdapter): StorageAdapter {
	return {
		name: store.name,
		put: (...all) => store.put(...all),
		get: (...all) => store.get(...all),
		head: (key) => store.head(key),
		delete: (keys) => store.delete(keys),
		list: (options) => store.list(options),
	};
}

function madeUp(object: string, key = `made-up ${object.length}`) {
	return { key, name: key, type: "text/plain", size: 1, etag: "x", object, updatedAt: new Date(0) };
}

test.for(["", "0", "library", "../x", "A".repeat(32)])(
	"a row that code made up for the object '%s' takes no other object along",
	async (object) => {
		const files = await filesApp();
		const { app, run, objects, settle, store } = files;
		await run(() => Promise.all([1, 2, 3].map((n) => app.media.upload(`text ${n}`))));
		await sweepOf(files, { hours: 0 }).round();
		const all = (await run(() => store.list({ limit: 100 }))).objects.length;
		const before = await objects();
		const stem = object === "0" ? (before[0] as string).slice(0, 1) : object;
		const [row] = await run(() => app.db.insert(media).values(madeUp(stem)).returning());
		await run(() => app.em.mutator(media).deleteOne(row?.id as number));
		await settle();
		expect(await objects()).toEqual(before);
		expect((await run(() => store.list({ limit: 100 }))).objects.length).toBe(all);
	},
);

test("rows of objects that there can't be do not stop the sweep", async () => {
	const files = await filesApp();
	const { app, run, objects, store } = files;
	const clock = { hours: 0 };
	const sweep = sweepOf(files, clock);
	await sweep.round();
	for (const object of ["", "../x", "Made up", "zz zz"]) {
		await run(() => app.db.insert(media).values(madeUp(object, `made-up ${object.length}`)));
	}
	for (const stem of ["0", "8", "f"]) {
		await run(() => store.put(stem.repeat(32), text("stray"), { type: "text/plain" }));
	}
	clock.hours = 2;
	await sweep.round(1);
	expect(await objects()).toEqual([]);
});

test("a file that is stored anew while the sweep finds its content gone stays", async () => {
	const files = await filesApp();
	const { app, run, store } = files;
	const clock = { hours: 0 };
	await sweepOf(files, clock).round();
	const { data } = await run(() => app.media.upload("lost", { name: "a.txt" }));
	await run(() => store.delete([data?.object as string]));
	clock.hours = 2;
	const watched: StorageAdapter = {
		...bound(store),
		async head(key) {
			const found = await store.head(key);
			await app.media.upload("new", { name: "a.txt", overwrite: true });
			return found;
		},
	};
	await sweepOf(files, clock, watched).round();
	expect(await files.rows()).toBe(1);
	const view = await run(() => app.media.open("a.txt"));
	expect(await run(async () => new Response(await view.read()).text())).toBe("new");
});

test("an upload replaces the file that had its name, and none that has another one by now", async () => {
	const files = await filesApp();
	const { app, run, send, objects, settle } = files;
	const { data } = await run(() => app.media.upload("first", { name: "a.txt" }));
	let renamed = false;
	app.emgr.onEvent(
		MediaEvents.FileUploadBefore,
		async () => {
			if (renamed) return;
			renamed = true;
			await app.em.mutator(media).updateOne(data?.id as number, { key: "b.txt" });
		},
		"sync",
	);
	const response = await send(["POST", "/api/media/upload/a.txt?overwrite=true", "second"]);
	expect(response.status).toBe(409);
	await settle();
	const view = await run(() => app.media.open("b.txt"));
	expect(await run(async () => new Response(await view.read()).text())).toBe("first");
	expect((await objects()).length).toBe(1);
});

test("If-Match holds until the upload is stored", async () => {
	const files = await filesApp();
	const { app, send, run, objects, settle } = files;
	await run(() => app.media.upload("first", { name: "a.txt" }));
	const first = await send(["GET", "/api/media/file/a.txt"]);
	const tag = first.headers.get("etag") as string;
	let other = 0;
	app.emgr.onEvent(
		MediaEvents.FileUploadBefore,
		async () => {
			if (other++ > 0) return;
			await app.media.upload("second", { name: "a.txt", overwrite: true });
		},
		"sync",
	);
	const headers = { "if-match": tag };
	const response = await send(["POST", "/api/media/upload/a.txt?overwrite=true", "third", headers]);
	expect(response.status).toBe(412);
	await settle();
	expect(await (await send(["GET", "/api/media/file/a.txt"])).text()).toBe("second");
	expect((await objects()).length).toBe(1);
});

test("two files that come to one field at once: the second is refused", async () => {
	const files = await filesApp();
	const { app, send, rows, objects, settle } = files;
	let other = 0;
	app.emgr.onEvent(
		MediaEvents.FileUploadBefore,
		async () => {
			if (other++ > 0) return;
			await app.media.upload("second", { attach: { entity: "posts", id: 1, field: "cover" } });
		},
		"sync",
	);
	const response = await send(["POST", "/api/media/entity/posts/1/cover", "first"]);
	expect([response.status, await rows()]).toEqual([409, 1]);
	await settle();
	expect((await objects()).length).toBe(1);
});

test("clients can't change what an upload says once its row is stored", async () => {
	const files = await filesApp();
	const { app, send } = files;
	const statuses: number[] = [];
	app.emgr.onEvent(
		MediaEvents.FileUploadedEvent,
		async () => {
			const list = await send(["GET", "/api/media/files"]);
			const { data } = (await list.json()) as { data: { id: number; object: string }[] };
			const [row] = data;
			const body = { object: row?.object, type: "text/html", size: 7 };
			const { status } = await send(["PATCH", `/api/data/entity/media/${row?.id}`, body]);
			statuses.push(status);
		},
		"sync",
	);
	await send(["POST", "/api/media/upload/a.txt", "text"]);
	expect(statuses).toEqual([422]);
});

async function* text(content: string): AsyncGenerator<Uint8Array> {
	yield new TextEncoder().encode(content);
}

test("many objects without a row are removed in one step", async () => {
	const files = await filesApp();
	const { objects, run, store } = files;
	const clock = { hours: 0 };
	const sweep = sweepOf(files, clock);
	await sweep.round();
	const strays = Array.from({ length: 150 }, (_, index) => String(index).padStart(32, "0"));
	for (const stray of strays) {
		await run(() => store.put(stray, text("stray"), { type: "text/plain" }));
	}
	clock.hours = 2;
	await sweep.round(1000);
	expect(await objects()).toEqual([]);
});

test("a store that is full of files which no row knows is not taken for one's own", async () => {
	const theirs = await filesApp();
	await theirs.run(async () => {
		for (let index = 0; index < 12; index++) await theirs.app.media.upload(`theirs ${index}`);
	});
	const before = await theirs.objects();
	const mine = await filesApp();
	await mine.run(() => mine.app.media.upload("mine"));
	await sweepOf(mine, { hours: 2 }, theirs.store).round();
	expect(await theirs.objects()).toEqual(before);
	expect(mine.log.of("error").map(({ message }) => message)).toEqual([
		expect.stringMatching(/not the one that belongs to this database/),
	]);
});
