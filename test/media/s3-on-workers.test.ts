import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCESS, S3Server } from "../support/s3-server.ts";

/** The cases that stream, which is where Workers differ; s3.test.ts runs them all. */
const STREAMING = [
	"stores an object of no bytes",
	"stores more than 9 MiB in uneven chunks",
	"stores one chunk of more than 5 MiB",
	"asks for one chunk at a time",
	"gives the old object whole until the new one is",
	"throws on what the chunks threw, and stores nothing",
	"stores nothing when the signal ends a put",
	"ends a put by its signal though no chunk comes",
	"gives parts of a large object",
	"gives a large object as a stream, in chunks",
	"lets a reader leave a stream",
	"gives a reader the old bytes to their end while they are replaced",
];

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
	it.each(STREAMING)(
		"%s",
		async (name) => {
			const call = { name, endpoint: server.endpoint, access: ACCESS };
			expect(await server.ask(call)).toEqual({});
		},
		60_000,
	);
});
