import { createHash } from "node:crypto";
import {
	mkdirSync,
	readFileSync,
	readdirSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, sep } from "node:path";
import { VERSION } from "../kernel/version.ts";
import type { ConfigBundle } from "./bundle-config.ts";

/** A bundle on disk. */
export interface CachedBundle {
	readonly file: string;
	/** The files that it is made of, absolute. */
	readonly inputs: readonly string[];
}

interface InputState {
	/** Size and times: as long as they are the same, nobody looks at the content. */
	readonly stat: string;
	readonly hash: string;
}

interface Manifest {
	readonly tools: string;
	readonly bundle: string;
	/** The files that nobody imports, but that are bundled because they are there. */
	readonly found: readonly string[];
	readonly inputs: Readonly<Record<string, InputState>>;
	/** Files beside the inputs that change what a bundle is, whether they exist or not. */
	readonly settings: Readonly<Record<string, InputState>>;
}

const INSTALLED = `${sep}node_modules${sep}`;
const MISSING: InputState = { stat: "missing", hash: "missing" };
/** A process that is just starting may still want a file as old as this, in milliseconds. */
const PRUNE_AGE = 60_000;

/**
 * Keeps bundles of one config in `.burdock/cache` beside it, where its imports resolve; or, where
 * that cannot be written, in a folder of its own below the system's temporary one.
 *
 * A manifest names the current bundle and the state of each file that it is made of. Files are
 * written under another name and renamed, and a bundle is named by its content, so processes that
 * start at the same time never see half a file.
 */
export class ConfigCache {
	readonly #path: string;
	readonly #manifest: string;

	/** @param path The config's path, absolute. */
	constructor(path: string) {
		this.#path = path;
		this.#manifest = `config-${hashOf(path).slice(0, 8)}.json`;
	}

	/**
	 * The bundle, if everything that it is made of is still the same.
	 *
	 * @param found The files that are bundled because they are there, absolute, in their order.
	 */
	read(found: readonly string[]): CachedBundle | undefined {
		for (const folder of this.#folders()) {
			const bundle = this.#readFrom(folder, found);
			if (bundle !== undefined) return bundle;
		}
		return undefined;
	}

	/**
	 * Stores a bundle. One of files that were changed after `since` can be used once, but is not
	 * found again: it may hold either of their versions.
	 *
	 * @param from When the bundling began, in milliseconds since the epoch, and the files that it found.
	 */
	write(
		{ code, inputs }: ConfigBundle,
		{ since, found }: { readonly since: number; readonly found: readonly string[] },
	): CachedBundle {
		const bundle = `${hashOf(code).slice(0, 16)}.mjs`;
		const settled = inputs.every((input) => (modifiedAt(input) ?? 0) < since);
		const manifest: Manifest = {
			tools: tools(),
			bundle,
			found,
			inputs: statesOf(inputs),
			settings: statesOf(this.#settings(inputs)),
		};
		const folder = this.#writable();
		writeWhole(join(folder, bundle), code);
		if (settled) writeWhole(join(folder, this.#manifest), JSON.stringify(manifest));
		prune(folder, bundle);
		return { file: join(folder, bundle), inputs };
	}

	/** Whether a file lies where the config's imports don't resolve by themselves. */
	isAway(file: string): boolean {
		return dirname(file) !== this.#folders()[0];
	}

	#readFrom(folder: string, found: readonly string[]): CachedBundle | undefined {
		const manifest = readManifest(join(folder, this.#manifest));
		if (manifest === undefined || manifest.tools !== tools()) return undefined;
		if (JSON.stringify(manifest.found) !== JSON.stringify(found)) return undefined;
		const { inputs, settings, bundle } = manifest;
		const same = ([path, state]: readonly [string, InputState]): boolean => isSame(path, state);
		if (!Object.entries(settings).every(same) || !Object.entries(inputs).every(same)) {
			return undefined;
		}
		const file = join(folder, bundle);
		return modifiedAt(file) === undefined ? undefined : { file, inputs: Object.keys(inputs) };
	}

	#folders(): readonly [string, string] {
		const own = hashOf(dirname(this.#path)).slice(0, 16);
		return [
			join(dirname(this.#path), ".burdock", "cache"),
			join(tmpdir(), `burdock-${process.getuid?.() ?? 0}`, own),
		];
	}

	/** Makes the folder; nobody else may put code into it. */
	#writable(): string {
		const [beside, temporary] = this.#folders();
		try {
			mkdirSync(beside, { recursive: true });
			writeWhole(join(beside, ".writable"), "");
			rmSync(join(beside, ".writable"), { force: true });
			return beside;
		} catch {
			mkdirSync(temporary, { recursive: true, mode: 0o700 });
			const { uid } = statSync(dirname(temporary));
			if (process.getuid && uid !== process.getuid()) throw new Error(`${temporary} is not ours.`);
			return temporary;
		}
	}

	/** `package.json` of the project, and every `tsconfig.json` that may apply to an input. */
	#settings(inputs: readonly string[]): readonly string[] {
		const folder = dirname(this.#path);
		const files = new Set([join(folder, "package.json")]);
		for (const input of [this.#path, ...inputs]) {
			if (input.includes(INSTALLED)) continue;
			for (let at = dirname(input); ; at = dirname(at)) {
				files.add(join(at, "tsconfig.json"));
				if (at === dirname(at)) break;
			}
		}
		return [...files];
	}
}

/** What made a bundle: with other tools it might be another. */
function tools(): string {
	return `burdock ${VERSION}, esbuild ${esbuildVersion()}, node ${process.version}, ${import.meta.url}`;
}

/** Read without loading it, which would cost 20 ms. */
function esbuildVersion(): string {
	try {
		const file = createRequire(import.meta.url).resolve("esbuild/package.json");
		return (JSON.parse(readFileSync(file, "utf8")) as { readonly version: string }).version;
	} catch {
		return "none";
	}
}

function readManifest(path: string): Manifest | undefined {
	try {
		return JSON.parse(readFileSync(path, "utf8")) as Manifest;
	} catch {
		return undefined;
	}
}

function statesOf(paths: readonly string[]): Record<string, InputState> {
	return Object.fromEntries(paths.map((path) => [path, stateOf(path)]));
}

function stateOf(path: string): InputState {
	const stat = statOf(path);
	return stat === MISSING.stat ? MISSING : { stat, hash: hashOf(readFileSync(path)) };
}

function isSame(path: string, { stat, hash }: InputState): boolean {
	const current = statOf(path);
	if (current === stat) return true;
	if (current === MISSING.stat) return false;
	return hashOf(readFileSync(path)) === hash;
}

function statOf(path: string): string {
	const stats = statSync(path, { throwIfNoEntry: false });
	return stats ? `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` : MISSING.stat;
}

function modifiedAt(path: string): number | undefined {
	return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

function hashOf(content: string | Uint8Array): string {
	return createHash("sha256").update(content).digest("hex");
}

function writeWhole(path: string, content: string): void {
	const temporary = `${path}.${process.pid}.tmp`;
	writeFileSync(temporary, content);
	renameSync(temporary, path);
}

/** Removes what no manifest names any more. */
function prune(folder: string, current: string): void {
	const files = readdirSync(folder);
	const named = files
		.filter((file) => file.endsWith(".json"))
		.map((file) => readManifest(join(folder, file))?.bundle);
	const kept = new Set([current, ...named]);
	for (const file of files) {
		if (!/\.(?:mjs|tmp)$/.test(file) || kept.has(file)) continue;
		const path = join(folder, file);
		if (Date.now() - (modifiedAt(path) ?? Infinity) > PRUNE_AGE) rmSync(path, { force: true });
	}
}
