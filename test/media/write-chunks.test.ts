import { open, readFile, type FileHandle } from "node:fs/promises";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { writeChunks, type WritableFile } from "../../src/media/adapters/write-chunks.ts";
import { temporaryFile } from "../support/temporary-file.ts";

const chunks = fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 20 });

async function opened(): Promise<{ readonly path: string; readonly file: FileHandle }> {
	const path = temporaryFile("written");
	const file = await open(path, "w");
	onTestFinished(() => file.close());
	return { path, file };
}

async function* each(all: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* all;
}

/** A file from its beginning, on a system that takes no more than `most` bytes at once. */
function short(file: FileHandle, most: number): WritableFile {
	let position = 0;
	const write = async (bytes: Uint8Array) => {
		const { bytesWritten } = await file.write(bytes, { position });
		position += bytesWritten;
		return { bytesWritten };
	};
	return {
		writev: (all) => write(Buffer.concat(all).subarray(0, most)),
		writeFile: async (bytes) => void (await write(bytes)),
	};
}

test("chunks of any sizes come out in order", async () => {
	const { path, file } = await opened();
	const large = Array.from({ length: 1_500 }, (_, index) => new Uint8Array(index).fill(index));
	await writeChunks(file, each(large));
	expect((await readFile(path)).equals(Buffer.concat(large))).toBe(true);
});

test("what a system did not take at once is written, too", async () => {
	const { path, file } = await opened();
	await fc.assert(
		fc.asyncProperty(chunks, fc.nat(500), async (all, most) => {
			await file.truncate(0);
			await writeChunks(short(file, most), each(all));
			expect((await readFile(path)).equals(Buffer.concat(all))).toBe(true);
		}),
		{ numRuns: 100 },
	);
});
