import type { AsyncContext } from "../../kernel/platform.ts";

// Imported when the module is evaluated, so that a missing flag has a message of ours.
const { AsyncLocalStorage } = await import("node:async_hooks").catch((cause: unknown) => {
	throw new Error(
		'Burdock needs AsyncLocalStorage: set compatibility_flags = ["nodejs_als"] in wrangler.toml.',
		{ cause },
	);
});

/** An asynchronous context as Workers have it, by `AsyncLocalStorage`. */
export function asyncContext<T>(): AsyncContext<T> {
	const storage = new AsyncLocalStorage<T>();
	return {
		get: () => storage.getStore(),
		run: (value, callback) => storage.run(value, callback),
	};
}
