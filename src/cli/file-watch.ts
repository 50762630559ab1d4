import { readdirSync, statSync, watch, type FSWatcher } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** Editors write a file in several steps, and several files at once. In milliseconds. */
const SETTLE_MS = 40;
const INSTALLED = `${sep}node_modules${sep}`;

/** A folder, and what in it is of interest. */
interface WatchedFolder {
	readonly watcher: FSWatcher;
	/** Tells it from another one that was made in its place. */
	readonly identity: string;
	readonly names: Set<string>;
	/** Whether everything in it is, as part of a tree. */
	whole: boolean;
}

/** What a {@link FileWatch} may be told beside whom to tell. */
interface FileWatchOptions {
	/** A folder that is watched with all below it, and that need not exist yet. */
	readonly tree?: string;
	/** Which names in the tree are of interest. */
	readonly inTree?: (name: string) => boolean;
}

/**
 * Tells when one of a set of files is changed, replaced or made, or anything in a tree. Folders are
 * watched, not files: editors replace files. Installed packages are not watched. It does not keep the
 * process alive.
 */
export class FileWatch {
	readonly #changed: () => void;
	readonly #tree: string | undefined;
	readonly #inTree: (name: string) => boolean;
	readonly #folders = new Map<string, WatchedFolder>();
	#timer: NodeJS.Timeout | undefined;

	/** @param changed Called once for changes that come at nearly the same time. */
	constructor(changed: () => void, { tree, inTree = () => true }: FileWatchOptions = {}) {
		this.#changed = changed;
		this.#tree = tree;
		this.#inTree = inTree;
	}

	/** Watches these files, and no others. */
	set(files: readonly string[]): void {
		for (const { names } of this.#folders.values()) names.clear();
		this.add(files);
		this.watchTree();
		for (const [folder, { names, whole }] of this.#folders) {
			if (names.size === 0 && !whole) this.#forget(folder);
		}
	}

	/** Watches these files as well. */
	add(files: readonly string[]): void {
		for (const file of files) {
			if (!file.includes(INSTALLED)) this.#watch(dirname(file))?.names.add(basename(file));
		}
	}

	/** Finds the folders of the tree. What is made in it from then on is noticed, folders included. */
	watchTree(): void {
		if (this.#tree === undefined) return;
		for (const folder of this.#folders.values()) folder.whole = false;
		this.add([this.#tree]);
		this.#watchBelow(this.#tree);
	}

	/** A folder is watched before it is read, so that nothing comes in between. */
	#watchBelow(folder: string): void {
		const watched = this.#watch(folder);
		if (watched === undefined) return;
		watched.whole = true;
		for (const entry of foldersIn(folder)) {
			if (this.#inTree(entry)) this.#watchBelow(join(folder, entry));
		}
	}

	#watch(folder: string): WatchedFolder | undefined {
		const identity = identityOf(folder);
		const known = this.#folders.get(folder);
		if (known !== undefined && known.identity === identity) return known;
		this.#forget(folder);
		if (identity === undefined) return undefined;
		try {
			const watcher = watch(folder, { persistent: false }, (_, name) => this.#seen(folder, name));
			const watched = { watcher, identity, names: new Set<string>(), whole: false };
			watcher.on("error", () => {
				if (this.#folders.get(folder) === watched) this.#forget(folder);
			});
			this.#folders.set(folder, watched);
			return watched;
		} catch {
			return undefined;
		}
	}

	#forget(folder: string): void {
		this.#folders.get(folder)?.watcher.close();
		this.#folders.delete(folder);
	}

	#seen(folder: string, name: string | null): void {
		const { names, whole } = this.#folders.get(folder) ?? {};
		const wanted = name === null || names?.has(name) || (whole && this.#inTree(name));
		if (!wanted) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#changed(), SETTLE_MS);
		this.#timer.unref();
	}
}

function identityOf(folder: string): string | undefined {
	const stats = statSync(folder, { throwIfNoEntry: false });
	return stats?.isDirectory() ? `${stats.dev} ${stats.ino} ${stats.birthtimeMs}` : undefined;
}

function foldersIn(folder: string): readonly string[] {
	try {
		return readdirSync(folder, { withFileTypes: true })
			.filter((entry) => entry.isDirectory())
			.map((entry) => entry.name);
	} catch {
		return [];
	}
}
