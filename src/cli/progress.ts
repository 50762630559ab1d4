import type { Paint } from "../runtime/node/paint.ts";

/** Milliseconds between two drawings: more often than that nobody reads. */
const INTERVAL = 100;

/** Where progress is drawn. */
export interface ProgressOutput {
	readonly isTTY?: boolean;
	write(text: string): unknown;
}

/** How far something is. */
export interface ProgressState {
	/** What is being done now: the entity's name. */
	readonly label: string;
	/** Rows so far. */
	readonly rows: number;
	/** From 0 to 1, where it is known. */
	readonly part?: number | undefined;
}

/**
 * One line on a terminal that shows how far something is: `posts  42 %  12,300 rows  31,000 rows/s`.
 * Where no person looks, nothing is written.
 */
export class Progress {
	readonly #output: ProgressOutput;
	readonly #paint: Paint;
	readonly #now: () => number;
	readonly #started: number;
	#drawn = -Infinity;
	#shown = false;

	/** @param now Milliseconds since any moment. */
	constructor(output: ProgressOutput, paint: Paint, now: () => number = () => performance.now()) {
		this.#output = output;
		this.#paint = paint;
		this.#now = now;
		this.#started = now();
	}

	/** Draws the line, unless it was drawn a moment ago. */
	show({ label, rows, part }: ProgressState): void {
		const now = this.#now();
		if (this.#output.isTTY !== true || now - this.#drawn < INTERVAL) return;
		this.#drawn = now;
		this.#shown = true;
		const rate = Math.round(rows / Math.max((now - this.#started) / 1000, 0.001));
		const facts = [
			...(part === undefined ? [] : [`${String(Math.floor(part * 100)).padStart(3)} %`]),
			`${count(rows)} rows`,
			this.#paint.dim(`${count(rate)} rows/s`),
		];
		this.#output.write(`\r\u001b[2K${this.#paint.bold(label)}  ${facts.join("  ")}`);
	}

	/** Takes the line away. */
	clear(): void {
		if (this.#shown) this.#output.write("\r\u001b[2K");
		this.#shown = false;
	}
}

/** A number as people read it: `12,300`. */
export function count(number: number): string {
	return number.toLocaleString("en-US");
}
