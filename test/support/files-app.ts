import { runtime } from "scenario-runtime";
import { mediaLibrary } from "../../src/index.media.ts";
import type { MediaOptions } from "../../src/media/media-options.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";
import { blog, type Blog, type BlogOptions } from "./blog.ts";
import * as schema from "./files-schema.ts";

/** An app with files, and what is in its store. */
export interface FilesApp extends Blog {
	readonly store: StorageAdapter;
	/** The keys of all objects of files, by key. */
	objects(): Promise<readonly string[]>;
	/** How many rows of files there are. */
	rows(): Promise<number>;
}

/** What a test changes of {@link filesApp}. */
export interface FilesAppOptions extends BlogOptions {
	readonly media?: MediaOptions;
}

/** An app with two posts, an album and no files, in a store of its own. */
export async function filesApp({
	media = {},
	...options
}: FilesAppOptions = {}): Promise<FilesApp> {
	const { options: room, store } = runtime.files();
	const made = await blog({
		...options,
		config: {
			schema,
			media: mediaLibrary({ ...room, ...media }),
			async seed({ em }) {
				await em.mutator(schema.posts).insertMany([{ title: "One" }, { title: "Two" }]);
				await em.mutator(schema.albums).insertOne({ title: "Burrs" });
			},
			entities: {},
			...options.config,
		},
	});
	return {
		...made,
		store,
		async objects() {
			const { objects } = await store.list({ limit: 1000 });
			return objects.map(({ key }) => key).filter((key) => !key.startsWith("library."));
		},
		async rows() {
			const [row] = await made.database.all({ sql: "select count(*) from media", params: [] });
			return Number(row?.[0]);
		},
	};
}
