import { describe, it } from "vitest";
import { memory } from "../../src/media/adapters/memory.ts";
import { storageConformance } from "../../src/testing/index.ts";

describe("a store in memory", () => {
	it.each(storageConformance(() => ({ store: memory() })))("$name", ({ run }) => run());
});
