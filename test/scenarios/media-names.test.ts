import { describe, expect, test } from "vitest";
import { HOSTILE_OBJECT_KEYS } from "../../src/testing/hostile-object-keys.ts";
import { filesApp, type FilesApp } from "../support/files-app.ts";

const BASE = "/api/media";
const TIMEOUT = 120_000;
const SENTINEL = "What nobody but its name leads to.";

/** Ways to write a name into a path, where URLs can hold it. */
const WRITTEN: Readonly<Record<string, (name: string) => string>> = {
	encoded: encodeURIComponent,
	"encoded twice": (name) => encodeURIComponent(encodeURIComponent(name)),
	"as it is": (name) => name,
};

/** Sends it if it can be sent at all: the URL of a request has to be one. */
async function sent(
	{ send }: FilesApp,
	[method, path, body]: readonly [string, string, unknown?],
): Promise<Response | undefined> {
	try {
		return await send([method, path, body]);
	} catch (error) {
		expect(error).toSatisfy((one) => one instanceof URIError || one instanceof TypeError);
		return undefined;
	}
}

function written(way: string, name: string): string | undefined {
	try {
		return WRITTEN[way]?.(name.slice(0, 3000));
	} catch {
		return undefined;
	}
}

const FORM = { "content-type": "multipart/form-data; boundary=x" };

/** A form with a file, as browsers write it. */
function formOf(name: string): string {
	const filename = name
		.toWellFormed()
		.replace(/["\r\n]/g, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, "0")}`);
	const disposition = `content-disposition: form-data; name="file"; filename="${filename}"`;
	return `--x\r\n${disposition}\r\ncontent-type: text/plain\r\n\r\nx\r\n--x--\r\n`;
}

/** An app with one file, which is to be found at its own name alone. */
async function guarded() {
	const app = await filesApp();
	const { data } = await app.run(() => app.app.media.upload(SENTINEL, { name: "sentinel.txt" }));
	return { app, objects: [data?.object] };
}

describe.for(Object.keys(WRITTEN))("hostile names, %s", (way) => {
	test("lead to no file, and delete none", { timeout: TIMEOUT }, async () => {
		const { app, objects } = await guarded();
		for (const name of HOSTILE_OBJECT_KEYS) {
			const path = written(way, name);
			if (path === undefined) continue;
			for (const [method, at] of [
				["GET", `${BASE}/file/${path}`],
				["DELETE", `${BASE}/file/${path}`],
				["POST", `${BASE}/file/${path}/link`],
			] as const) {
				const response = await sent(app, [method, at]);
				if (!response) continue;
				const text = await response.text();
				// A path that means another one is another request: to the list of files, say.
				const said = `${method} ${at}: ${response.status} ${text}`;
				expect(response.status, said).toBeLessThan(500);
				expect(text, said).not.toContain(SENTINEL);
				if (way !== "as it is") expect(response.status, said).toBeGreaterThanOrEqual(400);
			}
		}
		expect(await app.objects()).toEqual(objects);
		expect(await app.rows()).toBe(1);
	});

	test("are refused for a file, or are its very name", { timeout: TIMEOUT }, async () => {
		const { app, objects } = await guarded();
		let taken = 0;
		for (const name of HOSTILE_OBJECT_KEYS) {
			const path = written(way, name);
			if (path === undefined) continue;
			const content = `content ${taken}`;
			const at = `${BASE}/upload/${path}?overwrite=true`;
			const response = await sent(app, ["POST", at, content]);
			if (!response) continue;
			const said = `${at}: ${response.status}`;
			expect(response.status, said).toBeLessThan(500);
			if (response.status !== 201) continue;
			taken++;
			const { data, state } = (await response.json()) as {
				data: { object: string };
				state: { path: string };
			};
			expect(data.object).toMatch(/^[0-9a-f]{32}$/);
			const got = await app.send(["GET", state.path]);
			expect(await got.text(), said).toBe(content);
			expect((await app.send(["DELETE", state.path])).status, said).toBe(200);
		}
		await app.settle();
		expect(await app.objects()).toEqual(objects);
	});
});

test(
	"hostile names of fields, entities and rows attach nothing",
	{ timeout: TIMEOUT },
	async () => {
		const { app, objects } = await guarded();
		for (const name of HOSTILE_OBJECT_KEYS) {
			const path = written("encoded", name);
			if (path === undefined) continue;
			for (const at of [`posts/1/${path}`, `posts/${path}/cover`, `${path}/1/cover`]) {
				const response = await sent(app, ["POST", `${BASE}/entity/${at}`, "x"]);
				if (response)
					expect([at, response.status]).toEqual([at, expect.toBeOneOf([400, 404, 422])]);
			}
		}
		await app.settle();
		expect(await app.objects()).toEqual(objects);
		expect(await app.rows()).toBe(1);
	},
);

test(
	"hostile names that files of forms had come out of headers as they may stand there",
	{ timeout: TIMEOUT },
	async () => {
		const { app } = await guarded();
		for (const name of HOSTILE_OBJECT_KEYS) {
			const response = await app.send(["POST", `${BASE}/upload`, formOf(name), FORM]);
			const said = JSON.stringify(name.slice(0, 80));
			// No header has control characters; without a name there is no file.
			if (response.status !== 201) {
				expect(response.status, said).toBe(400);
				expect(name).toMatch(/^$|\p{Cc}/u);
				continue;
			}
			const { data, state } = (await response.json()) as {
				data: { name: string };
				state: { name: string; path: string };
			};
			expect(state.name).toMatch(/^[0-9a-z]{16}\.txt$/);
			expect(data.name, said).not.toMatch(/[/\\\p{Cc}]|^\.\.?$/u);
			const got = await app.send(["GET", state.path]);
			expect(got.headers.get("content-disposition"), said).toMatch(
				/^inline; filename="[ !#$&-[\]-~_]*"(?:; filename\*=UTF-8''[\w.!#$&+^`|~%-]+)?$/,
			);
			await app.send(["DELETE", state.path]);
		}
	},
);
