import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { COMPATIBILITY_DATE } from "./contenders.ts";
import type { WorkerSource } from "./contenders.ts";

const run = promisify(execFile);
const resolve = createRequire(import.meta.url).resolve;

/** What `wrangler deploy` would upload. */
export interface Bundle {
	readonly worker: WorkerSource;
	readonly file: string;
	/** Size as wrangler says it, in KiB. */
	readonly gzipKiB: number;
}

const ROOT = new URL("../../", import.meta.url);

interface Manifest {
	readonly exports: Readonly<Record<string, string | { readonly workerd?: string }>>;
}

/**
 * Where the product's names lead in a Worker, and its Drizzle: this folder has packages of its own, but
 * a user's bundle has one of each.
 */
function aliases(): Record<string, string> {
	const manifest = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8")) as Manifest;
	const drizzle = "drizzle-orm/sqlite-core";
	const found: Record<string, string> = {
		[drizzle]: fileURLToPath(new URL(`node_modules/${drizzle}/index.js`, ROOT)),
	};
	for (const [name, target] of Object.entries(manifest.exports)) {
		if (typeof target === "string" || target.workerd === undefined) continue;
		found[name.replace(/^\./, "burdock")] = fileURLToPath(new URL(target.workerd, ROOT));
	}
	return found;
}

/** The text of a bundle. */
export function textOf({ file }: Bundle): string {
	return readFileSync(file, "utf8");
}

/**
 * Has wrangler bundle a Worker as for deployment, minified, into a folder of its own below
 * `workspace`. Nothing leaves the machine.
 */
export async function bundle(worker: WorkerSource, workspace: string): Promise<Bundle> {
	const folder = join(workspace, "bundles", worker.name);
	mkdirSync(folder, { recursive: true });
	const config = join(folder, "wrangler.json");
	writeFileSync(
		config,
		JSON.stringify({
			name: worker.name,
			main: worker.entry,
			compatibility_date: COMPATIBILITY_DATE,
			compatibility_flags: worker.compatibilityFlags,
			...(worker.usesProduct && { alias: aliases() }),
			d1_databases: [{ binding: "DB", database_name: "db", database_id: "db" }],
		}),
	);
	const wrangler = join(resolve("wrangler/package.json"), "../bin/wrangler.js");
	const args = ["deploy", "--dry-run", "--minify", "--outdir", folder, "--config", config];
	const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_HIDE_BANNER: "true" };
	const { stdout } = await run(process.execPath, [wrangler, ...args], { cwd: folder, env });
	const gzip = /gzip: ([\d.]+) KiB/.exec(stdout)?.[1];
	if (gzip === undefined) throw new Error(`wrangler named no size:\n${stdout}`);
	return { worker, file: join(folder, `${worker.name}.js`), gzipKiB: Number(gzip) };
}
