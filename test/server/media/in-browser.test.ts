import { createServer } from "node:http";
import { once } from "node:events";
import { describe, expect, onTestFinished, test } from "vitest";
import { mediaLibrary } from "../../../src/index.media.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { memory } from "../../../src/media/adapters/memory.ts";
import { MediaEvents } from "../../../src/media/media-events.ts";
import { serve } from "../../../src/runtime/node/serve.ts";
import { CHROMIUM, openBrowser } from "../../support/browser.ts";
import * as schema from "../../support/files-schema.ts";

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
`;
/** One transparent pixel. */
const PNG = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
	"base64",
);
const HTML = "<!doctype html><title>run</title><script>document.title = 'ran'</script>";

/** A second of silence. */
function silence(): Uint8Array {
	const data = Buffer.alloc(8000, 128);
	const head = Buffer.alloc(44);
	head.write("RIFF", 0);
	head.writeUInt32LE(36 + data.length, 4);
	head.write("WAVEfmt ", 8);
	head.writeUInt32LE(16, 16);
	for (const [value, at] of [
		[1, 20],
		[1, 22],
		[1, 32],
		[8, 34],
	] as const) {
		head.writeUInt16LE(value, at);
	}
	for (const at of [24, 28]) head.writeUInt32LE(8000, at);
	head.write("data", 36);
	head.writeUInt32LE(data.length, 40);
	return Buffer.concat([head, data]);
}

/** A server with a file of each kind. */
async function served() {
	const server = await serve(
		{
			connection: { url: ":memory:" },
			schema,
			media: mediaLibrary({ store: memory(), types: ["*"] }),
		},
		{ port: 0, signals: "ignore", logger: silentLogger },
	);
	onTestFinished(async () => {
		await server.close();
	});
	const files = {
		"a.png": PNG,
		"a.wav": silence(),
		"a.pdf": PDF,
		"a.txt": "Hello.",
		"a.html": HTML,
	};
	for (const [name, content] of Object.entries(files)) {
		await server.app.media.upload(content, { name });
	}
	return server;
}

/** A page of another site that shows an image, and says how wide it is. */
async function otherSite(image: string): Promise<string> {
	const server = createServer((_, response) => {
		response.setHeader("content-type", "text/html");
		response.end(`<!doctype html><link rel=icon href=data:,><img src="${image}">`);
	}).listen(0, "127.0.0.1");
	onTestFinished(() => void server.close());
	await once(server, "listening");
	// By another name than that of the server of the image.
	return `http://other.localhost:${(server.address() as { port: number }).port}/`;
}

describe.skipIf(!CHROMIUM)("a browser", () => {
	test("shows what it can show, and says nothing of the policy", { timeout: 60_000 }, async () => {
		const { url } = await served();
		const page = await openBrowser();
		const shown = async (name: string, expression: string) => {
			await page.open(`${url}/api/media/file/${name}`);
			return page.evaluate(expression);
		};
		expect(await shown("a.png", "document.images[0].naturalWidth")).toBe(1);
		expect(await shown("a.txt", "document.body.textContent")).toBe("Hello.");
		expect(await shown("a.pdf", "document.contentType")).toBe("application/pdf");
		const playable = `new Promise((resolve) => {
			const video = document.querySelector("video");
			if (video.readyState > 0) resolve(video.duration);
			video.addEventListener("loadedmetadata", () => resolve(video.duration));
			video.querySelector("source").addEventListener("error", () => resolve("refused"));
		})`;
		expect(await shown("a.wav", playable)).toBe(1);
		expect(page.messages.filter((text) => /policy/i.test(text))).toEqual([]);
	});

	test("shows no HTML", { timeout: 60_000 }, async () => {
		const { url } = await served();
		const page = await openBrowser();
		await page.open("data:text/html,<title>before</title>");
		const { isDownload } = (await page.command("Page.navigate", {
			url: `${url}/api/media/file/a.html`,
		})) as { readonly isDownload?: boolean };
		expect(isDownload).toBe(true);
		expect(await page.evaluate("document.title")).toBe("before");
	});

	test(
		"shows a public image on other sites, and one for some on none",
		{ timeout: 60_000 },
		async () => {
			const { app, url } = await served();
			const page = await openBrowser();
			const width = async () => {
				await page.open(await otherSite(`${url}/api/media/file/a.png?${Math.random()}`));
				return page.evaluate("document.images[0].naturalWidth");
			};
			expect(await width()).toBe(1);
			app.emgr.onEvent(MediaEvents.FileAccessEvent, () => {}, "sync");
			expect(await width()).toBe(0);
		},
	);
});
