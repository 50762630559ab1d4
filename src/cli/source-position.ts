import { relative } from "node:path";
import { fileURLToPath } from "node:url";

const FRAME = /^\s+at (?:.*? \()?((?:file:\/\/)?\/.*?|[A-Za-z]:\\.*?):(\d+):(\d+)\)?$/;
/** The package's own folder: `dist/chunks/x.js` and `dist/cli/main.js` lie two below it. */
const PACKAGE = fileURLToPath(new URL("../../", import.meta.url));
const OWN = [`${PACKAGE}dist/`, `${PACKAGE}src/`];

/**
 * Where in the user's source an error was thrown, `blog/seed.ts:12:3`: the first frame of its stack
 * that is neither Node's nor an installed package's. Undefined when there is none.
 */
export function positionOf(error: unknown): string | undefined {
	if (!(error instanceof Error) || error.stack === undefined) return undefined;
	for (const line of error.stack.split("\n")) {
		const [, location, row, column] = FRAME.exec(line) ?? [];
		if (location === undefined) continue;
		const path = location.startsWith("file:") ? fileURLToPath(location) : location;
		if (path.includes("/node_modules/") || OWN.some((folder) => path.startsWith(folder))) continue;
		return `${shownPath(path)}:${row}:${column}`;
	}
	return undefined;
}

/** A path as people at this terminal would write it: relative where it lies below. */
export function shownPath(path: string): string {
	const near = relative(process.cwd(), path);
	return near.startsWith("..") || near === "" ? path : near;
}
