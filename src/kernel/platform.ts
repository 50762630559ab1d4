import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";
import type { Maybe } from "./maybe.ts";

/**
 * Carries one value along a chain of asynchronous calls (AsyncLocalStorage where there is one).
 * It is entered once per scope: a request, a job, a delivery.
 */
export interface AsyncContext<T> {
	/** The value that the nearest enclosing `run` was given, or undefined outside of any. */
	get(): T | undefined;
	/** Calls `callback` with `value` as the current one, for it and all that it starts. */
	run<R>(value: T, callback: () => R): R;
}

/**
 * Who can reach the server: `"in-process"` is only the program that calls `app.fetch` itself,
 * `"loopback"` this machine, `"public"` anybody.
 */
export type Exposure = "in-process" | "loopback" | "public";

/** A SHA-256 of bytes that come one after the other. */
export interface Digest {
	/** Takes further bytes, which must not change until it is done. */
	update(bytes: Uint8Array): Maybe<void>;
	/** Ends it: 64 hexadecimal digits. */
	hex(): Maybe<string>;
}

/** What a runtime gives the app. Every difference between runtimes that matters is a value here. */
export interface Platform {
	/** `"node"`, `"cloudflare"` or `"web"`; for people to read, never for code to branch on. */
	readonly runtime: string;
	/** Settings and bindings: `process.env` on Node, `env` on Workers. */
	readonly env: Readonly<Record<string, unknown>>;
	readonly clock: Clock;
	readonly logger: Logger;
	readonly exposure: Exposure;
	/** Makes an asynchronous context, or one that never holds anything where there is no storage. */
	createContext<T>(): AsyncContext<T>;
	/** Begins a SHA-256, where the runtime has one that streams. */
	createDigest?(): Digest;
	/** Keeps the runtime alive until the work is done, where it would not wait by itself (Workers). */
	waitUntil?(work: Promise<unknown>): void;
	/**
	 * `"frequent"`: an app may answer few requests before it ends, so that a quick start counts for more
	 * than the quickest routes (Workers).
	 */
	readonly coldStarts?: "frequent";
	/**
	 * Who writes a line for each request: `"runtime"` where the runtime shows requests itself.
	 * Default: the app.
	 */
	readonly requestLines?: "runtime";
	/**
	 * Work that was deferred outside of any scope: `"macrotask"` starts it by itself soon after,
	 * `"await"` makes the emitter wait for it (where nothing runs once a request has ended).
	 */
	readonly deferral: "macrotask" | "await";
}

/** An asynchronous context for runtimes without storage: `get` always answers undefined. */
export function noContext<T>(): AsyncContext<T> {
	return { get: () => undefined, run: (_value, callback) => callback() };
}
