import type { Miniflare } from "miniflare";

import { OWN_TABLES } from "../../src/data/migrate/own-tables.ts";
import { samplePosts } from "../http/posts.ts";

/** Rows of one statement: D1 binds at most 100 values. */
const ROWS_AT_ONCE = 16;

const POSTS = `CREATE TABLE IF NOT EXISTS posts (
	id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
	title TEXT NOT NULL,
	slug TEXT NOT NULL,
	body TEXT NOT NULL,
	author TEXT NOT NULL,
	views INTEGER NOT NULL
)`;

/** Makes the tables and the sample posts, unless they are there. */
export async function fillDatabase(miniflare: Miniflare): Promise<void> {
	const database = await miniflare.getD1Database("DB");
	const tables = [POSTS, ...OWN_TABLES.map(({ sql }) => sql)];
	await database.batch(tables.map((sql) => database.prepare(sql)));
	const count = await database.prepare("SELECT count(*) AS n FROM posts").first<number>("n");
	if (count !== null && count > 0) return;
	const posts = samplePosts();
	const inserts = [];
	for (let start = 0; start < posts.length; start += ROWS_AT_ONCE) {
		const rows = posts.slice(start, start + ROWS_AT_ONCE);
		const values = rows.map(() => "(?, ?, ?, ?, ?, ?)").join(", ");
		const cells = rows.flatMap((p) => [p.id, p.title, p.slug, p.body, p.author, p.views]);
		inserts.push(database.prepare(`INSERT INTO posts VALUES ${values}`).bind(...cells));
	}
	await database.batch(inserts);
}
