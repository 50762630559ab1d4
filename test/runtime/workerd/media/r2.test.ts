import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { r2 } from "../../../../src/media/adapters/r2.ts";
import type { StorageAdapter } from "../../../../src/media/storage-adapter.ts";
import { HOSTILE_OBJECT_KEYS } from "../../../../src/testing/hostile-object-keys.ts";
import { storageConformance } from "../../../../src/testing/storage-conformance.ts";

const MEBIBYTE = 1024 * 1024;
const KEY = "0f3a9c51d2e84b7f96a0c1e2d3b4a5f6";

async function emptyBucket(): Promise<void> {
	for (const { key } of await allObjects()) await env.BUCKET.delete(key);
}

async function allObjects(): Promise<readonly R2Object[]> {
	const objects: R2Object[] = [];
	let cursor: string | undefined;
	do {
		const page = await env.BUCKET.list(cursor === undefined ? {} : { cursor });
		objects.push(...page.objects);
		cursor = page.truncated ? page.cursor : undefined;
	} while (cursor !== undefined);
	return objects;
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

/** A binding that tells of the multipart uploads that were begun, and how many keys were deleted. */
function watched(): {
	readonly bucket: () => R2Bucket;
	readonly uploads: R2MultipartUpload[];
	readonly deleted: number[];
} {
	const uploads: R2MultipartUpload[] = [];
	const deleted: number[] = [];
	const bucket = new Proxy(env.BUCKET, {
		get(target, name) {
			if (name === "delete") {
				return (keys: string[]) => {
					deleted.push(keys.length);
					return target.delete(keys);
				};
			}
			if (name === "createMultipartUpload") {
				return async (...args: Parameters<R2Bucket["createMultipartUpload"]>) => {
					const upload = await target.createMultipartUpload(...args);
					uploads.push(upload);
					return upload;
				};
			}
			const value: unknown = Reflect.get(target, name);
			return typeof value === "function" ? value.bind(target) : value;
		},
	});
	return { bucket: () => bucket, uploads, deleted };
}

beforeEach(emptyBucket);

describe("r2", () => {
	it.each(
		storageConformance(() => ({
			store: r2(() => env.BUCKET, { prefix: `${crypto.randomUUID()}/` }),
		})),
	)("$name", ({ run }) => run(), 60_000);

	it.each(
		storageConformance(() => ({ store: r2(() => env.BUCKET) })).filter(({ name }) =>
			name.startsWith("lists"),
		),
	)("$name, without a prefix", ({ run }) => run(), 60_000);

	it("puts 20 MiB in parts of one size, and keeps the type", async () => {
		const { bucket, uploads } = watched();
		const store = r2(bucket, { prefix: "media/" });
		await store.put(KEY, chunks(320, 65_536), { type: "video/mp4" });
		expect(uploads).toHaveLength(1);
		const stored = await env.BUCKET.get(`media/${KEY}`);
		expect(stored?.httpMetadata).toEqual({ contentType: "video/mp4" });
		// The ETag of a multipart upload ends with the number of its parts.
		expect(stored?.etag).toMatch(/-3$/);
		const bytes = new Uint8Array((await stored?.arrayBuffer()) ?? new ArrayBuffer());
		expect(bytes.length).toBe(20 * MEBIBYTE);
		const wrong = bytes.findIndex((byte, place) => byte !== Math.floor(place / 65_536) % 256);
		expect(wrong).toBe(-1);
	});

	it.each([
		[8 * MEBIBYTE, 0],
		[8 * MEBIBYTE + 1, 1],
	])("puts %i bytes in %i multipart uploads", async (size, count) => {
		const { bucket, uploads } = watched();
		await r2(bucket).put(KEY, chunks(1, size), { type: "text/plain" });
		expect(uploads).toHaveLength(count);
		expect((await env.BUCKET.head(KEY))?.size).toBe(size);
	});

	it("asks R2 for no more than 1 000 objects at once", async () => {
		const { bucket, deleted } = watched();
		const store = r2(bucket, { prefix: "media/" });
		await store.delete(Array.from({ length: 2_001 }, (_, n) => `many-${n}`));
		expect(deleted).toEqual([1_000, 1_000, 1]);
		await store.delete([]);
		expect(deleted).toHaveLength(3);
	});

	it("leaves neither an object nor an upload when it fails midway", async () => {
		const { bucket, uploads } = watched();
		const cause = new Error("The client is gone.");
		const fails = (): never => {
			throw cause;
		};
		const put = r2(bucket).put(KEY, chunks(20, MEBIBYTE, { at: 18, happens: fails }), {
			type: "text/plain",
		});
		await expect(put).rejects.toBe(cause);
		await expectNothing(uploads);
	});

	it("leaves neither an object nor an upload when the signal ends it midway", async () => {
		const { bucket, uploads } = watched();
		const [controller, cause] = [new AbortController(), new Error("Too late.")];
		const put = r2(bucket).put(
			KEY,
			chunks(20, MEBIBYTE, { at: 18, happens: () => controller.abort(cause) }),
			{ type: "text/plain", signal: controller.signal },
		);
		await expect(put).rejects.toBe(cause);
		await expectNothing(uploads);
	});

	it("changes no other object for a key that is none", async () => {
		const store = r2(() => env.BUCKET, { prefix: "media/" });
		const names = ["object", "media/object", "media", "etc/passwd", "media/folder/object"];
		for (const name of names) await env.BUCKET.put(name, name);
		const before = await allObjects();
		for (const key of HOSTILE_OBJECT_KEYS) {
			const put = store.put(key, chunks(1, 1), { type: "text/plain" });
			await expect(put).rejects.toMatchObject({ code: "bad_object_key" });
			const deleted = store.delete(["object", key]);
			await expect(deleted).rejects.toMatchObject({ code: "bad_object_key" });
		}
		const versions = (objects: readonly R2Object[]): readonly string[] =>
			objects.map(({ key, version }) => `${key} ${version}`);
		expect(versions(await allObjects())).toEqual(versions(before));
	});

	it("shares a bucket with other stores, and with others' objects", async () => {
		const stores: Readonly<Record<string, StorageAdapter>> = {
			"": r2(() => env.BUCKET),
			"a/": r2(() => env.BUCKET, { prefix: "a/" }),
			"a/b/": r2(() => env.BUCKET, { prefix: "a/b/" }),
			"a0/": r2(() => env.BUCKET, { prefix: "a0/" }),
		};
		await env.BUCKET.put("a/Not a key", "");
		await env.BUCKET.put("a/b", "");
		for (const [prefix, store] of Object.entries(stores)) {
			await store.put(KEY, chunks(1, prefix.length), { type: "text/plain" });
		}
		for (const [prefix, store] of Object.entries(stores)) {
			const { objects, more } = await store.list({ limit: 1 });
			expect(objects).toMatchObject([{ key: KEY, size: prefix.length }]);
			// Keys of others may come after it; then the next page is empty.
			if (more) {
				expect(await store.list({ after: KEY, limit: 1 })).toEqual({ objects: [], more: false });
			}
		}
		await stores["a/"]?.delete([KEY]);
		expect((await allObjects()).map(({ key }) => key)).toEqual(
			[KEY, "a/Not a key", `a/b/${KEY}`, "a/b", `a0/${KEY}`].sort(),
		);
	});

	it.each(["a", "/", "/a/", "a//", "../", "./", "a/../", ".a/", "a b/", "a?/", "ä/"])(
		"takes %j for no prefix",
		(prefix) => {
			expect(() => r2(() => env.BUCKET, { prefix })).toThrow(TypeError);
		},
	);
});

/** R2 lists no uploads, but refuses parts of one that is gone. */
async function expectNothing(uploads: readonly R2MultipartUpload[]): Promise<void> {
	expect(await allObjects()).toEqual([]);
	expect(uploads).toHaveLength(1);
	for (const { key, uploadId } of uploads) {
		const again = env.BUCKET.resumeMultipartUpload(key, uploadId);
		await expect(again.uploadPart(9, "x")).rejects.toThrow("does not exist");
	}
}
