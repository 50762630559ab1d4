import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { installCompatPackage } from "./compat-package.ts";

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

/** bknd's client for files, as far as it is asked here. */
export interface BkndMedia {
	readonly listFiles: Call<[]>;
	readonly getFile: Call<[name: string]>;
	readonly getFileStream: (name: string) => Promise<ReadableStream<Uint8Array>>;
	readonly download: (name: string) => Promise<Blob>;
	readonly upload: Call<[item: File | Blob, options?: { readonly filename?: string }]>;
	readonly uploadToEntity: Call<
		[
			entity: string,
			id: number,
			field: string,
			item: File,
			options?: { readonly overwrite?: boolean },
		]
	>;
	readonly deleteFile: Call<[name: string]>;
	readonly getFileUploadUrl: (file?: { readonly path: string }) => string;
}

interface Options {
	readonly host: string;
	readonly token?: string;
	readonly fetcher?: typeof fetch;
}

/** `Api` of `bknd/client`. */
export type BkndApi = new (options: Options) => {
	readonly data: BkndData;
	readonly media: BkndMedia;
};

/**
 * bknd's published client, installed in a folder of its own and loaded as it is; undefined when the
 * registry cannot be reached. Throws with npm's output when it cannot be installed otherwise.
 */
export async function loadBkndApi(): Promise<BkndApi | undefined> {
	const folder = await installCompatPackage("bknd");
	if (folder === undefined) return undefined;
	const entry = createRequire(join(folder, "package.json")).resolve("bknd/client");
	const module = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as {
		readonly Api: BkndApi;
	};
	return module.Api;
}
