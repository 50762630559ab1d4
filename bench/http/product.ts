import Database from "libsql";

import { samplePosts } from "./posts.ts";
import { posts } from "./servers/schema.ts";

/** The part of the built product's `App` that programs of this folder use in their own process. */
export interface App {
	readonly emgr: {
		on(slug: string, handler: () => void, mode: "sync"): { unsubscribe(): void };
	};
	readonly em: { mutator(entity: "posts"): { insertMany(rows: readonly object[]): unknown } };
	build(): unknown;
	fetch(request: Request): Response | Promise<Response>;
	close(): unknown;
}

interface Product {
	createApp(config: object): App | Promise<App>;
}

/** An app of the built product on a database file of its own, with the sample posts. */
export async function openApp(file: string, schema: object = { posts }): Promise<App> {
	const built = new URL("../../dist/index.node.js", import.meta.url).href;
	const { createApp } = (await import(built)) as Product;
	const app = await createApp({
		connection: { url: `file:${file}` },
		schema,
		server: { access: "open" },
		async seed(empty: App) {
			await empty.em.mutator("posts").insertMany(samplePosts());
		},
	});
	await app.build();
	return app;
}

/** Adds copies of the posts until there are so many. */
export function growPosts(file: string, count: number): void {
	const database = new Database(file);
	try {
		database.exec(`
			PRAGMA synchronous = OFF;
			INSERT INTO posts (title, slug, body, author, views)
			WITH RECURSIVE n (i) AS (
				SELECT (SELECT count(*) + 1 FROM posts) UNION ALL SELECT i + 1 FROM n WHERE i < ${count}
			)
			SELECT 'Post ' || i, 'post-' || i, p.body, p.author, p.views
			FROM n JOIN posts p ON p.id = i % 1000 + 1;
			PRAGMA wal_checkpoint(TRUNCATE);
		`);
	} finally {
		database.close();
	}
}

/** CPU time of these requests through `app.fetch`, in microseconds for each. */
export async function cpuMicros(app: App, requests: readonly Request[]): Promise<number> {
	const before = process.cpuUsage();
	for (const request of requests) await app.fetch(request);
	const { user, system } = process.cpuUsage(before);
	return (user + system) / requests.length;
}
