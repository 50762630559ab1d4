import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fs } from "../../src/media/adapters/fs.ts";
import { media } from "../../src/media/media.ts";
import { filesApp, posts } from "../support/killed-upload.ts";

const PROGRAM = fileURLToPath(new URL("../support/killed-upload.ts", import.meta.url));
/** Beyond the grace, and what an upload may take. */
const HOURS = 30 * 3_600_000;

const STORING = ["receiving", "FileUploadBefore"];
const INSERTING = ["MutatorInsertBefore", "MutatorInsertCommit"];
const UPDATING = ["MutatorUpdateBefore", "MutatorUpdateCommit"];
const DELETING = ["MutatorDeleteBefore", "FileDeleteBefore", "MutatorDeleteCommit"];
const DELETED = ["MutatorDeleteAfter", "FileDeletedEvent", "store.delete", "store.deleted-first"];
const WHOLE = ["cover.txt", "old.png"];

/** What is killed where, and the files that are there afterwards; `+` stands for one of a random name. */
const KILLS: readonly (readonly [
	action: string,
	phases: readonly string[],
	files: readonly string[],
])[] = [
	["upload", [...STORING, ...INSERTING], WHOLE],
	["upload", ["MutatorInsertAfter", "FileUploadedEvent"], ["cover.txt", "new.txt", "old.png"]],
	["overwrite", [...STORING, ...UPDATING], WHOLE],
	[
		"overwrite",
		["MutatorUpdateAfter", "FileUploadedEvent", "store.delete", "store.deleted-first"],
		WHOLE,
	],
	// Until it inserts, each of these does as an upload, and when all is committed as a delete.
	["attach", ["MutatorInsertCommit", ...UPDATING], WHOLE],
	["attach", ["MutatorInsertAfter"], ["+", ...WHOLE]],
	["replace", DELETING, WHOLE],
	["replace", ["MutatorInsertAfter", "store.delete"], ["+", "old.png"]],
	["delete", DELETING, WHOLE],
	["delete", DELETED, ["cover.txt"]],
	["delete-row", ["store.delete"], ["cover.txt"]],
	["delete-many", DELETING, WHOLE],
	["delete-many", DELETED, []],
	["derive", ["FileUploadBefore", "FileUploadedEvent"], WHOLE],
];

const room = temporaryFolder();
const prepared = join(room, "prepared");
mkdirSync(prepared);
beforeAll(() => run(prepared, "prepare"), 60_000);
afterAll(() => rmSync(room, { recursive: true, force: true }));

const cases = KILLS.flatMap(([action, phases, files]) =>
	phases.map((phase) => ({ action, phase, files })),
);

test.concurrent.for(cases)(
	"a process killed in $action at $phase leaves no orphan behind the sweep",
	{ timeout: 60_000 },
	async ({ action, phase, files }, { onTestFinished }) => {
		const folder = temporaryFolder();
		cpSync(prepared, folder, { recursive: true });
		onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
		expect(await run(folder, action, phase)).toEqual([null, "SIGKILL"]);

		const app = filesApp(folder, () => Date.now() + HOURS);
		await app.build();
		expect(await app.runDuties()).toMatchObject([{ duty: "media-sweep", finished: true }]);

		const rows = await app.db.select().from(media);
		const known = new Set(["cover.txt", "new.txt", "old.png"]);
		expect(rows.map(({ key }) => (known.has(key) ? key : "+")).sort()).toEqual(files);
		const objects = await stems(folder);
		expect(objects).toEqual(new Set(rows.map(({ object }) => object)));
		expect(readdirSync(join(folder, "files", ".unfinished"))).toEqual([]);
		for (const { key, size } of rows) {
			const body = await (await app.media.open(key)).read();
			expect((await new Response(body).bytes()).byteLength).toBe(size);
		}
		const ids = new Set(rows.map(({ id }) => id));
		for (const { coverId } of await app.db.select().from(posts)) {
			expect(coverId === null || ids.has(coverId)).toBe(true);
		}
		await app.close();
	},
);

/** Runs the program; the code it ends with, and the signal. What the first run compiles, the others have. */
async function run(...call: readonly string[]): Promise<unknown[]> {
	const env = { ...process.env, NODE_COMPILE_CACHE: join(room, "compiled") };
	const program = spawn(process.execPath, [PROGRAM, ...call], { stdio: "inherit", env });
	return once(program, "exit");
}

function temporaryFolder(): string {
	return mkdtempSync(join(tmpdir(), "burdock-killed-"));
}

/** The files whose objects are in the store, by the first part of their keys. */
async function stems(folder: string): Promise<ReadonlySet<string>> {
	const { objects } = await fs(join(folder, "files")).list({ limit: 1000 });
	const keys = objects.map(({ key }) => key).filter((key) => !key.startsWith("library."));
	return new Set(keys.map((key) => key.slice(0, 32)));
}
