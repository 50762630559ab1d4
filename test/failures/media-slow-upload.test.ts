import { expect, test } from "vitest";
import { memory } from "../../src/media/adapters/memory.ts";
import type { StorageAdapter } from "../../src/media/storage-adapter.ts";
import { filesApp } from "../support/files-app.ts";

const HOUR = 3_600_000;

test.for([
	["from its beginning", "began", "upload_expired"],
	["from its end", "ended", undefined],
] as const)(
	"an upload that took longer than the grace, in a store that dates it %s",
	async ([, dated, code]) => {
		let passed = 0;
		const now = () => Date.now() + passed;
		const inner = memory();
		const began = new Date();
		const store: StorageAdapter = {
			name: inner.name,
			get: (...all) => inner.get(...all),
			delete: (keys) => inner.delete(keys),
			list: (options) => inner.list(options),
			async put(...all) {
				await inner.put(...all);
				passed = 2 * HOUR;
			},
			async head(key) {
				const found = await inner.head(key);
				return found && { ...found, stored: dated === "began" ? began : new Date(now()) };
			},
		};
		const { app, run } = await filesApp({ media: { store }, platform: { clock: { now } } });
		const refused = await run(() =>
			app.media.upload("slow", { name: "a.txt" }).then(
				() => undefined,
				(error: { readonly code: string }) => error.code,
			),
		);
		expect(refused).toBe(code);
		const { objects } = await inner.list({ limit: 10 });
		expect(objects.length).toBe(code === undefined ? 1 : 0);
	},
);
