import { open, rename, rm } from "node:fs/promises";
import { CliError } from "../cli-error.ts";
import { shownPath } from "../source-position.ts";

/** What an export is written to. */
export interface ExportTarget {
	write(text: string): Promise<void>;
	/** All was written. */
	finish(): Promise<void>;
	/** Nothing more will be written, because something failed. */
	abandon(): Promise<void>;
}

/** A file that is there under its name only once it is whole. */
export class WholeFile implements ExportTarget {
	readonly #path: string;
	readonly #handle: Awaited<ReturnType<typeof open>>;

	private constructor(path: string, handle: Awaited<ReturnType<typeof open>>) {
		this.#path = path;
		this.#handle = handle;
	}

	/** Makes it, readable for its owner alone. @throws CliError when it cannot be written. */
	static async create(path: string): Promise<WholeFile> {
		try {
			const part = `${path}.part`;
			// One that was left behind, or a link, may be for other eyes: only a new file is ours alone.
			await rm(part, { force: true });
			return new WholeFile(path, await open(part, "wx", 0o600));
		} catch (cause) {
			const why = cause instanceof Error ? cause.message : String(cause);
			throw new CliError(`${shownPath(path)} cannot be written: ${why}`, {
				hint: "Name a file in a folder that exists and that you may write to.",
				cause,
			});
		}
	}

	/** Appends to it. */
	async write(text: string): Promise<void> {
		await this.#handle.writeFile(text);
	}

	/** Gives it its name. */
	async finish(): Promise<void> {
		await this.#handle.sync();
		await this.#handle.close();
		await rename(`${this.#path}.part`, this.#path);
	}

	/** Removes it. */
	async abandon(): Promise<void> {
		await this.#handle.close();
		await rm(`${this.#path}.part`, { force: true });
	}
}
