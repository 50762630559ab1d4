// What a careful developer writes by hand for files: Hono, Drizzle and @libsql/client. The body is
// streamed to a temporary file with a limit on its size, summed up, written to disk, renamed, and gets
// a row. `--quick`: the disk is not waited for. `--no-checksum`: an ETag of chance.

import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";

import { serve } from "@hono/node-server";
import { createClient } from "@libsql/client";
import { eq } from "drizzle-orm";
import { drizzle } from "drizzle-orm/libsql";
import { Hono } from "hono";

import { PRAGMAS } from "../../http/posts.ts";
import { answerUsage, serverSettings } from "../../http/servers/process-side.ts";
import { CREATE_FILES, files } from "./schema.ts";

const MAX_SIZE = 200_000_000;
const TYPES: ReadonlySet<string | undefined> = new Set(["text/plain", "image/png", "image/jpeg"]);

answerUsage();
const durable = !process.argv.includes("--quick");
const summed = !process.argv.includes("--no-checksum");
const settings = serverSettings();
const folder = join(dirname(settings.file), "files");
mkdirSync(folder, { recursive: true });
const client = createClient({ url: `file:${settings.file}`, concurrency: 1 });
for (const pragma of PRAGMAS) await client.execute(pragma);
await client.execute(CREATE_FILES);
const database = drizzle(client, { schema: { files } });

class TooLarge extends Error {}

/** Writes a body to a file, and answers how large it is, and what its bytes sum up to. */
async function store(body: ReadableStream<Uint8Array>, file: string) {
	const hash = createHash("sha256");
	let size = 0;
	const measured = async function* (chunks: AsyncIterable<Uint8Array>) {
		for await (const chunk of chunks) {
			size += chunk.byteLength;
			if (size > MAX_SIZE) throw new TooLarge();
			if (summed) hash.update(chunk);
			yield chunk;
		}
	};
	const source = Readable.fromWeb(body as NodeStream<Uint8Array>);
	await pipeline(source, measured, createWriteStream(file, { flags: "wx", flush: durable }));
	return { size, etag: summed ? hash.digest("hex") : randomUUID() };
}

async function syncFolder(): Promise<void> {
	const handle = await open(folder, "r");
	await handle.sync().finally(() => handle.close());
}

const app = new Hono();

app.get("/health", (c) => c.text("ok"));

app.post("/api/media/upload/:name?", async (c) => {
	const type = c.req.header("content-type");
	if (type === undefined || !TYPES.has(type)) return c.json({ error: "Not this type" }, 415);
	if (Number(c.req.header("content-length") ?? 0) > MAX_SIZE) {
		return c.json({ error: "Too large" }, 413);
	}
	if (!c.req.raw.body) return c.json({ error: "No file" }, 400);
	const object = randomUUID();
	const unfinished = join(folder, `${object}.unfinished`);
	try {
		const { size, etag } = await store(c.req.raw.body, unfinished);
		await rename(unfinished, join(folder, object));
		if (durable) await syncFolder();
		const key = c.req.param("name") ?? object;
		const createdAt = new Date();
		const [file] = await database
			.insert(files)
			.values({ key, type, size, etag, object, createdAt })
			.returning();
		return c.json({ data: file }, 201);
	} catch (error) {
		await rm(unfinished, { force: true });
		await rm(join(folder, object), { force: true });
		if (error instanceof TooLarge) return c.json({ error: "Too large" }, 413);
		throw error;
	}
});

app.get("/api/media/file/:name", async (c) => {
	const [file] = await database
		.select()
		.from(files)
		.where(eq(files.key, c.req.param("name")))
		.limit(1);
	if (file === undefined) return c.json({ error: "Not found" }, 404);
	const { object, type, size, createdAt } = file;
	const etag = `"${file.etag}"`;
	const known = {
		etag,
		"last-modified": createdAt.toUTCString(),
		"cache-control": "public, no-cache",
	};
	if (c.req.header("if-none-match") === etag) return c.body(null, 304, known);
	const headers = { ...known, "content-type": type, "accept-ranges": "bytes" };
	const asked = /^bytes=(\d+)-(\d*)$/.exec(c.req.header("range") ?? "");
	const start = asked ? Number(asked[1]) : 0;
	const end = asked?.[2] ? Math.min(Number(asked[2]), size - 1) : size - 1;
	if (asked && start > end) return c.body(null, 416, { "content-range": `bytes */${size}` });
	const stream = Readable.toWeb(createReadStream(join(folder, object), { start, end }));
	const length = { "content-length": String(end - start + 1) };
	const body = stream as ReadableStream<Uint8Array>;
	if (!asked) return c.body(body, 200, { ...headers, ...length });
	const range = { "content-range": `bytes ${start}-${end}/${size}` };
	return c.body(body, 206, { ...headers, ...length, ...range });
});

serve({ fetch: app.fetch, ...settings });
