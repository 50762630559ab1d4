import { watch, type FSWatcher } from "node:fs";
import { basename, dirname, sep } from "node:path";

/** Editors write a file in several steps, and several files at once. In milliseconds. */
const SETTLE_MS = 40;
const INSTALLED = `${sep}node_modules${sep}`;

/**
 * Tells when one of a set of files is changed, replaced or made. Folders are watched, not files:
 * editors replace files. Installed packages are not watched. It does not keep the process alive.
 */
export class FileWatch {
	readonly #changed: () => void;
	readonly #folders = new Map<string, { readonly watcher: FSWatcher; names: Set<string> }>();
	#timer: NodeJS.Timeout | undefined;

	/** @param changed Called once for changes that come at nearly the same time. */
	constructor(changed: () => void) {
		this.#changed = changed;
	}

	/** Watches these files, and no others. */
	set(files: readonly string[]): void {
		const wanted = new Set(files.map((file) => dirname(file)));
		for (const [folder, { watcher }] of this.#folders) {
			if (wanted.has(folder)) continue;
			watcher.close();
			this.#folders.delete(folder);
		}
		for (const entry of this.#folders.values()) entry.names = new Set();
		this.add(files);
	}

	/** Watches these files as well. */
	add(files: readonly string[]): void {
		for (const file of files) {
			if (!file.includes(INSTALLED)) this.#namesIn(dirname(file))?.add(basename(file));
		}
	}

	#namesIn(folder: string): Set<string> | undefined {
		const known = this.#folders.get(folder);
		if (known !== undefined) return known.names;
		try {
			const watcher = watch(folder, { persistent: false }, (_, name) => this.#seen(folder, name));
			watcher.on("error", () => {
				watcher.close();
				this.#folders.delete(folder);
			});
			const names = new Set<string>();
			this.#folders.set(folder, { watcher, names });
			return names;
		} catch {
			return undefined;
		}
	}

	#seen(folder: string, name: string | null): void {
		if (name !== null && this.#folders.get(folder)?.names.has(name) !== true) return;
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#changed(), SETTLE_MS);
		this.#timer.unref();
	}
}
