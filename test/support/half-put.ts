/** A process that stops in the middle of a put, for good: `node half-put.ts <folder> <key>`. */
import { fs } from "../../src/media/adapters/fs.ts";

async function* chunks(): AsyncGenerator<Uint8Array> {
	yield new Uint8Array(300_000);
	yield new Uint8Array(300_000);
	console.log("Two chunks are taken.");
	await new Promise(() => setInterval(() => {}, 60_000));
}

const [dir = "", key = ""] = process.argv.slice(2);
await fs(dir).put(key, chunks(), { type: "text/plain" });
