import { isObjectKey } from "../object-key.ts";
import type { ListOptions } from "../storage-adapter.ts";

/** Which keys of a list are wanted. */
export type Wanted = Pick<ListOptions, "prefix" | "after">;

/** How many characters of a key are the name of its folder. */
const LENGTH = 2;
const FOLDER = /^[a-z0-9][a-z0-9_-]$/;

/** The name of the folder of a key. A dot at its end would be lost on Windows. */
export function shardOf(key: string): string {
	return key.slice(0, LENGTH).replace(".", "_");
}

/** Those of the folders that can have wanted keys, in the order of the keys. */
export function wantedShards(folders: readonly string[], { prefix = "", after = "" }: Wanted) {
	const [beginning, first] = [prefix.slice(0, LENGTH), after.slice(0, LENGTH)];
	return folders
		.filter((folder) => FOLDER.test(folder))
		.map((folder) => folder.replace("_", "."))
		.filter((start) => start.startsWith(beginning) && start >= first)
		.sort()
		.map(shardOf);
}

/** The wanted keys among the names in a folder, in order. Other names are left out. */
export function wantedKeys(
	folder: string,
	names: readonly string[],
	{ prefix = "", after = "" }: Wanted,
): string[] {
	return names
		.filter((name) => name.startsWith(prefix) && name > after && shardOf(name) === folder)
		.filter(isObjectKey)
		.sort();
}
