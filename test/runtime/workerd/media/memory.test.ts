import { describe, it } from "vitest";
import { memory } from "../../../../src/media/adapters/memory.ts";
import { storageConformance } from "../../../../src/testing/storage-conformance.ts";

describe("a store in memory, in a Worker", () => {
	it.each(storageConformance(() => ({ store: memory() })))("$name", ({ run }) => run());
});
