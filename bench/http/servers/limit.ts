// The limit: what Hono and the engine can do when nothing stands between them. SQL by hand, each
// statement prepared once, rows read as arrays, no validation.

import { serve } from "@hono/node-server";
import { Hono } from "hono";
import Database from "libsql";

import { PRAGMAS } from "../posts.ts";
import type { NewPost, Post } from "../posts.ts";
import { answerUsage, serverSettings } from "./process-side.ts";

type PostCells = [number, string, string, string, string, number];

answerUsage();
const settings = serverSettings();
const database = new Database(settings.file);
for (const pragma of PRAGMAS) database.exec(pragma);

const columns = "id, title, slug, body, author, views";
const findOne = database.prepare(`SELECT ${columns} FROM posts WHERE id = ?`).raw();
const findMany = database
	.prepare(`SELECT ${columns} FROM posts ORDER BY id LIMIT ? OFFSET ?`)
	.raw();
const insertOne = database
	.prepare(
		`INSERT INTO posts (title, slug, body, author, views) VALUES (?, ?, ?, ?, ?) RETURNING ${columns}`,
	)
	.raw();

function toPost([id, title, slug, body, author, views]: PostCells): Post {
	return { id, title, slug, body, author, views };
}

const app = new Hono();

app.get("/api/data/entity/posts/:id", (c) => {
	const cells = findOne.get([Number(c.req.param("id"))]) as PostCells | undefined;
	return cells === undefined ? c.notFound() : c.json({ data: toPost(cells) });
});

app.get("/api/data/entity/posts", (c) => {
	const limit = Number(c.req.query("limit") ?? 10);
	const offset = Number(c.req.query("offset") ?? 0);
	const rows = findMany.all([limit, offset]) as PostCells[];
	return c.json({ data: rows.map(toPost) });
});

app.post("/api/data/entity/posts", async (c) => {
	const post = await c.req.json<NewPost>();
	// `all` and not `get`: a write that is left at its first row keeps the WAL from ever being
	// checkpointed, and the file grows without end.
	const rows = insertOne.all([post.title, post.slug, post.body, post.author, post.views]);
	return c.json({ data: toPost(rows[0] as PostCells) }, 201);
});

serve({ fetch: app.fetch, ...settings });
