// What a careful developer writes by hand for files on Workers: Hono, Drizzle on D1, and R2, which takes
// a body of known length as a stream.

import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/d1";
import type { AnyD1Database } from "drizzle-orm/d1";
import { Hono } from "hono";

import { files } from "../servers/schema.ts";

/** What of R2 is used. */
interface Bucket {
	put(key: string, body: ReadableStream, options: object): Promise<{ readonly httpEtag: string }>;
	get(
		key: string,
		options: { readonly range?: { readonly offset: number; readonly length: number } },
	): Promise<{ readonly body: ReadableStream } | null>;
	delete(key: string): Promise<void>;
}

interface Env {
	readonly DB: AnyD1Database;
	readonly BUCKET: Bucket;
}

const MAX_SIZE = 95_000_000;
const TYPES: ReadonlySet<string | undefined> = new Set(["text/plain", "image/png", "image/jpeg"]);

const app = new Hono<{ Bindings: Env }>();

app.get("/api/media/files", async (c) => {
	return c.json({ data: await drizzle(c.env.DB).select().from(files).limit(10) });
});

app.post("/api/media/upload/:name?", async (c) => {
	const type = c.req.header("content-type");
	if (type === undefined || !TYPES.has(type)) return c.json({ error: "Not this type" }, 415);
	const size = Number(c.req.header("content-length") ?? Number.NaN);
	if (!(size <= MAX_SIZE)) return c.json({ error: "Too large, or of no known length" }, 413);
	if (!c.req.raw.body) return c.json({ error: "No file" }, 400);
	const object = crypto.randomUUID();
	const { httpEtag: etag } = await c.env.BUCKET.put(object, c.req.raw.body, {
		httpMetadata: { contentType: type },
	});
	try {
		const key = c.req.param("name") ?? object;
		const [file] = await drizzle(c.env.DB)
			.insert(files)
			.values({ key, type, size, etag, object, createdAt: new Date() })
			.returning();
		return c.json({ data: file }, 201);
	} catch (error) {
		await c.env.BUCKET.delete(object);
		throw error;
	}
});

app.get("/api/media/file/:name", async (c) => {
	const [file] = await drizzle(c.env.DB)
		.select()
		.from(files)
		.where(eq(files.key, c.req.param("name")))
		.limit(1);
	if (file === undefined) return c.json({ error: "Not found" }, 404);
	const { etag, object, type, size, createdAt } = file;
	const known = {
		etag,
		"last-modified": createdAt.toUTCString(),
		"cache-control": "public, no-cache",
	};
	if (c.req.header("if-none-match") === etag) return c.body(null, 304, known);
	const asked = /^bytes=(\d+)-(\d*)$/.exec(c.req.header("range") ?? "");
	const start = asked ? Number(asked[1]) : 0;
	const end = asked?.[2] ? Math.min(Number(asked[2]), size - 1) : size - 1;
	if (asked && start > end) return c.body(null, 416, { "content-range": `bytes */${size}` });
	const length = end - start + 1;
	const found = await c.env.BUCKET.get(object, asked ? { range: { offset: start, length } } : {});
	if (found === null) return c.json({ error: "Not found" }, 404);
	const headers = {
		...known,
		"content-type": type,
		"accept-ranges": "bytes",
		"content-length": String(length),
	};
	if (!asked) return c.body(found.body, 200, headers);
	return c.body(found.body, 206, { ...headers, "content-range": `bytes ${start}-${end}/${size}` });
});

export default app;
