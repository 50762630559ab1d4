import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { Source } from "./source.ts";

/** What an entry of `dist/` consists of: its files, and what they import from outside. */
export interface BuiltGraph {
	readonly files: readonly string[];
	readonly packages: readonly string[];
}

/** Follows the imports of a built file; dynamic ones too, unless only what loads at once counts. */
export function builtGraph(entry: string, follow: "all" | "static" = "all"): BuiltGraph {
	const files = new Set<string>();
	const packages = new Set<string>();
	const queue = [entry];
	for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
		if (files.has(path)) continue;
		files.add(path);
		for (const { specifier, dynamic } of new Source(path, readFileSync(path, "utf8")).imports()) {
			if (dynamic && follow === "static") continue;
			if (specifier.startsWith(".")) queue.push(posix.join(posix.dirname(path), specifier));
			else packages.add(specifier);
		}
	}
	return { files: [...files], packages: [...packages].sort() };
}
