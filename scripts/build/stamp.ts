import { globSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";

/** What a part of the build has read, and what it has written. */
export interface Built {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
}

type States = Readonly<Record<string, string>>;

/** The build itself: when it changes, everything is built again. */
const MACHINERY = [
	"package.json",
	"package-lock.json",
	"tsconfig.base.json",
	"tsconfig.build.json",
];

/**
 * Remembers the state of all files that a part of the build has read and written, so that the next
 * build can tell in milliseconds whether anything is different. A state is the file's size and its
 * times of content and status change: writing a file always moves at least one of them.
 *
 * Make the stamp before building: a source that is saved during the build then counts as changed.
 */
export class Stamp {
	readonly #file: string;
	readonly #sources: States;

	constructor(part: string) {
		this.#file = `dist/.build-${part}.json`;
		this.#sources = statesOf([
			...MACHINERY,
			...globSync(["scripts/build*/**/*.ts", "src/**/*.ts"]),
		]);
	}

	/** Whether every file is as it was when the part was built, and no source has come or gone. */
	get fresh(): boolean {
		const known = this.#read();
		if (!known || !Object.keys(this.#sources).every((path) => path in known)) return false;
		return Object.entries(known).every(([path, state]) => stateOf(path) === state);
	}

	/** Remembers what has just been built. */
	write({ inputs, outputs }: Built): void {
		mkdirSync("dist", { recursive: true });
		const states = { ...statesOf([...inputs, ...outputs]), ...this.#sources };
		writeFileSync(this.#file, JSON.stringify(states));
	}

	#read(): States | undefined {
		try {
			return JSON.parse(readFileSync(this.#file, "utf8")) as States;
		} catch {
			return undefined;
		}
	}
}

function statesOf(paths: readonly string[]): States {
	return Object.fromEntries(paths.map((path) => [path, stateOf(path)]));
}

function stateOf(path: string): string {
	const stats = statSync(path, { throwIfNoEntry: false });
	return stats ? `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` : "missing";
}
