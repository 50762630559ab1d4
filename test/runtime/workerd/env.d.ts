declare namespace Cloudflare {
	interface Env {
		readonly DB: D1Database;
		readonly SECOND_DB: D1Database;
		readonly BUCKET: R2Bucket;
		readonly IMAGES: ImagesBinding;
	}
}

/** What workerd has of Node with the flag `nodejs_als`. */
declare module "node:async_hooks" {
	export class AsyncLocalStorage<T> {
		getStore(): T | undefined;
		run<R>(store: T, callback: () => R): R;
	}
}
