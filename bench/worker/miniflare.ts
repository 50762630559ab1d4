import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

import type * as MiniflareModule from "miniflare";
import type { Miniflare, V4WorkerOptions } from "miniflare";

import { COMPATIBILITY_DATE } from "./contenders.ts";

const wrangler = createRequire(createRequire(import.meta.url).resolve("wrangler/package.json"));

/** What a Miniflare of these benchmarks is told. */
export interface MiniflareSettings {
	/** 0: any that is free. */
	readonly port: number;
	/** The folder in which D1 keeps its files. */
	readonly folder: string;
	readonly script: string;
	readonly compatibilityFlags: readonly string[];
	readonly more?: Partial<V4WorkerOptions>;
}

/** Starts the Miniflare that wrangler brings, with one Worker and one D1 database, `DB`. */
export async function startMiniflare(settings: MiniflareSettings): Promise<Miniflare> {
	const { port, folder, script, compatibilityFlags, more } = settings;
	const path = pathToFileURL(wrangler.resolve("miniflare")).href;
	const module = (await import(path)) as typeof MiniflareModule;
	const options = module.convertV4MiniflareOptions({
		host: "127.0.0.1",
		port,
		cf: false,
		log: new module.Log(module.LogLevel.ERROR),
		logRequests: false,
		handleStructuredLogs: () => {},
		resourcePersistencePath: folder,
		workers: [
			{
				name: "worker",
				modules: true,
				script,
				compatibilityDate: COMPATIBILITY_DATE,
				compatibilityFlags: [...compatibilityFlags],
				d1Databases: { DB: "db" },
				...more,
			} as V4WorkerOptions,
		],
	});
	const miniflare = new module.Miniflare(options);
	await miniflare.ready;
	return miniflare;
}

/** `wrangler 4.164.0, workerd 1.2…`: what of the root's packages takes part. */
export function toolVersions(): string {
	return ["wrangler", "workerd"]
		.map((name) => {
			const text = readFileSync(wrangler.resolve(`${name}/package.json`), "utf8");
			return `${name} ${(JSON.parse(text) as { version: string }).version}`;
		})
		.join(", ");
}
