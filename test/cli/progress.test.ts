import { describe, expect, it } from "vitest";
import { Progress } from "../../src/cli/progress.ts";
import { Paint } from "../../src/runtime/node/paint.ts";

const plain = new Paint({ colours: false });

function drawn(isTTY: boolean): {
	readonly lines: string[];
	readonly progress: Progress;
	at(ms: number): void;
} {
	const lines: string[] = [];
	let now = 0;
	const output = { isTTY, write: (text: string) => lines.push(text) };
	const progress = new Progress(output, plain, () => now);
	return { lines, progress, at: (ms) => void (now = ms) };
}

describe("progress", () => {
	it("shows on a terminal how far it is, and how fast", () => {
		const { lines, progress, at } = drawn(true);
		at(500);
		progress.show({ label: "posts", rows: 12_300, part: 0.429 });
		at(510);
		progress.show({ label: "posts", rows: 12_400, part: 0.43 });
		at(2000);
		progress.show({ label: "tags", rows: 20_000 });
		progress.clear();
		progress.clear();
		expect(lines).toEqual([
			"\r\u001b[2Kposts   42 %  12,300 rows  24,600 rows/s",
			"\r\u001b[2Ktags  20,000 rows  10,000 rows/s",
			"\r\u001b[2K",
		]);
	});

	it("shows nothing where no person looks", () => {
		const { lines, progress, at } = drawn(false);
		at(500);
		progress.show({ label: "posts", rows: 1, part: 1 });
		progress.clear();
		expect(lines).toEqual([]);
	});
});
