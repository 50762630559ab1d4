import { constants, type Stats } from "node:fs";
import { lstat, mkdir, open, readdir, rename, rm, unlink, type FileHandle } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { checkObjectKey } from "../object-key.ts";
import type {
	ByteRange,
	ListOptions,
	ObjectContent,
	ObjectInfo,
	ObjectPage,
	PutOptions,
	StorageAdapter,
} from "../storage-adapter.ts";
import { abortableChunks } from "../abortable-chunks.ts";
import { fileBody } from "./file-body.ts";
import { shardOf, wantedKeys, wantedShards } from "./shards.ts";
import { writeChunks } from "./write-chunks.ts";

/** How a store in a folder behaves. */
export interface FsOptions {
	/**
	 * Whether a put ends only when the disk has the object, so that one which was answered survives a
	 * power cut. Default true; false is quicker, for files that can be made again.
	 */
	readonly durable?: boolean;
}

/**
 * A store of objects in a folder, for a Node process with a disk that stays.
 *
 * An object is the file `<dir>/<first two characters of its key>/<key>`. It is written to
 * `<dir>/.unfinished` and then renamed, so that it is there whole or not at all; a process that is
 * killed leaves its part there, which `tidy` removes. Everything has to be on one file system. Files
 * and folders get the rights that the process' umask leaves of `0o666` and `0o777`.
 *
 * Nothing outside of `dir` is read or written: a key can't name another place, a symbolic link at the
 * place of an object or of a folder of objects is refused, and no list follows one. What isn't
 * defended against is somebody who may write to `dir` while the process runs: a folder is looked at
 * before objects are put or deleted, and for reading once. `dir` itself, and what it is in, may be
 * links.
 *
 * Other files in `dir` are left alone, and are in no list.
 *
 * @param dir The folder; made when the first object is put. A relative one is of the working
 * directory that the process has now.
 * @throws {TypeError} When `dir` is empty.
 * @example
 * ```ts
 * const store = fs("./uploads");
 * ```
 */
export function fs(dir: string, options: FsOptions = {}): StorageAdapter {
	if (dir === "") throw new TypeError("A store of files needs a folder.");
	return new FileStore(resolve(dir), options);
}

/** Of calls to the file system that one method makes at a time. */
const AT_ONCE = 32;

/** A link is not followed, and a pipe not waited for. Windows has neither, nor these flags. */
const READING = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const CREATING = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/** What file systems say that can't, or won't, write a folder to disk at will. */
const UNSYNCABLE: ReadonlySet<unknown> = new Set([
	"EACCES",
	"EINVAL",
	"EISDIR",
	"ENOTSUP",
	"EPERM",
]);

class FileStore implements StorageAdapter {
	readonly name = "files";
	readonly #dir: string;
	readonly #unfinished: string;
	readonly #durable: boolean;
	/** Folders that were found to be ones. At most as many as there are shards. */
	readonly #known = new Set<string>();

	constructor(dir: string, { durable = true }: FsOptions) {
		this.#dir = dir;
		this.#unfinished = join(dir, ".unfinished");
		this.#durable = durable;
	}

	async put(key: string, chunks: AsyncIterable<Uint8Array>, { signal }: PutOptions): Promise<void> {
		checkObjectKey(key);
		signal?.throwIfAborted();
		const folder = this.#folderOf(key);
		const folders = [this.#unfinished, folder];
		const there = await Promise.all(folders.map(isFolder));
		for (const [place, missing] of folders.entries()) if (!there[place]) await this.#make(missing);
		const unfinished = join(this.#unfinished, crypto.randomUUID());
		const file = await open(unfinished, CREATING);
		try {
			await this.#write(file, abortableChunks(chunks, signal));
			signal?.throwIfAborted();
			await rename(unfinished, join(folder, key));
		} catch (error) {
			await removeQuietly(unfinished);
			throw error;
		}
		if (this.#durable) await syncFolder(folder);
	}

	async get(key: string, range?: ByteRange): Promise<ObjectContent | undefined> {
		checkObjectKey(key);
		const file = await this.#open(key);
		if (!file) return undefined;
		let size: number;
		let stored: Date;
		try {
			const stats = await file.stat();
			expectFile(stats);
			({ size, mtime: stored } = stats);
		} catch (error) {
			await file.close();
			throw error;
		}
		const body = await fileBody(file, range ?? { offset: 0, length: size });
		return { key, size, stored, body };
	}

	async head(key: string): Promise<ObjectInfo | undefined> {
		checkObjectKey(key);
		const folder = this.#folderOf(key);
		if (!(await this.#knows(folder))) return undefined;
		const stats = await unlessMissing(lstat(join(folder, key)));
		if (!stats) return undefined;
		expectFile(stats);
		return { key, size: stats.size, stored: stats.mtime };
	}

	async delete(keys: readonly string[]): Promise<void> {
		for (const key of keys) checkObjectKey(key);
		const folders = new Set(keys.map((key) => this.#folderOf(key)));
		const there = new Set<string>();
		await inGroups([...folders], async (folder) => {
			if (await isFolder(folder)) there.add(folder);
		});
		await inGroups(keys, async (key) => {
			const folder = this.#folderOf(key);
			if (there.has(folder)) await unlessMissing(unlink(join(folder, key)));
		});
	}

	async list({ prefix, after, limit }: ListOptions): Promise<ObjectPage> {
		if (after !== undefined) checkObjectKey(after);
		const wanted = {
			...(prefix !== undefined && { prefix }),
			...(after !== undefined && { after }),
		};
		const objects: ObjectInfo[] = [];
		const folders = (await unlessMissing(readdir(this.#dir))) ?? [];
		for (const shard of wantedShards(folders, wanted)) {
			const folder = join(this.#dir, shard);
			if (!(await this.#knows(folder))) continue;
			const names = (await unlessMissing(readdir(folder))) ?? [];
			const keys = wantedKeys(shard, names, wanted);
			while (keys.length > 0 && objects.length <= limit) {
				const part = keys.splice(0, Math.min(AT_ONCE, limit + 1 - objects.length));
				const found = await Promise.all(part.map((key) => listed(folder, key)));
				objects.push(...found.filter((one) => one !== undefined));
			}
			if (objects.length > limit) return { objects: objects.slice(0, limit), more: true };
		}
		return { objects, more: false };
	}

	async tidy(before: Date): Promise<number> {
		if (!(await isFolder(this.#unfinished))) return 0;
		const names = await readdir(this.#unfinished);
		let removed = 0;
		await inGroups(names, async (name) => {
			const path = join(this.#unfinished, name);
			const stats = await unlessMissing(lstat(path));
			if (!stats?.isFile() || stats.mtime >= before) return;
			await rm(path, { force: true });
			removed++;
		});
		return removed;
	}

	/** A file that nothing but this process knows of yet. */
	async #write(file: FileHandle, chunks: AsyncIterable<Uint8Array>): Promise<void> {
		try {
			await writeChunks(file, chunks);
			if (this.#durable) await file.datasync();
		} finally {
			await file.close();
		}
	}

	async #open(key: string): Promise<FileHandle | undefined> {
		const folder = this.#folderOf(key);
		if (!(await this.#knows(folder))) return undefined;
		return unlessMissing(open(join(folder, key), READING));
	}

	#folderOf(key: string): string {
		return join(this.#dir, shardOf(key));
	}

	async #make(folder: string): Promise<void> {
		const made = await mkdir(folder, { recursive: true });
		await isFolder(folder);
		if (made === undefined || !this.#durable) return;
		await syncFolder(this.#dir);
		if (made !== folder) await syncFolder(dirname(made));
	}

	/** Whether the folder is there, to read from. */
	async #knows(folder: string): Promise<boolean> {
		if (this.#known.has(folder)) return true;
		const known = await isFolder(folder);
		if (known) this.#known.add(folder);
		return known;
	}
}

/** Whether there is a folder. What is there instead of one is refused, a link to one as well. */
async function isFolder(path: string): Promise<boolean> {
	const stats = await unlessMissing(lstat(path));
	if (stats && !stats.isDirectory())
		throw new Error(`There is something else than a folder: ${path}`);
	return stats !== undefined;
}

function expectFile(stats: Stats): void {
	if (!stats.isFile())
		throw new Error("There is something else than a file at the place of an object.");
}

/** What a list says of an object; undefined when it is gone by now, or no file. */
async function listed(folder: string, key: string): Promise<ObjectInfo | undefined> {
	const stats = await unlessMissing(lstat(join(folder, key)));
	return stats?.isFile() ? { key, size: stats.size, stored: stats.mtime } : undefined;
}

async function unlessMissing<T>(work: Promise<T>): Promise<T | undefined> {
	try {
		return await work;
	} catch (error) {
		if (codeOf(error) === "ENOENT") return undefined;
		throw error;
	}
}

function codeOf(error: unknown): unknown {
	return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Writes to disk which files a folder has, where that can be. */
async function syncFolder(folder: string): Promise<void> {
	try {
		const handle = await open(folder, constants.O_RDONLY);
		await handle.sync().finally(() => handle.close());
	} catch (error) {
		if (!UNSYNCABLE.has(codeOf(error))) throw error;
	}
}

/** What has failed before is what the caller learns; `tidy` removes what stays. */
async function removeQuietly(path: string): Promise<void> {
	try {
		await rm(path, { force: true });
	} catch {
		// See above.
	}
}

async function inGroups<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
	for (let at = 0; at < items.length; at += AT_ONCE) {
		await Promise.all(items.slice(at, at + AT_ONCE).map(work));
	}
}
