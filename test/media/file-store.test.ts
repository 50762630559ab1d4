import { execFileSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	readlinkSync,
	statSync,
	symlinkSync,
	truncateSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { fs } from "../../src/media/adapters/fs.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";
import { HOSTILE_OBJECT_KEYS } from "../../src/testing/hostile-object-keys.ts";
import { readAll } from "../../src/testing/storage-probe.ts";
import { RunningCommand } from "../support/running-command.ts";
import { smallDisk } from "../support/small-disk.ts";
import { temporaryFile } from "../support/temporary-file.ts";

const KEY = "0f3a9c51d2e84b7f96a0c1e2d3b4a5f6";
const OTHER = "7b1de0c4a5f6428f8d9cbb3f5a6e7d80";
const TEXT = { type: "text/plain" };

async function* each(...chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	yield* chunks;
}

const put = (store: StorageAdapter, key: string, size = 10): Promise<void> =>
	store.put(key, each(new Uint8Array(size).fill(1)), TEXT);

/** A store in a folder, and beside it a file of somebody else. */
function makeStore() {
	const dir = temporaryFile("files");
	const secret = join(dirname(dir), "secret");
	writeFileSync(secret, "not yours");
	return { dir, secret, store: fs(dir), place: (key: string) => join(dir, key.slice(0, 2), key) };
}

/** Everything below a folder, links not followed, and what files hold. */
function snapshot(dir: string): readonly string[] {
	return readdirSync(dir, { recursive: true, withFileTypes: true })
		.map((entry) => {
			const path = join(entry.parentPath, entry.name);
			const shown = relative(dir, path);
			if (entry.isSymbolicLink()) return `${shown} -> ${readlinkSync(path)}`;
			return entry.isFile() ? `${shown}: ${readFileSync(path, "utf8")}` : shown;
		})
		.sort();
}

/** Every method, as a call about one key. */
function calls(store: StorageAdapter, key: string): readonly (() => Promise<unknown>)[] {
	return [
		() => put(store, key),
		() => store.get(key),
		() => store.head(key),
		() => store.delete([key]),
		() => store.list({ prefix: key, limit: 10 }),
	];
}

/** How many files of the folder this process has open. */
function openFiles(dir: string): number {
	const links = readdirSync("/proc/self/fd").map((fd) => {
		try {
			return readlinkSync(`/proc/self/fd/${fd}`);
		} catch {
			return "";
		}
	});
	return links.filter((path) => path.startsWith(dir)).length;
}

describe("the folder of a store", () => {
	it("is made when the first object is put, and not before", async () => {
		const { dir, store } = makeStore();
		for (const call of calls(store, KEY).slice(1)) await call();
		expect(await store.tidy?.(new Date())).toBe(0);
		const aborted = store.put(KEY, each(), { ...TEXT, signal: AbortSignal.abort() });
		await expect(aborted).rejects.toThrow("aborted");
		expect(existsSync(dir)).toBe(false);
		await put(store, KEY);
		expect(snapshot(dir)).toEqual([".unfinished", "0f", `0f/${KEY}: ${"\u{1}".repeat(10)}`]);
	});

	it("can't be nothing", () => {
		expect(() => fs("")).toThrow(TypeError);
	});

	it("gets the rights that the umask leaves", async () => {
		const { dir, store, place } = makeStore();
		await put(store, KEY);
		const umask = process.umask();
		expect(statSync(place(KEY)).mode & 0o777).toBe(0o666 & ~umask);
		expect(statSync(dir).mode & 0o777).toBe(0o777 & ~umask);
	});

	it("has no folder whose name Windows would change", async () => {
		const { dir, store } = makeStore();
		for (const key of ["a.b", "a-b", "ab0"]) await put(store, key);
		expect(readdirSync(dir)).toEqual([".unfinished", "a-", "a_", "ab"]);
	});

	it("may hold files of others: no list has them, and nothing touches them", async () => {
		const { dir, store } = makeStore();
		await put(store, KEY);
		const strangers = [
			".DS_Store",
			"ab0",
			"readme.txt",
			"0f/.DS_Store",
			"0f/Thumbs.db",
			`0f/${KEY}.TMP`,
			`0f/${KEY}~`,
			`0f/${OTHER}`,
		];
		for (const path of strangers) writeFileSync(join(dir, path), path);
		for (const folder of ["lost+found", "cd", `0f/${KEY}.d`]) mkdirSync(join(dir, folder));
		const before = snapshot(dir);
		const { objects, more } = await store.list({ limit: 10 });
		expect({ keys: objects.map(({ key }) => key), more }).toEqual({ keys: [KEY], more: false });
		expect(await store.list({ prefix: "0f", limit: 10 })).toEqual({ objects, more: false });
		await store.tidy?.(new Date(Date.now() + 60_000));
		expect(snapshot(dir)).toEqual(before);
	});

	it("may be a link, and so may what it is in", async () => {
		const { dir, store } = makeStore();
		await put(store, KEY);
		const link = join(dirname(dir), "link");
		symlinkSync(dirname(dir), link);
		for (const path of [link, join(link, "files")]) {
			const linked = fs(path === link ? join(path, "files") : path);
			expect((await linked.head(KEY))?.size).toBe(10);
		}
		const direct = join(dirname(dir), "direct");
		symlinkSync(dir, direct);
		await put(fs(direct), OTHER);
		expect((await store.head(OTHER))?.size).toBe(10);
	});

	it("is left alone by lists while objects in it come and go", async () => {
		const { store } = makeStore();
		const keys = Array.from({ length: 200 }, (_, n) => `0f-${n}`);
		await Promise.all(keys.map((key) => put(store, key)));
		const lists = Array.from({ length: 10 }, () => store.list({ limit: 1_000 }));
		await Promise.all([...lists, store.delete(keys)]);
		expect(await store.list({ limit: 10 })).toEqual({ objects: [], more: false });
	});
});

describe("what is outside of the folder", () => {
	it("stays as it is, whatever key somebody asks for", async () => {
		const { dir, secret, store } = makeStore();
		mkdirSync(join(dirname(dir), "etc"));
		for (const name of ["object", "etc/passwd", "fileso"]) {
			writeFileSync(join(dirname(dir), name), "not yours");
		}
		await put(store, KEY);
		const before = snapshot(dirname(dir));
		expect(before).toContain(`etc/passwd: ${readFileSync(secret, "utf8")}`);
		for (const key of HOSTILE_OBJECT_KEYS) {
			for (const call of calls(store, key).slice(0, 4)) {
				await expect(call(), key).rejects.toMatchObject({ code: "bad_object_key" });
			}
		}
		expect(snapshot(dirname(dir))).toEqual(before);
	});

	it("is not read or written through a link at the place of an object", async () => {
		const { dir, secret, store, place } = makeStore();
		await put(store, OTHER);
		mkdirSync(dirname(place(KEY)));
		symlinkSync(secret, place(KEY));
		await expect(store.get(KEY)).rejects.toMatchObject({ code: "ELOOP" });
		await expect(store.head(KEY)).rejects.toThrow("something else than a file");
		expect((await store.list({ limit: 10 })).objects.map(({ key }) => key)).toEqual([OTHER]);
		await put(store, KEY);
		expect((await store.get(KEY))?.size).toBe(10);
		await store.delete([KEY]);
		symlinkSync(secret, place(KEY));
		await store.delete([KEY]);
		expect(existsSync(place(KEY))).toBe(false);
		expect(readFileSync(secret, "utf8")).toBe("not yours");
		expect(readdirSync(join(dir, ".unfinished"))).toEqual([]);
	});

	it.each(["a folder", "a dangling link"])("is not reached through a link to %s", async (kind) => {
		const { dir, store, place } = makeStore();
		await put(store, OTHER);
		const outside = join(dirname(dir), "outside");
		if (kind === "a folder") {
			mkdirSync(outside);
			writeFileSync(join(outside, KEY), "not yours");
		}
		symlinkSync(outside, dirname(place(KEY)));
		const before = snapshot(dirname(dir));
		for (const call of calls(store, KEY)) await expect(call()).rejects.toBeInstanceOf(Error);
		await expect(store.list({ limit: 10 })).rejects.toThrow("something else than a folder");
		await expect(store.delete([OTHER, KEY])).rejects.toThrow("something else than a folder");
		expect(snapshot(dirname(dir))).toEqual(before);
		expect((await store.head(OTHER))?.size).toBe(10);
		expect((await store.list({ prefix: OTHER, limit: 10 })).objects).toHaveLength(1);
	});

	it("is not put into, or tidied, through a link", async () => {
		const { dir, store } = makeStore();
		const outside = join(dirname(dir), "outside");
		mkdirSync(outside);
		mkdirSync(dir);
		writeFileSync(join(outside, "file"), "not yours");
		symlinkSync(outside, join(dir, ".unfinished"));
		const before = snapshot(dirname(dir));
		await expect(put(store, KEY)).rejects.toThrow("something else than a folder");
		await expect(store.tidy?.(new Date(Date.now() + 60_000))).rejects.toThrow("than a folder");
		expect(snapshot(dirname(dir))).toEqual(before);
	});

	it.runIf(existsSync("/proc/self/fd"))("is not waited for at a pipe", async () => {
		const { dir, store, place } = makeStore();
		mkdirSync(dirname(place(KEY)), { recursive: true });
		execFileSync("mkfifo", [place(KEY)]);
		await expect(store.get(KEY)).rejects.toThrow("something else than a file");
		expect(openFiles(dir)).toBe(0);
	});
});

describe("what an unfinished put leaves", () => {
	const unfinished = (dir: string) => readdirSync(join(dir, ".unfinished"));

	it("is removed when it fails", async () => {
		const { dir, store } = makeStore();
		const failing = async function* (chunks: AsyncIterable<Uint8Array>) {
			yield* chunks;
			expect(unfinished(dir)).toHaveLength(1);
			throw new Error("The client is gone.");
		};
		const failed = store.put(KEY, failing(each(new Uint8Array(10))), TEXT);
		await expect(failed).rejects.toThrow("The client is gone.");
		expect(unfinished(dir)).toEqual([]);
	});

	it("is tidied away when it is old, and nothing else is", async () => {
		const { dir, store, place } = makeStore();
		await put(store, KEY);
		const old = new Date("2026-01-01T00:00:00Z");
		for (const name of ["old", "fresh"]) writeFileSync(join(dir, ".unfinished", name), name);
		mkdirSync(join(dir, ".unfinished", "folder"));
		for (const name of ["old", "folder"]) utimesSync(join(dir, ".unfinished", name), old, old);
		utimesSync(place(KEY), old, old);
		expect(await store.tidy?.(old)).toBe(0);
		expect(await store.tidy?.(new Date(old.getTime() + 1))).toBe(1);
		expect(unfinished(dir)).toEqual(["folder", "fresh"]);
		expect((await store.head(KEY))?.stored).toEqual(old);
	});

	it("by a process that is killed is no object, and is tidied away", async () => {
		const { dir, store } = makeStore();
		const script = fileURLToPath(new URL("../support/half-put.ts", import.meta.url));
		const child = new RunningCommand(process.execPath, [script, dir, KEY], {
			cwd: dirname(dir),
			env: process.env,
		});
		onTestFinished(async () => void (await child.stop("SIGKILL")));
		await child.printed("Two chunks are taken.");
		expect(await child.stop("SIGKILL")).toBe("SIGKILL");
		expect(await store.head(KEY)).toBeUndefined();
		expect(await store.list({ limit: 10 })).toEqual({ objects: [], more: false });
		const [left = "", ...others] = unfinished(dir);
		expect(others).toEqual([]);
		expect(statSync(join(dir, ".unfinished", left)).size).toBe(600_000);
		await put(store, KEY);
		expect(await store.tidy?.(new Date(0))).toBe(0);
		expect(await store.tidy?.(new Date(Date.now() + 60_000))).toBe(1);
		expect(unfinished(dir)).toEqual([]);
		expect((await store.head(KEY))?.size).toBe(10);
	});

	const disk = smallDisk();
	it.skipIf(disk === undefined)(
		`on a full disk is removed, and what was stored stays${disk ? "" : " (skipped: this process may not mount one)"}`,
		async () => {
			const dir = join(disk?.() ?? "", "files");
			const store = fs(dir);
			await put(store, OTHER, 1_000_000);
			const full = put(store, KEY, 5_000_000);
			await expect(full).rejects.toMatchObject({ code: "ENOSPC" });
			expect(unfinished(dir)).toEqual([]);
			expect(await store.head(KEY)).toBeUndefined();
			const content = await store.get(OTHER);
			expect(await readAll(content!.body)).toEqual(new Uint8Array(1_000_000).fill(1));
			await put(store, KEY, 2_000_000);
			expect((await store.head(KEY))?.size).toBe(2_000_000);
		},
	);
});

describe("the file of an object", () => {
	const LARGE = 1_000_000;

	async function stream(store: StorageAdapter) {
		const content = await store.get(KEY);
		if (!(content?.body instanceof ReadableStream)) throw new Error("It does not stream.");
		return content.body.getReader();
	}

	it.runIf(existsSync("/proc/self/fd"))("is closed whatever happens", async () => {
		const { dir, store, place } = makeStore();
		await put(store, KEY, LARGE);
		await put(store, OTHER);
		await store.get(OTHER);
		await expect(
			store.put(OTHER, each(), { ...TEXT, signal: AbortSignal.abort() }),
		).rejects.toThrow("aborted");
		expect(openFiles(dir)).toBe(0);

		const toTheEnd = await stream(store);
		expect(openFiles(dir)).toBe(1);
		for (let done = false; !done;) ({ done } = await toTheEnd.read());
		expect(openFiles(dir)).toBe(0);

		for (const reads of [0, 1]) {
			const cancelled = await stream(store);
			for (let read = 0; read < reads; read++) await cancelled.read();
			await cancelled.cancel();
			expect(openFiles(dir)).toBe(0);
		}

		const reading = await stream(store);
		const first = reading.read();
		await reading.cancel();
		expect((await first).done).toBe(true);
		expect(openFiles(dir)).toBe(0);

		const failing = await stream(store);
		await failing.read();
		truncateSync(place(KEY), 300_000);
		const rest = (async () => {
			for (let done = false; !done;) ({ done } = await failing.read());
		})();
		await expect(rest).rejects.toThrow("shorter");
		expect(openFiles(dir)).toBe(0);
	});

	it("is not read ahead of its reader", async () => {
		const { store, place } = makeStore();
		await put(store, KEY, LARGE);
		const reader = await stream(store);
		writeFileSync(place(KEY), new Uint8Array(LARGE).fill(2));
		expect((await reader.read()).value?.[0]).toBe(2);
		await reader.cancel();
	});
});
