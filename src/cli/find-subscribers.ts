import { readdirSync, statSync, type Dirent } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { CliError } from "./cli-error.ts";
import { shownPath } from "./source-position.ts";

/** A file whose `listen` hears events. */
export interface SubscriberFile {
	/** Its path below `subscribers`, without extension: `billing/send-invoice`. */
	readonly name: string;
	/** Absolute. */
	readonly path: string;
}

/** The folder is as absent as can be. */
const ABSENT = new Set(["ENOENT", "ENOTDIR"]);
const SOURCE = /\.m?[jt]s$/;
const OTHER = /\.(?:d|test|spec)\.m?[jt]s$/;

/** Where the subscribers of a config are, whether there are any or not. */
export function subscribersFolder(config: string): string {
	return join(dirname(config), "subscribers");
}

/** Whether a file or folder of this name can be, or hold, a subscriber. */
export function isSubscriberName(name: string): boolean {
	return !/^[._]/.test(name) && name !== "node_modules";
}

/**
 * Every subscriber file of a config, by path: all TypeScript and JavaScript in `subscribers` beside it and
 * below, but tests, declarations, and what begins with `_` or `.`.
 *
 * @throws CliError when two files have the same name.
 */
export function findSubscribers(config: string): readonly SubscriberFile[] {
	const folder = subscribersFolder(config);
	const found = new Map<string, SubscriberFile>();
	for (const path of filesIn(folder)) {
		const name = relative(folder, path).replaceAll(sep, "/").replace(SOURCE, "");
		const other = found.get(name);
		if (other !== undefined) {
			throw new CliError(
				`${shownPath(other.path)} and ${shownPath(path)} are both the subscriber ${name}.`,
				{ exit: "config", hint: "Rename or delete one of them." },
			);
		}
		found.set(name, { name, path });
	}
	return [...found.values()];
}

function filesIn(folder: string): readonly string[] {
	return entriesOf(folder)
		.filter(({ name }) => isSubscriberName(name))
		.toSorted((one, other) => (one.name < other.name ? -1 : 1))
		.flatMap((entry) => {
			const path = join(folder, entry.name);
			if (entry.isDirectory()) return filesIn(path);
			if (!SOURCE.test(entry.name) || OTHER.test(entry.name)) return [];
			return entry.isFile() || isFile(path) ? [path] : [];
		});
}

function entriesOf(folder: string): readonly Dirent[] {
	try {
		return readdirSync(folder, { withFileTypes: true });
	} catch (error) {
		if (ABSENT.has((error as NodeJS.ErrnoException).code ?? "")) return [];
		throw error;
	}
}

/** Follows links to files. Those to folders are not followed: they may lead in circles. */
function isFile(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
