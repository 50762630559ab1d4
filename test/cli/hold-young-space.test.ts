import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const MODULE = new URL("../../src/cli/hold-young-space.ts", import.meta.url).href;

/**
 * A program that keeps the last of its objects until their space has 16 MiB, holds it, and goes on;
 * prints how many it has then.
 */
const PROGRAM = `
	import { getHeapSpaceStatistics } from "node:v8";
	import { holdYoungSpace } from ${JSON.stringify(MODULE)};
	const MIB = 2 ** 20;
	const size = () => getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size;
	const kept = Array.from({ length: 50_000 });
	const work = (turns) => {
		for (let turn = 0; turn < turns; turn++) kept[turn % kept.length] = { turn, text: [turn] };
	};
	while (size() < 16 * MIB) work(10_000);
	holdYoungSpace();
	work(5_000_000);
	console.log(size() / MIB);
`;

function youngMebibytes(flags: readonly string[]): number {
	const args = [...flags, "--no-warnings", "--input-type=module", "--eval", PROGRAM];
	const { NODE_OPTIONS: _, ...env } = process.env;
	return Number(execFileSync(process.execPath, args, { encoding: "utf8", env }));
}

describe("the space for young objects", () => {
	it("grows no more once it is large enough", () => {
		expect(youngMebibytes([])).toBe(16);
	});

	it("is left to the flags that Node was given", () => {
		expect(youngMebibytes(["--max-semi-space-size=16"])).toBe(32);
	});
});
