import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inParts } from "../../src/media/in-parts.ts";

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	for (const chunk of chunks) {
		yield chunk;
		// Whoever reads from a file or a socket uses its buffer again.
		chunk.fill(0xff);
	}
}

/** Copies of the parts, and whether each was the last. */
async function partsOf(
	chunks: readonly Uint8Array[],
	size: number,
): Promise<readonly { readonly bytes: number[]; readonly last: boolean }[]> {
	const parts = [];
	for await (const { bytes, last } of inParts(chunksOf(chunks), size)) {
		parts.push({ bytes: Array.from(bytes), last });
	}
	return parts;
}

describe("inParts", () => {
	it("makes parts of one size and a last one, whatever the chunks are", async () => {
		const chunks = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 });
		await fc.assert(
			fc.asyncProperty(chunks, fc.integer({ min: 1, max: 30 }), async (given, size) => {
				const all = given.flatMap((chunk) => Array.from(chunk));
				const parts = await partsOf(given, size);
				expect(parts.flatMap(({ bytes }) => bytes)).toEqual(all);
				expect(parts.map(({ last }) => last)).toEqual(parts.map((_, i) => i === parts.length - 1));
				for (const { bytes } of parts.slice(0, -1)) expect(bytes).toHaveLength(size);
				expect(parts).toHaveLength(Math.max(1, Math.ceil(all.length / size)));
			}),
		);
	});

	it("keeps one buffer, as large as is needed and no larger than a part", async () => {
		const size = 1024 * 1024;
		const buffers = new Set<ArrayBuffer>();
		const chunks = Array.from({ length: 50 }, () => new Uint8Array(100_000));
		for await (const { bytes } of inParts(chunksOf(chunks), size)) buffers.add(bytes.buffer);
		expect(Array.from(buffers, ({ byteLength }) => byteLength)).toEqual([size]);
		for await (const { bytes } of inParts(chunksOf([new Uint8Array(10)]), size)) {
			expect(bytes.buffer.byteLength).toBe(64 * 1024);
		}
	});

	it("throws what the chunks throw, and ends them when nobody wants more", async () => {
		let ended = 0;
		async function* failing(): AsyncGenerator<Uint8Array> {
			try {
				yield new Uint8Array(3);
				yield new Uint8Array(3);
				throw new Error("the line broke");
			} finally {
				ended++;
			}
		}
		const parts = inParts(failing(), 2);
		expect((await parts.next()).value).toMatchObject({ last: false });
		await parts.return();
		expect(ended).toBe(1);
		await expect(inParts(failing(), 8).next()).rejects.toThrow("the line broke");
		expect(ended).toBe(2);
	});
});
