import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { environment } from "./installed-package.ts";

const FOLDER = new URL("../../compat/bknd/", import.meta.url).pathname;
const UNREACHABLE =
	/\b(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOTCACHED|ERR_SOCKET_TIMEOUT)\b/;

/** An answer, as bknd's client shows it: its data, and what is known of it. */
export interface BkndAnswer {
	readonly ok: boolean;
	readonly status: number;
	readonly data: unknown;
	readonly body: {
		readonly error?: string;
		readonly meta?: Readonly<Record<string, unknown>>;
	} & Readonly<Record<string, unknown>>;
	readonly res: Response;
}

type Call<Args extends readonly unknown[]> = (...args: Args) => PromiseLike<BkndAnswer>;

/** bknd's client for data, as far as it is asked here. */
export interface BkndData {
	readonly readOne: Call<[entity: string, id: number, query?: object]>;
	readonly readOneBy: Call<[entity: string, query?: object]>;
	readonly readMany: Call<[entity: string, query?: object]>;
	readonly readManyByReference: Call<
		[entity: string, id: number, reference: string, query?: object]
	>;
	readonly createOne: Call<[entity: string, input: object]>;
	readonly createMany: Call<[entity: string, input: readonly object[]]>;
	readonly updateOne: Call<[entity: string, id: number, input: object]>;
	readonly updateMany: Call<[entity: string, where: object, update: object]>;
	readonly deleteOne: Call<[entity: string, id: number]>;
	readonly deleteMany: Call<[entity: string, where: object]>;
	readonly count: Call<[entity: string, where?: object]>;
	readonly exists: Call<[entity: string, where?: object]>;
}

interface Options {
	readonly host: string;
	readonly token?: string;
	readonly fetcher?: typeof fetch;
}

/** `Api` of `bknd/client`. */
export type BkndApi = new (options: Options) => { readonly data: BkndData };

/**
 * bknd's published client, installed in a folder of its own and loaded as it is; undefined when the
 * registry cannot be reached. Throws with npm's output when it cannot be installed otherwise.
 */
export async function loadBkndApi(): Promise<BkndApi | undefined> {
	if (!(await isInstalled())) return undefined;
	const entry = createRequire(`${FOLDER}package.json`).resolve("bknd/client");
	const module = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as {
		readonly Api: BkndApi;
	};
	return module.Api;
}

/** Installs what the lock says, unless it is there already. */
async function isInstalled(): Promise<boolean> {
	const lock = readFileSync(`${FOLDER}package-lock.json`, "utf8");
	const stamp = `${FOLDER}node_modules/.installed-lock.json`;
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return true;
	const args = ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
	try {
		await promisify(execFile)("npm", args, { cwd: FOLDER, env: environment() });
	} catch (error) {
		const { stderr = "" } = error as { readonly stderr?: string };
		if (UNREACHABLE.test(stderr)) return false;
		throw new Error(`compat/bknd cannot be installed:\n${stderr}`, { cause: error });
	}
	writeFileSync(stamp, lock);
	return true;
}
