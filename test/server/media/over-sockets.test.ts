import { createConnection } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { mediaLibrary } from "../../../src/index.media.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { fs } from "../../../src/media/adapters/fs.ts";
import type { MediaOptions } from "../../../src/media/media-options.ts";
import type { StorageAdapter } from "../../../src/media/storage-adapter.ts";
import { serve } from "../../../src/runtime/node/serve.ts";
import * as schema from "../../support/files-schema.ts";
import { temporaryFile } from "../../support/temporary-file.ts";

const SIZE = 8 * 1024 * 1024;

/** A server with files in a folder, and a store that tells of the streams which it has opened. */
async function served(options: MediaOptions = {}) {
	const folder = fs(temporaryFile("files"));
	const streams: ("open" | "ended" | "cancelled")[] = [];
	const told = new EventTarget();
	const note = (index: number, state: "ended" | "cancelled"): void => {
		streams[index] = state;
		told.dispatchEvent(new Event(state));
	};
	const store: StorageAdapter = Object.assign(Object.create(folder) as StorageAdapter, {
		name: folder.name,
		put: folder.put.bind(folder),
		head: folder.head.bind(folder),
		delete: folder.delete.bind(folder),
		list: folder.list.bind(folder),
		async get(...asked: Parameters<StorageAdapter["get"]>) {
			const content = await folder.get(...asked);
			if (!content || content.body instanceof Uint8Array) return content;
			const index = streams.push("open") - 1;
			return { ...content, body: watched(content.body, (state) => note(index, state)) };
		},
	});
	const server = await serve(
		{
			connection: { url: ":memory:" },
			schema,
			media: mediaLibrary({ store, ...options }),
		},
		{ port: 0, signals: "ignore", logger: silentLogger },
	);
	onTestFinished(async () => {
		await server.close();
	});
	const happened = (state: "ended" | "cancelled") =>
		new Promise<void>((resolve) => {
			told.addEventListener(state, () => resolve(), { once: true });
		});
	const { app, url } = server;
	const rows = async () => (await app.em.repository(schema.media).count()).count;
	const objects = async () =>
		(await folder.list({ limit: 1000 })).objects.filter(({ key }) => !key.startsWith("library."));
	return { app, url: `${url}/api/media`, streams, happened, rows, objects };
}

/** The same bytes, and a word when they have ended or nobody wants them any more. */
function watched(
	stream: ReadableStream<Uint8Array<ArrayBuffer>>,
	tell: (state: "ended" | "cancelled") => void,
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const reader = stream.getReader();
	return new ReadableStream(
		{
			async pull(controller) {
				const { done, value } = await reader.read();
				if (!done) return controller.enqueue(value);
				tell("ended");
				controller.close();
			},
			async cancel(reason) {
				await reader.cancel(reason);
				tell("cancelled");
			},
		},
		{ highWaterMark: 0 },
	);
}

/** Sends raw bytes and answers with the raw head of what comes back; the socket ends with the test. */
function connected(url: string) {
	const { hostname, port } = new URL(url);
	const socket = createConnection(Number(port), hostname);
	onTestFinished(() => void socket.destroy());
	socket.on("error", () => {});
	const head = new Promise<string>((resolve) => {
		let text = "";
		socket.on("data", (data) => {
			text += data.toString("latin1");
			if (text.includes("\r\n\r\n")) resolve(text.slice(0, text.indexOf("\r\n\r\n")));
		});
	});
	return { socket, head };
}

describe("over a socket", () => {
	test("a file comes with its length, whole and in part", async () => {
		const { app, url, happened, streams } = await served();
		await app.media.upload("burr ".repeat(SIZE / 5), { name: "burr.txt" });
		const size = Math.floor(SIZE / 5) * 5;
		const ended = happened("ended");
		const whole = await fetch(`${url}/file/burr.txt`);
		expect(whole.headers.get("content-length")).toBe(String(size));
		expect(whole.headers.get("transfer-encoding")).toBeNull();
		expect((await whole.arrayBuffer()).byteLength).toBe(size);
		await ended;
		const range = `bytes=${size - 5_000_000}-`;
		const part = await fetch(`${url}/file/burr.txt`, { headers: { range } });
		expect([part.status, part.headers.get("content-length")]).toEqual([206, "5000000"]);
		expect((await part.arrayBuffer()).byteLength).toBe(5_000_000);
		const head = await fetch(`${url}/file/burr.txt`, { method: "HEAD" });
		expect([head.status, head.headers.get("content-length")]).toEqual([200, String(size)]);
		const known = { "if-none-match": String(head.headers.get("etag")) };
		const { status, headers } = await fetch(`${url}/file/burr.txt`, { headers: known });
		expect([status, headers.get("content-type")]).toEqual([304, null]);
		expect(streams).toEqual(["ended", "ended"]);
	});

	test("a client that leaves lets the store go", async () => {
		const { app, url, happened, streams } = await served();
		await app.media.upload("burr ".repeat(SIZE), { name: "burr.txt" });
		const cancelled = happened("cancelled");
		const { socket, head } = connected(url);
		socket.write("GET /api/media/file/burr.txt HTTP/1.1\r\nHost: localhost\r\n\r\n");
		expect(await head).toMatch(/^HTTP\/1\.1 200 /);
		socket.destroy();
		await cancelled;
		expect(streams).toEqual(["cancelled"]);
	});

	test("an upload that breaks off leaves nothing", async () => {
		const { app, url, rows, objects } = await served();
		const failed = new Promise<string>((resolve) => {
			app.emgr.on(
				"app-before-response",
				async ({ params }) => {
					const { code } = (await params.response.clone().json()) as { code: string };
					resolve(code);
				},
				"sync",
			);
		});
		const { socket } = connected(url);
		socket.write(
			"POST /api/media/upload/burr.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n\r\n",
		);
		socket.write("burr ".repeat(200_000), () => socket.destroy());
		expect(await failed).toBe("body_unreadable");
		expect([await rows(), await objects()]).toEqual([0, []]);
	});

	test("too much is refused while it comes, and leaves nothing", async () => {
		const { url, rows, objects } = await served({ maxSize: 1_000_000 });
		const { socket, head } = connected(url);
		socket.write(
			"POST /api/media/upload/burr.txt HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
		);
		const chunk = "burr ".repeat(20_000);
		const line = `${chunk.length.toString(16)}\r\n${chunk}\r\n`;
		const send = (): void => {
			if (!socket.destroyed && socket.write(line)) setImmediate(send);
			else socket.once("drain", send);
		};
		send();
		expect(await head).toMatch(/^HTTP\/1\.1 413 /);
		socket.destroy();
		expect([await rows(), await objects()]).toEqual([0, []]);
	});

	test("what is announced as too much is refused before it comes", async () => {
		const { url } = await served({ maxSize: 1_000_000 });
		const { socket, head } = connected(url);
		socket.write(
			"POST /api/media/upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000001\r\n\r\n",
		);
		expect(await head).toMatch(/^HTTP\/1\.1 413 /);
	});
});
