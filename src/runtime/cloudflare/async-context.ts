import type { AsyncContext } from "../../kernel/platform.ts";
import { cloudflareErrors } from "./errors.ts";

// Imported when the module is evaluated, so that a missing flag has a message of ours.
const { AsyncLocalStorage } = await import("node:async_hooks").catch((cause: unknown) => {
	throw cloudflareErrors.create("no_async_context", {}, { cause });
});

/** An asynchronous context as Workers have it, by `AsyncLocalStorage`. */
export function asyncContext<T>(): AsyncContext<T> {
	const storage = new AsyncLocalStorage<T>();
	return {
		get: () => storage.getStore(),
		run: (value, callback) => storage.run(value, callback),
	};
}
