import { statSync } from "node:fs";
import { resolve } from "node:path";
import { CliError } from "./cli-error.ts";

const NAMES = ["bknd.config.ts", "bknd.config.mts", "bknd.config.js", "bknd.config.mjs"] as const;

/**
 * The path of the config: the file that was asked for, else the first of its names in `folder`.
 * @throws CliError that says where it looked.
 */
export function findConfig(folder: string, asked: string | undefined): string {
	if (asked !== undefined) {
		const path = resolve(folder, asked);
		if (isFile(path)) return path;
		if (isFolder(path)) {
			throw new CliError(`${path} is a folder, not a config file.`, {
				exit: "config",
				hint: "Name the file in it: --config FILE.",
			});
		}
		throw new CliError(`There is no config file ${path}.`, {
			exit: "config",
			hint: "Check what --config names.",
		});
	}
	const found = NAMES.map((name) => resolve(folder, name)).find(isFile);
	if (found !== undefined) return found;
	throw new CliError(`There is no config in ${folder}: looked for ${NAMES.join(", ")}.`, {
		exit: "config",
		hint: "Go to the folder of your project, or name the file: --config FILE.",
	});
}

function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
