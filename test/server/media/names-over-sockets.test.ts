import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { mediaLibrary } from "../../../src/index.media.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { serve } from "../../../src/runtime/node/serve.ts";
import { HOSTILE_OBJECT_KEYS } from "../../../src/testing/hostile-object-keys.ts";
import * as schema from "../../support/files-schema.ts";

const SECRET = "What no request may be answered with.";

/** A server whose files are in a folder, beside others that are none of its business. */
async function served() {
	const root = mkdtempSync(join(tmpdir(), "burdock-names-"));
	onTestFinished(() => rmSync(root, { recursive: true, force: true }));
	for (const name of ["object", "passwd", "secret.txt"]) writeFileSync(join(root, name), SECRET);
	const server = await serve(
		{
			connection: { url: ":memory:" },
			schema,
			media: mediaLibrary({ dir: join(root, "files") }),
		},
		{ port: 0, signals: "ignore", logger: silentLogger },
	);
	onTestFinished(async () => {
		await server.close();
	});
	await server.app.media.upload(SECRET, { name: "sentinel.txt" });
	return { root, url: new URL(server.url), app: server.app };
}

/** Everything below a folder, by path. */
function tree(folder: string): readonly string[] {
	return readdirSync(folder, { recursive: true }).map(String).sort();
}

/** What a server says to these very bytes, until it closes the connection. */
function said({ hostname, port }: URL, request: string | Buffer): Promise<string> {
	return new Promise((resolve, reject) => {
		const socket = createConnection(Number(port), hostname);
		const chunks: Buffer[] = [];
		socket.on("data", (chunk: Buffer) => chunks.push(chunk));
		socket.on("close", () => resolve(Buffer.concat(chunks).toString("latin1")));
		socket.on("error", (error: NodeJS.ErrnoException) => {
			// The server may hang up on what is no HTTP before all of it is written.
			if (error.code !== "ECONNRESET" && error.code !== "EPIPE") reject(error);
		});
		socket.end(request);
	});
}

const METHODS = ["GET", "HEAD", "DELETE", "POST"] as const;

test(
	"names in the very bytes of a request reach nothing beside the store",
	{ timeout: 120_000 },
	async () => {
		const { root, url, app } = await served();
		const before = tree(root);
		for (const name of HOSTILE_OBJECT_KEYS) {
			for (const method of METHODS) {
				const path = `/api/media/${method === "POST" ? "upload" : "file"}/${name.slice(0, 5000)}`;
				const length = method === "POST" ? "content-length: 0\r\n" : "";
				const request = `${method} ${path} HTTP/1.1\r\nhost: ${url.host}\r\n${length}connection: close\r\n\r\n`;
				const answer = await said(url, Buffer.from(request.toWellFormed()));
				const shown = `${method} ${JSON.stringify(name.slice(0, 80))}: ${answer}`;
				expect(answer, shown).not.toContain(SECRET);
				expect(answer, shown).not.toMatch(/^HTTP\/1\.1 5/);
			}
		}
		expect(tree(root)).toEqual(before);
		expect((await app.em.repository(schema.media).count()).count).toBe(1);
	},
);
