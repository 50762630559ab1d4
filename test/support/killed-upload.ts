/**
 * A program that fills a folder with files, or kills itself in the middle of what it does with them:
 *
 *     node killed-upload.ts FOLDER prepare
 *     node killed-upload.ts FOLDER ACTION PHASE
 */
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import sharp from "sharp";
import type { App } from "../../src/app/app.ts";
import { AppEvents } from "../../src/app/app-events.ts";
import { createApp } from "../../src/app/create-app.ts";
import { mediaLibrary } from "../../src/index.media.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { fs } from "../../src/media/adapters/fs.ts";
import { MediaEvents } from "../../src/media/media-events.ts";
import { media } from "../../src/media/media.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";

export const posts = sqliteTable("posts", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
	coverId: integer("cover_id").references(() => media.id, { onDelete: "set null" }),
});

/** Files that belong to a post, and go with it. */
const schema = { media, posts };

/** What the program does, each to the state that {@link prepare} makes. */
const ACTIONS: Readonly<Record<string, (app: App, phase: string) => Promise<unknown>>> = {
	upload: (app, phase) => app.media.upload(body(phase), { name: "new.txt" }),
	overwrite: (app, phase) => app.media.upload(body(phase), { name: "old.png", overwrite: true }),
	attach: (app, phase) =>
		app.media.upload(body(phase), { attach: { entity: "posts", id: 1, field: "cover" } }),
	replace: (app, phase) =>
		app.media.upload(body(phase), {
			attach: { entity: "posts", id: 2, field: "cover", overwrite: true },
		}),
	delete: (app) => app.media.delete("old.png"),
	"delete-row": (app) => app.em.mutator(media).deleteOne(1),
	"delete-many": (app) => app.em.mutator(media).deleteWhere({ size: { $gt: 0 } }),
	derive: (app) =>
		app.media.open("old.png", { form: { width: 64, fit: "scale-down", format: "webp" } }),
};

/** The app of the program, and of the test that looks at what it has left. */
export function filesApp(folder: string, now: () => number, killsAt?: string): App {
	const store = fs(`${folder}/files`);
	const platform = nodePlatform({ env: {} });
	return createApp(
		{
			connection: { url: `file:${folder}/data.db` },
			schema,
			media: mediaLibrary({ store: killsAt === undefined ? store : killing(store, killsAt) }),
		},
		{ ...platform, clock: { ...platform.clock, now } },
	);
}

/** Fills a folder: an image in two forms, and a post that has a file. */
async function prepare(folder: string): Promise<void> {
	const app = filesApp(folder, Date.now);
	await app.build();
	const channels = 3;
	const create = { width: 200, height: 100, channels, background: "teal" } as const;
	const image = await sharp({ create }).png().toBuffer();
	await app.media.upload(new Uint8Array(image), { name: "old.png" });
	await app.media.open("old.png", { form: { width: 128, fit: "scale-down", format: "webp" } });
	const { data: cover } = await app.media.upload("a cover", { name: "cover.txt" });
	await app.em
		.mutator(posts)
		.insertMany([{ title: "Without" }, { title: "With", coverId: cover?.id ?? null }]);
	await app.close();
}

function body(phase: string): AsyncIterable<Uint8Array> {
	const part = new TextEncoder().encode("burrs ".repeat(100_000));
	return (async function* () {
		yield part;
		if (phase === "receiving") die();
		yield part;
	})();
}

/** A store that ends the program when it is asked to delete, or when it has done half of it. */
function killing(store: StorageAdapter, phase: string): StorageAdapter {
	return {
		...store,
		put: (...call) => store.put(...call),
		get: (...call) => store.get(...call),
		head: (...call) => store.head(...call),
		list: (...call) => store.list(...call),
		async delete(keys) {
			if (phase === "store.delete") die();
			if (phase === "store.deleted-first") {
				await store.delete(keys.slice(0, 1));
				die();
			}
			await store.delete(keys);
		},
	};
}

function die(): void {
	process.kill(process.pid, "SIGKILL");
}

async function runUntilKilled(folder: string, action: string, phase: string): Promise<void> {
	const app = filesApp(folder, Date.now, phase);
	await app.build();
	const events = { ...DatabaseEvents, ...MediaEvents, ...AppEvents };
	const event = events[phase as keyof typeof events];
	if (event) {
		app.emgr.onEvent(event as typeof MediaEvents.FileAccessEvent, die, {
			mode: "sync",
			order: -1_000_000,
		});
	}
	await ACTIONS[action]?.(app, phase);
	await app.close();
	process.stdout.write("survived\n");
}

if (process.argv[1]?.endsWith("killed-upload.ts")) {
	const [, , folder = "", action = "", phase = ""] = process.argv;
	await (action === "prepare" ? prepare(folder) : runUntilKilled(folder, action, phase));
}
