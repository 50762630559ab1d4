import { describe, expect, onTestFinished, test } from "vitest";
import { mediaLibrary } from "../src/index.media.ts";
import { silentLogger } from "../src/kernel/logger.ts";
import { memory } from "../src/media/adapters/memory.ts";
import { serve } from "../src/runtime/node/serve.ts";
import { loadBkndApi, type BkndApi } from "./support/bknd-client.ts";
import * as schema from "./support/files-schema.ts";

const bknd = await loadBkndApi();
if (!bknd) console.warn("Skipped: the registry cannot be reached, so bknd's client is not there.");

const TEXT = "Burrs hook on to whoever comes by.";
const file = (name: string, content = TEXT) => new File([content], name, { type: "text/plain" });

/** bknd's client for the files of a server of ours, and the requests that it has sent. */
async function client() {
	const server = await serve(
		{
			connection: { url: ":memory:" },
			schema,
			media: mediaLibrary({ store: memory() }),
			seed: async ({ em }) => void (await em.mutator(schema.posts).insertOne({ title: "One" })),
		},
		{ port: 0, signals: "ignore", logger: silentLogger },
	);
	onTestFinished(async () => {
		await server.close();
	});
	const sent: string[] = [];
	const fetcher: typeof fetch = (input, init) => {
		const request = new Request(input, init);
		sent.push(`${request.method} ${new URL(request.url).pathname}`);
		return fetch(request);
	};
	const { media } = new (bknd as BkndApi)({ host: server.url, fetcher });
	return { media, sent };
}

describe.skipIf(!bknd)("bknd's published client for files", () => {
	test("uploads, lists, reads and deletes", async () => {
		const { media, sent } = await client();
		const stored = await media.upload(file("burr.txt"));
		expect([stored.ok, stored.status, stored.body]).toMatchObject([
			true,
			201,
			{ data: { key: "burr.txt" }, name: "burr.txt", meta: { size: TEXT.length }, state: {} },
		]);
		expect(stored.data).toMatchObject({ key: "burr.txt", type: "text/plain" });
		const named = await media.upload(file("x.txt"), { filename: "other.txt" });
		expect(named.data).toMatchObject({ key: "other.txt" });

		const listed = await media.listFiles();
		expect(listed.data).toMatchObject([
			{ key: "burr.txt", size: TEXT.length, last_modified: expect.any(String) as unknown },
			{ key: "other.txt" },
		]);
		expect([...(listed as unknown as Iterable<unknown>)]).toHaveLength(2);

		// Text it reads itself, so that there is no stream of it.
		const bytes = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0x10, 0x4a, 0x46, 0x49, 0x46]);
		await media.upload(new File([bytes], "burr.jpg", { type: "image/jpeg" }));
		const stream = await media.getFileStream("burr.jpg");
		expect(new Uint8Array(await new Response(stream).arrayBuffer())).toEqual(bytes);
		const got = await media.download("burr.jpg");
		expect([got.type, got.size]).toEqual(["image/jpeg", bytes.length]);
		expect((await media.getFile("burr.txt")).body).toBe(TEXT);
		expect((await media.getFile("nothing.txt")).status).toBe(404);

		const deleted = await media.deleteFile("burr.txt");
		expect([deleted.ok, deleted.body]).toMatchObject([true, { message: "File deleted" }]);
		expect(((await media.listFiles()).data as unknown[]).length).toBe(2);
		expect(sent).toContain("POST /api/media/upload/other.txt");
	});

	test("uploads to a row, and replaces what is there", async () => {
		const { media } = await client();
		const first = await media.uploadToEntity("posts", 1, "cover", file("a.txt"));
		expect([first.status, first.body]).toMatchObject([
			201,
			{ ok: true, result: { id: 1, type: "text/plain" }, meta: { size: TEXT.length } },
		]);
		expect((first as unknown as { result: unknown }).result).toMatchObject({ id: 1 });
		expect((await media.uploadToEntity("posts", 1, "cover", file("a.txt"))).status).toBe(409);
		const options = { overwrite: true };
		const again = await media.uploadToEntity("posts", 1, "cover", file("b.txt"), options);
		expect([again.status, again.body]).toMatchObject([201, { ok: true }]);
		expect(((await media.listFiles()).data as unknown[]).length).toBe(1);
	});

	test("uploads to the address that it tells", async () => {
		const { media } = await client();
		for (const place of [undefined, { path: "burr.txt" }]) {
			const url = media.getFileUploadUrl(place);
			const response = await fetch(url, { method: "POST", body: TEXT });
			expect(response.status, url).toBe(201);
		}
	});
});
