import { workerData } from "node:worker_threads";
import { imageDimensions } from "../../src/media/image-dimensions.ts";

/** What the worker is given. */
export interface MeasuringTask {
	readonly type: string;
	readonly files: readonly Uint8Array[];
	readonly seed: number;
	readonly runs: number;
	/** The bytes that are being measured, behind their length: what to report if they never are. */
	readonly current: SharedArrayBuffer;
}

const WORDS = [0, 1, 7, 8, 9, 16, 20, 0x7fffffff, 0x80000000, 0xffffffff];

function main({ type, files, seed, runs, current }: MeasuringTask): void {
	const random = randomFrom(seed);
	const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
	for (let run = 0; run < runs; run++) {
		let bytes = pick(files);
		for (let step = random(6); step >= 0; step--) bytes = mutate(bytes, random, pick(files));
		publish(bytes, current);
		const found = imageDimensions(bytes, type);
		const isRight = found === undefined || (found.width > 0 && found.height > 0);
		if (!isRight) throw new Error(`measured ${JSON.stringify(found)}`);
	}
	publish(new Uint8Array(), current);
}

/** One change: of a byte, a word, the length, or of a part that is left out, doubled or taken from another file. */
function mutate(
	bytes: Uint8Array,
	random: (limit: number) => number,
	other: Uint8Array,
): Uint8Array {
	const changed = bytes.slice();
	const at = random(bytes.length);
	const end = at + random(Math.min(64, bytes.length - at) + 1);
	switch (random(7)) {
		case 0:
			changed[at] = random(256);
			return changed;
		case 1:
			if (at + 4 <= bytes.length) {
				const word = WORDS[random(WORDS.length)] as number;
				new DataView(changed.buffer).setUint32(at, word, random(2) === 0);
			}
			return changed;
		case 2:
			return bytes.slice(0, at);
		case 3:
			return joined(bytes.subarray(0, at), bytes.subarray(end));
		case 4:
			return joined(bytes.subarray(0, end), bytes.subarray(at, Math.min(bytes.length, 40_000)));
		case 5:
			return joined(bytes.subarray(0, at), other.subarray(random(other.length)));
		default:
			return joined(bytes.subarray(0, at), new Uint8Array(random(64)), bytes.subarray(at));
	}
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
	return Uint8Array.from(Buffer.concat(parts).subarray(0, 60_000));
}

function publish(bytes: Uint8Array, current: SharedArrayBuffer): void {
	new Uint8Array(current, 4).set(bytes);
	new DataView(current).setUint32(0, bytes.length);
}

/** Numbers below a limit, the same for the same seed (mulberry32). */
function randomFrom(seed: number): (limit: number) => number {
	let state = seed;
	return (limit) => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return limit === 0 ? 0 : ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
	};
}

main(workerData as MeasuringTask);
