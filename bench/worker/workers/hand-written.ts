// What a good developer writes by hand for one table: Hono, Drizzle and D1, the input checked,
// nothing else. The app is made once; the database client, which holds nothing, for each request.

import { asc, eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AnyD1Database } from "drizzle-orm/d1";
import { Hono } from "hono";

import type { NewPost } from "../../http/posts.ts";
import { posts } from "../../http/servers/schema.ts";

interface Env {
	readonly DB: AnyD1Database;
}

function wholeNumber(text: string | undefined, fallback: number): number | undefined {
	const value = text === undefined ? fallback : Number(text);
	return Number.isInteger(value) && value >= 0 ? value : undefined;
}

function isNewPost(input: unknown): input is NewPost {
	if (typeof input !== "object" || input === null) return false;
	const { title, slug, body, author, views } = input as Record<string, unknown>;
	const texts = [title, slug, body, author];
	return texts.every((text) => typeof text === "string") && Number.isInteger(views);
}

const app = new Hono<{ Bindings: Env }>();

app.get("/api/data/entity/posts/:id", async (c) => {
	const id = wholeNumber(c.req.param("id"), 0);
	if (id === undefined) return c.json({ error: "Not an id" }, 400);
	const database = drizzle(c.env.DB);
	const [post] = await database.select().from(posts).where(eq(posts.id, id)).limit(1);
	return post === undefined ? c.json({ error: "Not found" }, 404) : c.json({ data: post });
});

app.get("/api/data/entity/posts", async (c) => {
	const limit = wholeNumber(c.req.query("limit"), 10);
	const offset = wholeNumber(c.req.query("offset"), 0);
	if (limit === undefined || limit > 100 || offset === undefined) {
		return c.json({ error: "Bad limit or offset" }, 400);
	}
	const database = drizzle(c.env.DB);
	const rows = await database
		.select()
		.from(posts)
		.orderBy(asc(posts.id))
		.limit(limit)
		.offset(offset);
	return c.json({ data: rows });
});

app.post("/api/data/entity/posts", async (c) => {
	const input: unknown = await c.req.json();
	if (!isNewPost(input)) return c.json({ error: "Not a post" }, 422);
	const { title, slug, body, author, views } = input;
	const database = drizzle(c.env.DB);
	const [post] = await database
		.insert(posts)
		.values({ title, slug, body, author, views })
		.returning();
	return c.json({ data: post }, 201);
});

export default app;
