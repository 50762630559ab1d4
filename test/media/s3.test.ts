import { once } from "node:events";
import { inspect } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { s3, type S3Options } from "../../src/media/adapters/s3.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";
import { HOSTILE_OBJECT_KEYS } from "../../src/testing/hostile-object-keys.ts";
import { storageConformance } from "../../src/testing/storage-conformance.ts";
import { S3Server, type S3Call } from "../support/s3-server.ts";

const MEBIBYTE = 1024 * 1024;
const KEY = "0f3a9c51d2e84b7f96a0c1e2d3b4a5f6";
const OTHER = "7b1de0c4a5f6428f8d9cbb3f5a6e7d80";

let server: S3Server;
beforeAll(async () => {
	server = await S3Server.start();
}, 60_000);
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(() => {
	server.answer = () => undefined;
	server.calls.length = 0;
});

function open(options: Partial<S3Options> = {}): StorageAdapter {
	const { endpoint } = server;
	const prefix = `${crypto.randomUUID()}/`;
	return s3({ client: server.client(), endpoint, bucket: "files", prefix, ...options });
}

/** Chunks that differ from each other, with what happens before one of them. */
async function* chunks(
	count: number,
	size: number,
	before?: { readonly at: number; readonly happens: () => void },
): AsyncGenerator<Uint8Array> {
	for (let at = 0; at < count; at++) {
		if (at === before?.at) before.happens();
		yield new Uint8Array(size).fill(at);
	}
}

async function bytesOf(store: StorageAdapter, key: string): Promise<Uint8Array | undefined> {
	const content = await store.get(key);
	return content && new Uint8Array(await new Response(content.body).arrayBuffer());
}

/** What the server was asked, without what differs each time. */
function asked({ method, url }: S3Call): string {
	const names = [...url.searchParams.keys()].filter((name) => !/^X-Amz-/i.test(name));
	return [method, ...names].join(" ");
}

const TEXT = { type: "text/plain" } as const;

describe("s3", () => {
	it.each(storageConformance(() => ({ store: open() })))("$name", ({ run }) => run(), 60_000);

	it("reads a body to its end though nobody keeps the answer", async () => {
		setFlagsFromString("--expose-gc");
		const collect = runInNewContext("gc") as () => void;
		const store = open();
		await store.put(KEY, chunks(1, MEBIBYTE), TEXT);
		const contents = await Promise.all(Array.from({ length: 10 }, () => store.get(KEY)));
		const collected = new AbortController();
		const registry = new FinalizationRegistry(() => collected.abort());
		registry.register({}, undefined);
		const end = once(collected.signal, "abort");
		collect();
		await end;
		for (const content of contents) {
			const bytes = await new Response(content?.body).arrayBuffer();
			expect(bytes.byteLength).toBe(MEBIBYTE);
		}
	});

	it("puts 20 MiB in parts of one size, and keeps the type", async () => {
		const store = open();
		await store.put(KEY, chunks(320, 65_536), { type: "video/mp4" });
		expect(server.calls.map(asked)).toEqual([
			"POST uploads",
			...Array.from({ length: 3 }, () => "PUT partNumber uploadId"),
			"POST uploadId",
		]);
		const bytes = (await bytesOf(store, KEY)) ?? new Uint8Array();
		expect(bytes.length).toBe(20 * MEBIBYTE);
		expect(bytes.findIndex((byte, at) => byte !== Math.floor(at / 65_536) % 256)).toBe(-1);
		const key = new URL(server.calls[0]?.url ?? "").pathname;
		const url = new URL(key, server.endpoint);
		const stored = await server.client().fetch(url, { method: "HEAD", aws: { service: "s3" } });
		expect(stored.headers.get("content-type")).toBe("video/mp4");
		// The ETag of a multipart upload ends with the number of its parts.
		expect(stored.headers.get("etag")).toMatch(/-3"$/);
		expect(server.uploads).toEqual([]);
	});

	it.each([
		[8 * MEBIBYTE, ["PUT"]],
		[
			8 * MEBIBYTE + 1,
			["POST uploads", "PUT partNumber uploadId", "PUT partNumber uploadId", "POST uploadId"],
		],
	])("puts %i bytes by %j", async (size, calls) => {
		await open().put(KEY, chunks(1, size), TEXT);
		expect(server.calls.map(asked)).toEqual(calls);
	});

	it("leaves no upload behind when the chunks fail midway", async () => {
		const store = open();
		const cause = new Error("The client is gone.");
		const fails = (): never => {
			throw cause;
		};
		const put = store.put(KEY, chunks(20, MEBIBYTE, { at: 18, happens: fails }), TEXT);
		await expect(put).rejects.toBe(cause);
		await expectNothing(store);
	});

	it("leaves no upload behind when the signal ends it while a part is on its way", async () => {
		const store = open();
		const [controller, cause] = [new AbortController(), new Error("Too late.")];
		server.answer = ({ url }) => {
			if (url.searchParams.get("partNumber") === "2") controller.abort(cause);
			return undefined;
		};
		const { signal } = controller;
		const put = store.put(KEY, chunks(20, MEBIBYTE), { ...TEXT, signal });
		await expect(put).rejects.toBe(cause);
		await expectNothing(store);
	});

	it.each([
		["a status", 500, "<Error><Code>InternalError</Code></Error>", "InternalError"],
		[
			"an error body in a 200",
			200,
			"\n\n<Error><Code>InternalError</Code></Error>",
			"InternalError",
		],
		["a body that is cut off", 200, "<CompleteMultipartUploadResult><Key>x", undefined],
		["no body", 200, "", undefined],
	])(
		"fails, and leaves no upload behind, when Complete answers with %s",
		async (_, status, body, code) => {
			const store = open();
			server.answer = ({ method, url }) =>
				method === "POST" && url.searchParams.has("uploadId") ? { status, body } : undefined;
			const put = store.put(KEY, chunks(9, MEBIBYTE), TEXT);
			await expect(put).rejects.toMatchObject({
				name: "S3Error",
				operation: "CompleteMultipartUpload",
				status,
				code,
			});
			await expectNothing(store);
		},
	);

	it("takes a Complete that begins with white space", async () => {
		const body = `<?xml version="1.0" encoding="UTF-8"?>\n  \n \n<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><ETag>&quot;1&quot;</ETag></CompleteMultipartUploadResult>`;
		server.answer = ({ method, url }) =>
			method === "POST" && url.searchParams.has("uploadId") ? { status: 200, body } : undefined;
		await open().put(KEY, chunks(9, MEBIBYTE), TEXT);
		expect(server.calls.map(asked).at(-1)).toBe("POST uploadId");
		server.uploads.length = 0;
	});

	it("says status and code of a wrong secret, and nothing of keys and signatures", async () => {
		const secretAccessKey = "another-secret-of-the-tests";
		const store = open({ client: server.client({ secretAccessKey }) });
		const wrong = { name: "S3Error", status: 403, code: "SignatureDoesNotMatch" };
		const calls: Readonly<Record<string, () => Promise<unknown> | undefined>> = {
			PutObject: () => store.put(KEY, chunks(1, 1), TEXT),
			CreateMultipartUpload: () => store.put(KEY, chunks(9, MEBIBYTE), TEXT),
			GetObject: () => store.get(KEY),
			DeleteObject: () => store.delete([KEY]),
			ListObjectsV2: () => store.list({ limit: 10 }),
		};
		for (const [operation, call] of Object.entries(calls)) {
			const error = await Promise.resolve(call()).catch((thrown: unknown) => thrown);
			expect(error).toMatchObject({ ...wrong, operation });
			expect(inspect(error, { depth: 9 })).not.toMatch(/an-access-key|another-secret|[0-9a-f]{40}/);
		}
		// The answer to a HEAD has no body that could say why.
		await expect(store.head(KEY)).rejects.toMatchObject({ status: 403, code: undefined });
		const url = (await store.sign?.(KEY, { expiresIn: 60, ...DOWNLOAD })) ?? "";
		expect((await fetch(url)).status).toBe(403);
	});

	it("tells a bucket that is not there from an object that is not", async () => {
		const store = open({ bucket: "nowhere" });
		await expect(store.get(KEY)).rejects.toMatchObject({ status: 404, code: "NoSuchBucket" });
		await expect(store.delete([KEY])).rejects.toMatchObject({ code: "NoSuchBucket" });
		await expect(store.list({ limit: 1 })).rejects.toMatchObject({ code: "NoSuchBucket" });
	});

	it("stops deleting when the server fails, and goes over what is gone", async () => {
		const store = open();
		const keys = Array.from({ length: 100 }, (_, n) => `many-${n}`);
		const slowDown = { status: 503, body: "<Error><Code>SlowDown</Code></Error>" };
		server.answer = () => (server.calls.length === 1 ? slowDown : undefined);
		await expect(store.delete(keys)).rejects.toMatchObject({ status: 503, code: "SlowDown" });
		expect(server.calls.length).toBeLessThan(20);
		server.calls.length = 0;
		server.answer = () => ({ status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" });
		await store.delete(keys);
		expect(server.calls).toHaveLength(100);
	});

	it("follows no redirect, and takes no whole object for a part", async () => {
		const store = open();
		await store.put(KEY, chunks(1, 100), TEXT);
		server.answer = () => ({ status: 307, headers: { location: server.endpoint }, body: "" });
		await expect(store.get(KEY)).rejects.toMatchObject({ status: 307 });
		const headers = { "content-length": "3", "last-modified": new Date().toUTCString() };
		server.answer = () => ({ status: 200, headers, body: "abc" });
		const part = store.get(KEY, { offset: 1, length: 1 });
		await expect(part).rejects.toMatchObject({ operation: "GetObject", status: 200 });
	});

	describe("signed URLs", () => {
		it("answer with the type and the disposition that were signed", async () => {
			const store = open();
			await store.put(KEY, chunks(1, 10), TEXT);
			const disposition = `attachment; filename="a b+c.txt"; filename*=UTF-8''%C3%A4%20(1)%27.txt`;
			const url = await store.sign?.(KEY, {
				expiresIn: 60.9,
				type: "text/csv; charset=utf-8",
				disposition,
			});
			expect(new URL(url ?? "").searchParams.get("X-Amz-Expires")).toBe("60");
			expect(url).not.toContain("+");
			const response = await fetch(url ?? "");
			expect(response.status).toBe(200);
			expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8");
			expect(response.headers.get("content-disposition")).toBe(disposition);
			expect((await response.arrayBuffer()).byteLength).toBe(10);
		});

		it("are good for nothing else", async () => {
			const store = open();
			await store.put(KEY, chunks(1, 10), TEXT);
			await store.put(OTHER, chunks(1, 10), TEXT);
			const url = (await store.sign?.(KEY, { expiresIn: 60, ...DOWNLOAD })) ?? "";
			for (const changed of [
				url.replace(KEY, OTHER),
				url.replace("X-Amz-Expires=60", "X-Amz-Expires=61"),
				url.replace("text%2Fcsv", "text%2Fhtml"),
				url.replace("attachment", "inline"),
			]) {
				expect(changed).not.toBe(url);
				expect((await fetch(changed)).status).toBe(403);
			}
			expect((await fetch(url, { method: "PUT", body: "x" })).status).toBe(403);
			expect((await fetch(url, { method: "DELETE" })).status).toBe(403);
			expect((await fetch(url)).status).toBe(200);
		});

		it("end after their time", async () => {
			const client = server.client();
			const earlier = (seconds: number): string =>
				new Date(Date.now() - seconds * 1000).toISOString().replace(/[:-]|\.\d{3}/g, "");
			const ended: S3Options["client"] = {
				fetch: (url, init) => client.fetch(url, init),
				sign: (url, init) =>
					client.sign(url, { ...init, aws: { ...init.aws, datetime: earlier(120) } }),
			};
			const store = open({ client: ended });
			await store.put(KEY, chunks(1, 10), TEXT);
			const sign = async (expiresIn: number): Promise<number> =>
				(await fetch((await store.sign?.(KEY, { expiresIn, ...DOWNLOAD })) ?? "")).status;
			expect(await sign(60)).toBe(403);
			expect(await sign(180)).toBe(200);
		});

		it("last a second at least and a week at most", async () => {
			const store = open();
			for (const [expiresIn, seconds] of [
				[0, "1"],
				[1e9, "604800"],
			] as const) {
				const url = (await store.sign?.(KEY, { expiresIn, ...DOWNLOAD })) ?? "";
				expect(new URL(url).searchParams.get("X-Amz-Expires")).toBe(seconds);
				expect((await fetch(url)).status).toBe(404);
			}
		});
	});

	describe("tidy", () => {
		/** Uploads that nobody ends, in the order of their keys. */
		async function abandon(...keys: readonly string[]): Promise<void> {
			for (const key of keys) {
				const url = `${server.endpoint}/files/${key}?uploads`;
				await server.client().fetch(url, { method: "POST", aws: { service: "s3" } });
			}
		}
		const left = (): readonly string[] => server.uploads.map(({ key }) => key).sort();

		it("aborts the store's uploads that are older, and no others", async () => {
			const others = ["tidy/not/the-stores", "tidied/abc", "abc", "tidy/Not-a-key"];
			await abandon("tidy/abc", "tidy/abd", `tidy/${KEY}.w320`, ...others);
			const store = open({ prefix: "tidy/" });
			const day = 24 * 60 * 60 * 1000;
			expect(await store.tidy?.(new Date(Date.now() - day))).toBe(0);
			for (const upload of server.uploads) upload.initiated = new Date(Date.now() - 2 * day);
			await abandon("tidy/abc");
			expect(await store.tidy?.(new Date(Date.now() - day))).toBe(3);
			expect(left()).toEqual(["tidy/abc", ...others].sort());
			expect(await store.tidy?.(new Date(Date.now() + day))).toBe(1);
			expect(await open({ prefix: "" }).tidy?.(new Date(Date.now() + day))).toBe(1);
			expect(left()).toEqual(["tidy/not/the-stores", "tidied/abc", "tidy/Not-a-key"].sort());
			server.uploads.length = 0;
		});

		it("goes on where a page ends, and over uploads that are gone", async () => {
			server.uploadsPerPage = 3;
			const keys = Array.from({ length: 7 }, (_, n) => `pages/abc${n % 4}`);
			await abandon(...keys);
			server.answer = ({ method, url }) =>
				method === "DELETE" && url.pathname.endsWith("abc3")
					? { status: 404, body: "<Error><Code>NoSuchUpload</Code></Error>" }
					: undefined;
			expect(await open({ prefix: "pages/" }).tidy?.(new Date(Date.now() + 1000))).toBe(6);
			expect(left()).toEqual(["pages/abc3"]);
			server.uploads.length = 0;
		});
	});

	it("shares a bucket with other stores, and with others' objects", async () => {
		const stores = ["", "a/", "a/b/", "a0/"].map((prefix) => open({ bucket: "others", prefix }));
		const client = server.client();
		for (const key of ["a/Not%20a%20key%3C%26%3E", "a/b", "a/%01%EF%BF%BD"]) {
			const url = `${server.endpoint}/others/${key}`;
			expect(
				(await client.fetch(url, { method: "PUT", body: "x", aws: { service: "s3" } })).ok,
			).toBe(true);
		}
		for (const [place, store] of stores.entries()) await store.put(KEY, chunks(1, place), TEXT);
		for (const [place, store] of stores.entries()) {
			expect(await store.list({ limit: 1000 })).toMatchObject({
				objects: [{ key: KEY, size: place }],
				more: false,
			});
			expect(await bytesOf(store, KEY)).toHaveLength(place);
		}
		await stores[1]?.delete([KEY]);
		expect(await Promise.all(stores.map(async (store) => (await store.head(KEY))?.size))).toEqual([
			0,
			undefined,
			2,
			3,
		]);
	});

	it("asks the server nothing for keys that are none", async () => {
		const store = open();
		for (const key of HOSTILE_OBJECT_KEYS) {
			const bad = { code: "bad_object_key" };
			await expect(store.delete([KEY, key])).rejects.toMatchObject(bad);
			await expect(store.head(key)).rejects.toMatchObject(bad);
		}
		expect(server.calls).toEqual([]);
	});

	it.each([
		["path", undefined, "https://s3.example/at/files/media/"],
		["host", "host", "https://files.s3.example/at/media/"],
	] as const)("names the bucket in the %s", async (_, addressing, url) => {
		const asked: string[] = [];
		const client: S3Options["client"] = {
			fetch: async (asking) => {
				asked.push(asking);
				return new Response(null, { status: 404 });
			},
			sign: async (asking) => ({ url: asking }),
		};
		const options = { client, endpoint: "https://s3.example/at/", prefix: "media/" };
		const store = open({ ...options, ...(addressing && { addressing }) });
		expect(await store.head(KEY)).toBeUndefined();
		expect(asked).toEqual([url + KEY]);
	});

	it.each([
		{ endpoint: "s3.example" },
		{ endpoint: "ftp://s3.example" },
		{ endpoint: "https://key:secret@s3.example" },
		{ endpoint: "https://s3.example/?a=b" },
		{ bucket: "" },
		{ bucket: ".." },
		{ bucket: "a/b" },
		{ prefix: "../" },
		{ prefix: "media" },
	])("takes no %o", (options) => {
		expect(() => open(options)).toThrow(TypeError);
	});
});

const DOWNLOAD = { type: "text/csv", disposition: "attachment" } as const;

async function expectNothing(store: StorageAdapter): Promise<void> {
	server.answer = () => undefined;
	expect(server.calls.map(asked)).toContain("POST uploads");
	expect(server.calls.map(asked).at(-1)).toBe("DELETE uploadId");
	expect(server.uploads).toEqual([]);
	expect(await store.list({ limit: 10 })).toEqual({ objects: [], more: false });
}
