import { describe, it } from "vitest";
import { fs } from "../../src/media/adapters/fs.ts";
import { memory } from "../../src/media/adapters/memory.ts";
import { storageConformance } from "../../src/testing/index.ts";
import { STORAGE_WRITES } from "../../src/testing/storage-writes.ts";
import { temporaryFile } from "../support/temporary-file.ts";

describe("a store in memory", () => {
	it.each(storageConformance(() => ({ store: memory() })))("$name", ({ run }) => run());
});

describe("a store in a folder", () => {
	const open = () => ({ store: fs(temporaryFile("files")) });
	it.each(storageConformance(open))("$name", ({ run }) => run());
});

describe("a store in a folder that leaves it to the disk when to write", () => {
	const open = () => ({ store: fs(temporaryFile("files"), { durable: false }) });
	const writes = new Set(STORAGE_WRITES.map(([name]) => name));
	it.each(storageConformance(open).filter(({ name }) => writes.has(name)))("$name", ({ run }) =>
		run(),
	);
});
