import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { memory } from "../../src/media/adapters/memory.ts";
import { storageConformance } from "../../src/testing/storage-conformance.ts";
import { ACCESS, S3Server } from "../support/s3-server.ts";

/** A Worker's code, of a module that exports it as `worker`. */
async function bundle(path: string): Promise<string> {
	const file = fileURLToPath(new URL(path, import.meta.url));
	const { outputFiles } = await build({
		stdin: {
			contents: `export { worker as default } from ${JSON.stringify(file)};`,
			resolveDir: fileURLToPath(new URL(".", import.meta.url)),
		},
		bundle: true,
		format: "esm",
		conditions: ["workerd"],
		write: false,
		logLevel: "silent",
	});
	return outputFiles[0]?.text ?? "";
}

let server: S3Server;
beforeAll(async () => {
	server = await S3Server.start(await bundle("../support/s3-worker.ts"));
}, 60_000);
afterAll(() => server[Symbol.asyncDispose]());

describe("s3 on Workers", () => {
	// The same cases run there; here only their names are asked for.
	it.each(storageConformance(() => ({ store: memory() })))(
		"$name",
		async ({ name }) => {
			const call = { name, endpoint: server.endpoint, access: ACCESS };
			expect(await server.ask(call)).toEqual({});
		},
		60_000,
	);
});
