// A Worker of files under Miniflare, as a process of its own. Arguments: path of the bundle,
// compatibility flags joined by commas.

import { readFileSync } from "node:fs";
import { dirname } from "node:path";

import { OWN_TABLES } from "../../../src/data/migrate/own-tables.ts";
import { serverSettings } from "../../http/servers/process-side.ts";
import { startMiniflare } from "../../worker/miniflare.ts";
import { WorkerdUsage } from "../../worker/workerd-usage.ts";
import { CREATE_FILES } from "./schema.ts";

const MEDIA = `CREATE TABLE IF NOT EXISTS media (
	id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
	key TEXT NOT NULL UNIQUE,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size INTEGER NOT NULL,
	etag TEXT NOT NULL,
	checksum TEXT,
	width INTEGER,
	height INTEGER,
	metadata TEXT,
	object TEXT NOT NULL UNIQUE,
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
)`;

const [bundle = "", flags = ""] = process.argv.slice(2);
const { file, port } = serverSettings();
let workerd: WorkerdUsage | undefined;

// Before anything is awaited: the harness may ask as soon as a request is answered.
process.on("message", (message) => {
	if (message !== "usage") return;
	workerd ??= new WorkerdUsage();
	process.send?.(workerd.total());
});

const miniflare = await startMiniflare({
	port,
	folder: dirname(file),
	script: readFileSync(bundle, "utf8"),
	compatibilityFlags: flags === "" ? [] : flags.split(","),
	more: { r2Buckets: { BUCKET: "bucket" } },
});
const database = await miniflare.getD1Database("DB");
const tables = [CREATE_FILES, MEDIA, ...OWN_TABLES.map(({ sql }) => sql)];
await database.batch(tables.map((sql) => database.prepare(sql)));

async function stop(): Promise<never> {
	await miniflare.dispose();
	process.exit();
}

process.on("SIGTERM", () => void stop());
process.on("disconnect", () => void stop());
