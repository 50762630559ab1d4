import { expect, test } from "vitest";
import { AppError } from "../../src/kernel/error.ts";
import { MediaEvents } from "../../src/media/media-events.ts";
import { newObjectKey } from "../../src/media/object-key.ts";
import { spy } from "../../src/testing/spy.ts";
import { filesApp, type FilesApp } from "../support/files-app.ts";
import { sweepOf } from "../support/sweep-of.ts";

async function putObject({ store, run }: FilesApp, key: string): Promise<void> {
	await run(() => store.put(key, text("stray"), { type: "text/plain" }));
}

test("objects without a row are removed after the grace, in steps of any size, and nothing else is", async () => {
	const files = await filesApp();
	const clock = { hours: 0 };
	const sweep = sweepOf(files, clock);
	const uploads = await files.run(async () => {
		const names = [];
		for (let index = 0; index < 7; index++)
			names.push(await files.app.media.upload(`text ${index}`));
		return names;
	});
	const kept = uploads.map(({ data }) => data?.object as string);
	await putObject(files, `${kept[3]}.w64-webp`);
	for (let index = 0; index < 9; index++) {
		const stray = newObjectKey();
		await putObject(files, stray);
		await putObject(files, `${stray}.w64-webp`);
	}
	await putObject(files, "readme.txt");
	await sweep.round(100);
	expect((await files.objects()).length).toBe(7 + 1 + 18 + 1);
	for (const [limit, hours, least] of [
		[1, 2, 3],
		[3, 4, 2],
	] as const) {
		clock.hours = hours;
		expect(await sweep.round(limit)).toBeGreaterThanOrEqual(least);
		expect(await files.objects()).toEqual([...kept, `${kept[3]}.w64-webp`, "readme.txt"].sort());
	}
	expect(await files.rows()).toBe(7);
});

test("rows without an object are deleted, with the events of a file, unless a listener refuses", async () => {
	const files = await filesApp();
	const clock = { hours: 0 };
	const sweep = sweepOf(files, clock);
	const { app, run, store } = files;
	const [lost, held] = await run(() =>
		Promise.all(["lost", "held", "whole"].map((name) => app.media.upload(name, { name }))),
	);
	await sweep.round(100);
	await run(() => store.delete([lost?.data?.object ?? "", held?.data?.object ?? ""]));
	app.emgr.onEvent(
		MediaEvents.FileDeleteBefore,
		({ params }) => {
			if (params.name === "held") throw new AppError("forbidden", "This one stays.");
		},
		"sync",
	);
	using events = spy(app.emgr);
	clock.hours = 0.5;
	await sweep.round(100);
	expect(await files.rows()).toBe(3);
	clock.hours = 2;
	await sweep.round(2);
	const { data } = await run(() => app.media.list({ sort: "key" }));
	expect(data.map(({ key }) => key)).toEqual(["held", "whole"]);
	expect(events.slugs.filter((slug) => slug === "file-deleted")).toEqual(["file-deleted"]);
	expect(
		files.log
			.of("warn")
			.map(({ message }) => message)
			.sort(),
	).toEqual([
		"The content of a file is gone, but the file could not be removed.",
		"The content of a file is gone, so the file was removed.",
	]);
});

test("a store that belongs to another database, or to none of this one's files, is left alone", async () => {
	const files = await filesApp();
	await files.run(() => files.app.media.upload("mine"));
	const clock = { hours: 0 };
	await sweepOf(files, clock).round(100);
	clock.hours = 2;

	const foreign = await filesApp();
	await foreign.run(() => foreign.app.media.upload("theirs"));
	await sweepOf(foreign, { hours: 0 }).round(100);
	const stranger = { ...files, store: foreign.store };
	const before = await foreign.objects();
	await sweepOf(stranger, clock).round(100);
	expect(await foreign.objects()).toEqual(before);
	expect(await files.rows()).toBe(1);
	expect(files.log.of("error").map(({ message }) => message)).toEqual([
		expect.stringMatching(/not the one that belongs to this database/),
	]);
});

test("between two rounds the sweep rests; the duty is run with the others", async () => {
	const files = await filesApp();
	const { app, run } = files;
	await run(() => app.runDuties());
	const again = await run(() => app.runDuties());
	expect(again).toEqual([{ duty: "media-sweep", done: 0, finished: true }]);
});

async function* text(content: string): AsyncGenerator<Uint8Array> {
	yield new TextEncoder().encode(content);
}
