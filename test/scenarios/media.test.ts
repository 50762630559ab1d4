import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/error.ts";
import { MediaEvents } from "../../src/media/media-events.ts";
import type { AccessRule } from "../../src/server/server-options.ts";
import { filesApp, type FilesApp } from "../support/files-app.ts";
import { expectCommonHeaders, expectProblem } from "../support/scenario.ts";

const BASE = "/api/media";
const TEXT = "Burrs hook on to whoever comes by.";
const TOKEN = "a-token-that-is-long-enough";
const HTML = "<!doctype html><script>alert(1)</script>";
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
/** One transparent pixel. */
const PNG = Uint8Array.from(
	atob(
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
	),
	(one) => one.charCodeAt(0),
);

type Headers = Readonly<Record<string, string>>;
type Body = Readonly<Record<string, unknown>>;

/** Sends a request; every answer has what all answers have, and failures are problems. */
async function ask(
	{ send }: FilesApp,
	...[method, path, body, headers = {}]: [string, string, unknown?, Headers?]
): Promise<Response> {
	const response = await send([method, `${BASE}${path}`, body, headers]);
	expectCommonHeaders(response);
	if (response.status >= 400) expectProblem(await response.clone().text(), response);
	return response;
}

async function upload(
	app: FilesApp,
	name: string,
	content: unknown = TEXT,
	headers: Headers = {},
): Promise<Body> {
	const response = await ask(app, "POST", `/upload/${encodeURIComponent(name)}`, content, headers);
	const text = await response.text();
	expect(response.status, text).toBe(201);
	return JSON.parse(text) as Body;
}

async function failure(response: Response): Promise<readonly [number, unknown]> {
	const { code } = (await response.json()) as Body;
	return [response.status, code];
}

function header(response: Response, name: string): string | null {
	return response.headers.get(name);
}

async function nothingIsLeft(app: FilesApp): Promise<void> {
	await app.settle();
	expect([await app.rows(), await app.objects()]).toEqual([0, []]);
}

function formOf(filename: string): FormData {
	const form = new FormData();
	form.set("title", "Burrs");
	form.set("file", new File([TEXT], filename, { type: "text/plain" }));
	return form;
}

async function sendForm({ send }: FilesApp, path: string, form: FormData): Promise<Response> {
	return send(new Request(`http://localhost${BASE}${path}`, { method: "POST", body: form }));
}

describe("POST /upload", () => {
	test("stores a body as it is", async () => {
		const app = await filesApp();
		const answer = await upload(app, "burr.txt", TEXT, { "content-type": "text/markdown" });
		expect(answer).toEqual({
			data: expect.objectContaining({
				id: 1,
				key: "burr.txt",
				name: "burr.txt",
				type: "text/markdown",
				size: TEXT.length,
				alt: "",
			}) as unknown,
			name: "burr.txt",
			meta: { type: "text/markdown", size: TEXT.length },
			etag: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
			state: { name: "burr.txt", path: `${BASE}/file/burr.txt` },
		});
		expect(await (await ask(app, "GET", "/file/burr.txt")).text()).toBe(TEXT);
	});

	test("stores the file of a form, under a name or a random one", async () => {
		const app = await filesApp();
		const named = await sendForm(app, "/upload/own.txt", formOf("sent as.txt"));
		expect(await named.json()).toMatchObject({
			data: { key: "own.txt", name: "sent as.txt", type: "text/plain" },
		});
		const random = await sendForm(app, "/upload", formOf("C:\\fakepath\\Grüße.txt"));
		expect(random.status).toBe(201);
		const { data, name } = (await random.json()) as { data: Body; name: string };
		expect(name).toMatch(/^[0-9a-z]{16}\.txt$/);
		expect(data).toMatchObject({ key: name, name: "Grüße.txt" });
		expect(await (await ask(app, "GET", `/file/${name}`)).text()).toBe(TEXT);
	});

	test("stores a body without a name, and knows images", async () => {
		const app = await filesApp();
		const response = await ask(app, "POST", "/upload", PNG);
		expect([response.status, await response.json()]).toMatchObject([
			201,
			{ meta: { type: "image/png", size: PNG.length, width: 1, height: 1 } },
		]);
	});

	test.for([
		["Grüße aus 東京.txt", "Gr%C3%BC%C3%9Fe%20aus%20%E6%9D%B1%E4%BA%AC.txt"],
		["100% #1 & more.txt", "100%25%20%231%20%26%20more.txt"],
		["a+b=c;d.txt", "a%2Bb%3Dc%3Bd.txt"],
	] as const)("takes the name %s", async ([name, path]) => {
		const app = await filesApp();
		const response = await ask(app, "POST", `/upload/${path}`, TEXT);
		expect(await response.json()).toMatchObject({
			name,
			state: { path: `${BASE}/file/${encodeURIComponent(name)}` },
		});
		expect(await (await ask(app, "GET", `/file/${path}`)).text()).toBe(TEXT);
	});

	test.for([
		"..%2Fsecret",
		"a%2Fb",
		"a%5Cb",
		"%252Fa",
		"a%00b",
		"con.txt",
		"%E2%80%AEtxt.exe",
		"a%0Ab",
		"%FF",
		"x".repeat(300),
	])("refuses the name %s", async (path) => {
		const app = await filesApp();
		const response = await ask(app, "POST", `/upload/${path}`, TEXT);
		expect(await failure(response)).toEqual([422, "bad_file_name"]);
		await nothingIsLeft(app);
	});

	test("refuses what is there, unless it is to be replaced", async () => {
		const app = await filesApp();
		const first = await upload(app, "burr.txt");
		const again = await ask(app, "POST", "/upload/burr.txt", "Other.");
		expect(await failure(again)).toEqual([409, "file_exists"]);
		for (const value of ["true", "1"]) {
			const content = `Other ${value}.`;
			const path = `/upload/burr.txt?overwrite=${value}`;
			const replaced = await ask(app, "POST", path, content);
			expect(replaced.status).toBe(201);
			expect(((await replaced.json()) as Body)["etag"]).not.toBe(first["etag"]);
			expect(await (await ask(app, "GET", "/file/burr.txt")).text()).toBe(content);
		}
		const odd = await ask(app, "POST", "/upload/burr.txt?overwrite=yes", TEXT);
		expect(await failure(odd)).toEqual([400, "bad_parameters"]);
		await app.settle();
		expect([await app.rows(), (await app.objects()).length]).toEqual([1, 1]);
	});

	test("replaces only the state that If-Match names", async () => {
		const app = await filesApp();
		const { etag } = await upload(app, "burr.txt");
		const path = "/upload/burr.txt?overwrite=true";
		for (const [tag, status] of [
			['"other"', 412],
			[`"${String(etag)}"`, 201],
			[`"${String(etag)}"`, 412],
		] as const) {
			expect((await ask(app, "POST", path, `${tag}${status}`, { "if-match": tag })).status).toBe(
				status,
			);
		}
		const fresh = { "if-none-match": "*" };
		expect((await ask(app, "POST", path, TEXT, fresh)).status).toBe(412);
		const other = "/upload/other.txt?overwrite=true";
		expect((await ask(app, "POST", other, TEXT, fresh)).status).toBe(201);
		const none = await ask(app, "POST", "/upload", TEXT, { "if-match": "*" });
		expect(await failure(none)).toEqual([412, "file_changed"]);
	});

	test.for([
		["no file", "", {}, 400, "no_file"],
		[
			"a form without a file",
			"--x--\r\n",
			{ "content-type": "multipart/form-data; boundary=x" },
			400,
			"no_file",
		],
		[
			"a form without a boundary",
			"--x--",
			{ "content-type": "multipart/form-data" },
			400,
			"bad_form",
		],
		["a type that is not taken", HTML, { "content-type": "text/plain" }, 422, "file_type_refused"],
		["too much", "x".repeat(1001), {}, 413, "file_too_large"],
	] as const)("refuses %s", async ([, body, headers, status, code]) => {
		const app = await filesApp({ media: { maxSize: 1000 } });
		const response = await ask(app, "POST", "/upload/burr.txt", body, headers);
		expect(await failure(response)).toEqual([status, code]);
		await nothingIsLeft(app);
	});

	test("reads nothing of what is announced as too much", async () => {
		const app = await filesApp({ media: { maxSize: 1000 } });
		let pulled = 0;
		const body = new ReadableStream<Uint8Array>(
			{
				pull(controller) {
					pulled++;
					controller.enqueue(new Uint8Array(100));
				},
			},
			{ highWaterMark: 0 },
		);
		const headers = { "content-length": "100000" };
		const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
		const request = new Request(`http://localhost${BASE}/upload`, init);
		const response = await app.send(request);
		expect(await failure(response)).toEqual([413, "file_too_large"]);
		expect(pulled).toBe(0);
	});

	test("ends as soon as too much has come, and leaves nothing", async () => {
		const app = await filesApp({ media: { maxSize: 600_000 } });
		let pulled = 0;
		const body = new ReadableStream<Uint8Array>({
			pull(controller) {
				pulled++;
				controller.enqueue(new Uint8Array(100_000).fill(65));
			},
		});
		const init = { method: "POST", body, duplex: "half" } as RequestInit;
		const response = await app.send(new Request(`http://localhost${BASE}/upload/a.txt`, init));
		expect(await failure(response)).toEqual([413, "file_too_large"]);
		expect(pulled).toBeLessThan(12);
		await nothingIsLeft(app);
	});

	test("leaves nothing of a body that ends early", async () => {
		const app = await filesApp();
		let sent = 0;
		const body = new ReadableStream<Uint8Array>({
			pull(controller) {
				if (sent++ < 5) controller.enqueue(new Uint8Array(100_000).fill(65));
				else controller.error(new Error("The client is gone."));
			},
		});
		const init = { method: "POST", body, duplex: "half" } as RequestInit;
		const response = await app.send(new Request(`http://localhost${BASE}/upload/a.txt`, init));
		expect(await failure(response)).toEqual([400, "body_unreadable"]);
		await nothingIsLeft(app);
	});

	test("answers 202 when a listener prevents the row", async () => {
		const app = await filesApp();
		app.app.emgr.on("mutator-insert-before", (event) => event.preventDefault(), "sync");
		const response = await ask(app, "POST", "/upload/burr.txt", TEXT);
		expect([response.status, await response.json()]).toMatchObject([
			202,
			{ data: null, name: "burr.txt" },
		]);
		await nothingIsLeft(app);
	});

	test("tells what went wrong once the file was stored", async () => {
		const app = await filesApp();
		app.app.emgr.onEvent(
			MediaEvents.FileUploadedEvent,
			() => {
				throw new Error("secret");
			},
			{ mode: "sync", id: "broken" },
		);
		const answer = await upload(app, "burr.txt");
		expect(answer["warnings"]).toMatchObject([{ listener: "broken", event: "file-uploaded" }]);
		expect(JSON.stringify(answer)).not.toContain("secret");
	});
});

describe("POST /entity/:entity/:id/:field", () => {
	test("stores a file that belongs to a row", async () => {
		const app = await filesApp();
		const response = await ask(app, "POST", "/entity/posts/1/cover", PNG);
		const answer = (await response.json()) as Body;
		expect([response.status, answer]).toMatchObject([
			201,
			{ ok: true, result: { id: 1, type: "image/png" }, meta: { type: "image/png", width: 1 } },
		]);
		const post = await app.send(["GET", "/api/data/entity/posts/1"]);
		expect(await post.json()).toMatchObject({ data: { coverId: 1 } });
	});

	test("replaces the file that is there only when told to", async () => {
		const app = await filesApp();
		await ask(app, "POST", "/entity/posts/1/cover", PNG);
		const taken = await ask(app, "POST", "/entity/posts/1/cover", TEXT);
		expect(await failure(taken)).toEqual([409, "field_taken"]);
		const replaced = await ask(app, "POST", "/entity/posts/1/cover?overwrite=true", TEXT);
		expect(replaced.status).toBe(201);
		await app.settle();
		expect([await app.rows(), (await app.objects()).length]).toEqual([1, 1]);
	});

	test.for([
		["/entity/nothing/1/cover", 404, "unknown_entity"],
		["/entity/posts/9/cover", 404, "not_found"],
		["/entity/posts/x/cover", 400, "bad_id"],
		["/entity/posts/1/title", 404, "not_a_file_field"],
		["/entity/posts/1/nothing", 404, "not_a_file_field"],
	] as const)("refuses %s", async ([path, status, code]) => {
		const app = await filesApp();
		expect(await failure(await ask(app, "POST", path, TEXT))).toEqual([status, code]);
		await nothingIsLeft(app);
	});
});

describe("GET /files", () => {
	test("lists rows, as lists of data do", async () => {
		const app = await filesApp();
		for (const name of ["a.txt", "b.txt", "c.txt"]) await upload(app, name, name);
		const response = await ask(app, "GET", "/files?sort=-key&limit=2&where={}");
		const { data, meta } = (await response.json()) as { data: Body[]; meta: Body };
		expect([response.status, data.map(({ key }) => key), meta]).toEqual([
			200,
			["c.txt", "b.txt"],
			{ items: 2, limit: 2, offset: 0 },
		]);
		expect(data[0]?.["last_modified"]).toBe(data[0]?.["updatedAt"]);
		expect(data[0]?.["last_modified"]).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
		const page = await ask(app, "GET", "/files?select=key&limit=2&cursor=");
		expect(await page.json()).toMatchObject({
			data: [{ key: "a.txt" }, { key: "b.txt" }],
			meta: { cursor: expect.any(String) as unknown },
		});
		const some = await ask(app, "GET", `/files?where=${encodeURIComponent('{"key":"b.txt"}')}`);
		expect(await some.json()).toMatchObject({ data: [{ key: "b.txt" }], meta: { items: 1 } });
		expect((await ask(app, "GET", "/files?nothing=1")).status).toBe(400);
	});
});

describe("GET /file/:name", () => {
	test("sends a file with all of its headers", async () => {
		const app = await filesApp();
		const { etag, data } = await upload(app, "Grüße.txt");
		const response = await ask(app, "GET", "/file/Gr%C3%BC%C3%9Fe.txt");
		expect(await response.clone().text()).toBe(TEXT);
		const modified = new Date((data as Body)["updatedAt"] as string).toUTCString();
		expect(Object.fromEntries(response.headers)).toMatchObject({
			"content-type": "text/plain; charset=utf-8",
			"content-length": String(TEXT.length),
			"content-disposition": "inline; filename=\"Gr__e.txt\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe.txt",
			"content-security-policy": expect.stringMatching(
				/^default-src 'none';.*; sandbox$/,
			) as string,
			"cross-origin-resource-policy": "cross-origin",
			"cache-control": "public, no-cache",
			"accept-ranges": "bytes",
			etag: `"${String(etag)}"`,
			"last-modified": modified,
		});
		expect(header(response, "content-range")).toBeNull();
	});

	test("sends the same headers to HEAD, and opens nothing", async () => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		const get = await ask(app, "GET", "/file/burr.txt");
		// Whoever reads the object now finds nothing.
		await app.store.delete(await app.objects());
		const head = await ask(app, "HEAD", "/file/burr.txt", undefined, { range: "bytes=0-1" });
		expect([head.status, await head.text()]).toEqual([200, ""]);
		const without = (response: Response) =>
			Object.fromEntries([...response.headers].filter(([name]) => name !== "x-request-id"));
		expect(without(head)).toEqual(without(get));
		expect(await failure(await ask(app, "GET", "/file/burr.txt"))).toEqual([
			503,
			"storage_unavailable",
		]);
	});

	test.for([
		["bytes=0-4", "Burrs", `bytes 0-4/${TEXT.length}`],
		["bytes=6-", TEXT.slice(6), `bytes 6-${TEXT.length - 1}/${TEXT.length}`],
		["bytes=-3", "by.", `bytes ${TEXT.length - 3}-${TEXT.length - 1}/${TEXT.length}`],
		["bytes=6-99999999999999999999", TEXT.slice(6), `bytes 6-${TEXT.length - 1}/${TEXT.length}`],
	] as const)("sends the range %s", async ([range, expected, contentRange]) => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		const response = await ask(app, "GET", "/file/burr.txt", undefined, { range });
		expect([response.status, await response.text()]).toEqual([206, expected]);
		expect(header(response, "content-range")).toBe(contentRange);
		expect(header(response, "content-length")).toBe(String(expected.length));
		expect(header(response, "etag")).not.toBeNull();
	});

	test.for(["bytes=0-1,3-4", "bytes=4-1", "lines=0-1", "bytes=x", `bytes=${"1,".repeat(4000)}1`])(
		"sends all of it for %.20s",
		async (range) => {
			const app = await filesApp();
			await upload(app, "burr.txt");
			const response = await ask(app, "GET", "/file/burr.txt", undefined, { range });
			expect([response.status, await response.text()]).toEqual([200, TEXT]);
		},
	);

	test.for(["bytes=34-", "bytes=1000-2000", "bytes=-0", "bytes=99999999999999999999-"])(
		"refuses the range %s",
		async (range) => {
			const app = await filesApp();
			await upload(app, "burr.txt");
			const response = await ask(app, "GET", "/file/burr.txt", undefined, { range });
			expect(header(response, "content-range")).toBe(`bytes */${TEXT.length}`);
			expect(await failure(response)).toEqual([416, "range_not_satisfiable"]);
		},
	);

	test("sends a range only of the state that If-Range names", async () => {
		const app = await filesApp();
		const { etag } = await upload(app, "burr.txt");
		for (const [tag, status] of [
			[`"${String(etag)}"`, 206],
			[`W/"${String(etag)}"`, 200],
			['"other"', 200],
			["Sun, 01 Nov 2026 10:20:30 GMT", 200],
		] as const) {
			const headers = { range: "bytes=0-4", "if-range": tag };
			expect((await ask(app, "GET", "/file/burr.txt", undefined, headers)).status).toBe(status);
		}
		const headers = { range: "bytes=1000-", "if-range": '"other"' };
		expect((await ask(app, "GET", "/file/burr.txt", undefined, headers)).status).toBe(200);
	});

	test("answers conditional requests", async () => {
		const app = await filesApp();
		const { etag } = await upload(app, "burr.txt");
		const tag = `"${String(etag)}"`;
		const modified = String(header(await ask(app, "GET", "/file/burr.txt"), "last-modified"));
		for (const [headers, status] of [
			[{ "if-none-match": tag }, 304],
			[{ "if-none-match": `W/${tag}` }, 304],
			[{ "if-none-match": "*" }, 304],
			[{ "if-none-match": '"other"' }, 200],
			[{ "if-none-match": '"other"', "if-modified-since": modified }, 200],
			[{ "if-modified-since": modified }, 304],
			[{ "if-modified-since": "Sun, 01 Nov 2020 10:20:30 GMT" }, 200],
			[{ "if-match": tag }, 200],
			[{ "if-match": '"other"' }, 412],
			[{ "if-match": "other" }, 400],
			[{ "if-unmodified-since": "Sun, 01 Nov 2020 10:20:30 GMT" }, 412],
			[{ "if-unmodified-since": modified }, 200],
			[{ "if-match": '"other"', "if-none-match": tag }, 412],
			[{ "if-none-match": tag, range: "bytes=1000-" }, 304],
		] as const) {
			for (const method of ["GET", "HEAD"]) {
				const response = await app.send([method, `${BASE}/file/burr.txt`, undefined, headers]);
				expect(response.status, `${method} ${JSON.stringify(headers)}`).toBe(status);
				if (status !== 304) continue;
				expect(await response.text()).toBe("");
				expect(header(response, "etag")).toBe(tag);
				expect(header(response, "cache-control")).toBe("public, no-cache");
				expect(header(response, "content-type")).toBeNull();
			}
		}
	});

	test("lets the state that the URL names be kept for good", async () => {
		const app = await filesApp();
		const { etag } = await upload(app, "burr.txt");
		const cached = async (version: string) =>
			header(await ask(app, "GET", `/file/burr.txt?v=${version}`), "cache-control");
		expect(await cached(String(etag))).toBe("public, max-age=31536000, immutable");
		expect(await cached("other")).toBe("public, no-cache");
		app.app.emgr.onEvent(MediaEvents.FileAccessEvent, () => {}, "sync");
		expect(await cached(String(etag))).toBe("private, no-cache");
	});

	test("lets a listener refuse, and keeps what it lets through to the one who asks", async () => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		const { emgr } = app.app;
		emgr.onEvent(
			MediaEvents.FileAccessEvent,
			(_event, _slug, { request }) => {
				if (!request?.headers.has("x-friend")) throw new AppError("forbidden", "Friends only.");
			},
			"sync",
		);
		expect(await failure(await ask(app, "GET", "/file/burr.txt"))).toEqual([403, "forbidden"]);
		const friend = { "x-friend": "1" };
		const open = await ask(app, "GET", "/file/burr.txt", undefined, friend);
		expect(header(open, "cache-control")).toBe("private, no-cache");
		expect(header(open, "cross-origin-resource-policy")).toBe("same-site");
	});

	test.for([
		["burr.png", PNG, "image/png", "inline"],
		["page.html", HTML, "text/html; charset=utf-8", "attachment"],
		["burr.svg", SVG, "image/svg+xml", "attachment"],
		["lies.png", HTML, "text/html; charset=utf-8", "attachment"],
		["lies.txt", SVG, "image/svg+xml", "attachment"],
		["burr.pdf", "%PDF-1.7\n1 0 obj", "application/pdf", "inline"],
		["burr.txt", TEXT, "text/plain; charset=utf-8", "inline"],
	] as const)("sends %s so that nothing in it can run", async ([name, content, type, shown]) => {
		const app = await filesApp({ media: { types: ["*"] } });
		await upload(app, name, content, { "content-type": "image/png" });
		for (const query of ["", "?download", "?download=1"]) {
			const response = await ask(app, "GET", `/file/${name}${query}`);
			expect(header(response, "content-type")).toBe(type);
			expect(header(response, "x-content-type-options")).toBe("nosniff");
			const disposition = query === "" ? shown : "attachment";
			expect(header(response, "content-disposition")).toBe(`${disposition}; filename="${name}"`);
			const policy = String(header(response, "content-security-policy"));
			expect(policy).toMatch(/^default-src 'none'/);
			expect(policy).not.toContain("script-src");
			expect(policy.endsWith("sandbox")).toBe(type !== "application/pdf");
		}
	});

	test.for([
		"nothing.txt",
		"..%2Fburr.txt",
		"%2e%2e%2fburr.txt",
		"%00",
		"%FF",
		"a%2Fb",
		"x".repeat(9000),
	])("has nothing at %.30s", async (path) => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		for (const method of ["GET", "HEAD", "DELETE"]) {
			const response = await app.send([method, `${BASE}/file/${path}`]);
			expect(response.status, method).toBe(404);
		}
	});

	test("refuses forms of what is no image, and odd forms", async () => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		await upload(app, "burr.png", PNG);
		for (const [path, status, code] of [
			["/file/burr.txt?width=320", 422, "image_unreadable"],
			["/file/burr.png?width=321", 400, "bad_variant"],
			["/file/burr.png?width=320&width=640", 400, "bad_variant"],
			["/file/burr.png?format=exe", 400, "bad_variant"],
			["/file/nothing.png?width=320", 404, "file_not_found"],
		] as const) {
			expect(await failure(await ask(app, "GET", path)), path).toEqual([status, code]);
		}
	});
});

describe("DELETE /file/:name", () => {
	test("deletes the row and the object", async () => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		const response = await ask(app, "DELETE", "/file/burr.txt");
		expect([response.status, await response.json()]).toMatchObject([
			200,
			{ message: "File deleted", data: { key: "burr.txt" }, meta: { items: 1 } },
		]);
		await nothingIsLeft(app);
		expect(await failure(await ask(app, "DELETE", "/file/burr.txt"))).toEqual([
			404,
			"file_not_found",
		]);
	});

	test("says so when a listener keeps the file", async () => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		app.app.emgr.on("mutator-delete-before", (event) => event.preventDefault(), "sync");
		const response = await ask(app, "DELETE", "/file/burr.txt");
		expect([response.status, await response.json()]).toMatchObject([
			200,
			{ message: "File kept", data: { key: "burr.txt" }, meta: { prevented: true } },
		]);
		expect(await (await ask(app, "GET", "/file/burr.txt")).text()).toBe(TEXT);
	});

	test("deletes only the state that If-Match names", async () => {
		const app = await filesApp();
		const { etag } = await upload(app, "burr.txt");
		const headers = { "if-match": '"other"' };
		const stale = await ask(app, "DELETE", "/file/burr.txt", undefined, headers);
		expect(await failure(stale)).toEqual([412, "file_changed"]);
		const missing = await ask(app, "DELETE", "/file/nothing.txt", undefined, headers);
		expect(missing.status).toBe(412);
		const fresh = { "if-match": `"${String(etag)}"` };
		expect((await ask(app, "DELETE", "/file/burr.txt", undefined, fresh)).status).toBe(200);
	});
});

describe("links", () => {
	const env = { MEDIA_SECRET: "a-secret-that-is-long-enough" };

	test("open a file whatever the access rule says, and are kept by nobody else", async () => {
		const access: AccessRule = (request, { action }) =>
			action !== "read" || request.headers.has("x-friend");
		const app = await filesApp({ env, config: { server: { access } } });
		const { etag } = await upload(app, "Grüße.txt");
		expect((await ask(app, "GET", "/file/Gr%C3%BC%C3%9Fe.txt")).status).toBe(401);
		const path = "/file/Gr%C3%BC%C3%9Fe.txt/link";
		const made = await ask(app, "POST", path, { expiresIn: 60 });
		expect([made.status, header(made, "cache-control")]).toEqual([200, "no-store"]);
		const { data } = (await made.json()) as { data: { url: string; expires: string } };
		expect(Date.parse(data.expires)).toBeGreaterThan(Date.now());
		const opened = await app.send(["GET", data.url]);
		expect([opened.status, await opened.text()]).toEqual([200, TEXT]);
		const kept = await app.send(["GET", `${data.url}&v=${String(etag)}`]);
		expect(header(kept, "cache-control")).toBe("private, no-cache");
		expect(header(kept, "cross-origin-resource-policy")).toBe("cross-origin");
		const friend = { "x-friend": "1" };
		const ruled = await ask(app, "GET", "/file/Gr%C3%BC%C3%9Fe.txt", undefined, friend);
		expect(header(ruled, "cache-control")).toBe("private, no-cache");
	});

	test("that were changed open nothing, even where anybody may read", async () => {
		const app = await filesApp({ env });
		await upload(app, "burr.txt");
		await upload(app, "other.txt", "Other.");
		const made = await ask(app, "POST", "/file/burr.txt/link");
		const { data } = (await made.json()) as { data: { url: string } };
		const { searchParams } = new URL(data.url, "http://localhost");
		const expires = String(searchParams.get("expires"));
		const signature = String(searchParams.get("signature"));
		for (const path of [
			`/file/other.txt?expires=${expires}&signature=${signature}`,
			`/file/burr.txt?expires=${Number(expires) + 1}&signature=${signature}`,
			`/file/burr.txt?expires=0${expires}&signature=${signature}`,
			`/file/burr.txt?expires=${expires}&signature=${"A".repeat(43)}`,
			`/file/burr.txt?expires=${expires}&signature=${signature}x`,
			`/file/burr.txt?expires=${expires}`,
			`/file/burr.txt?signature=${signature}`,
			"/file/burr.txt?expires=&signature=",
			"/file/nothing.txt?expires=1&signature=x",
		]) {
			expect(await failure(await ask(app, "GET", path)), path).toEqual([403, "bad_link"]);
		}
	});

	test("are refused with every fault", async () => {
		const app = await filesApp({ env });
		await upload(app, "burr.txt");
		for (const [body, paths] of [
			[{ expiresIn: 0 }, ["expiresIn"]],
			[{ expiresIn: 604_801 }, ["expiresIn"]],
			[{ expiresIn: 1.5, direct: "yes", expires: 1 }, ["expires", "expiresIn", "direct"]],
			[{ expiresIn: null }, ["expiresIn"]],
			[[], [""]],
			["7", [""]],
			["null", [""]],
		] as const) {
			const response = await ask(app, "POST", "/file/burr.txt/link", body);
			const { code, errors } = (await response.json()) as { code: string; errors: Body[] };
			expect([response.status, code, errors.map(({ path }) => path)]).toEqual([
				422,
				"bad_options",
				paths,
			]);
		}
		expect((await ask(app, "POST", "/file/burr.txt/link", "{")).status).toBe(400);
		const missing = await ask(app, "POST", "/file/nothing.txt/link");
		expect(await failure(missing)).toEqual([404, "file_not_found"]);
		const direct = await ask(app, "POST", "/file/burr.txt/link", { direct: true });
		expect(direct.status).toBe(200);
	});

	test("need a secret", async () => {
		const app = await filesApp();
		await upload(app, "burr.txt");
		const response = await ask(app, "POST", "/file/burr.txt/link");
		expect(await failure(response)).toEqual([503, "no_link_secret"]);
	});
});

describe("access", () => {
	const WRITES = [
		["POST", "/upload"],
		["POST", "/upload/b.txt"],
		["POST", "/upload/a.txt?overwrite=true"],
		["POST", "/entity/posts/1/cover"],
		["POST", "/entity/posts/1/cover?overwrite=true"],
		["POST", "/file/a.txt/link"],
		["DELETE", "/file/a.txt"],
	] as const;

	test("to every write needs the token where the server is public", async () => {
		const app = await filesApp({ exposure: "public", env: { BURDOCK_TOKEN: TOKEN } });
		await app.run(() => app.app.media.upload(TEXT, { name: "a.txt" }));
		for (const [method, path] of WRITES) {
			const body = method === "POST" && !path.endsWith("link") ? TEXT : undefined;
			expect((await ask(app, method, path, body)).status, path).toBe(401);
			const wrong = { authorization: "Bearer wrong" };
			expect((await ask(app, method, path, body, wrong)).status, path).toBe(403);
			const right = { authorization: `Bearer ${TOKEN}` };
			expect((await ask(app, method, path, body, right)).status, path).toBeLessThan(300);
		}
		expect((await ask(app, "GET", "/files")).status).toBe(200);
	});

	test("is asked for at every route, for all that it writes", async () => {
		const asked: string[] = [];
		const access: AccessRule = (_, { entity, action }) => {
			asked.push(`${action} ${entity}`);
			return true;
		};
		const app = await filesApp({ config: { server: { access } }, env: { BURDOCK_TOKEN: TOKEN } });
		await upload(app, "a.txt");
		for (const [method, path, ...expected] of [
			["GET", "/files", "read media"],
			["GET", "/file/a.txt", "read media"],
			["HEAD", "/file/a.txt", "read media"],
			["POST", "/upload/b.txt", "create media"],
			["POST", "/upload/a.txt?overwrite=true", "create media", "update media"],
			["POST", "/entity/posts/1/cover", "create media", "update posts"],
			["POST", "/entity/posts/1/cover?overwrite=1", "create media", "update posts", "delete media"],
			["POST", "/entity/posts/1/media", "create media", "update posts", "create postsMedia"],
			["POST", "/file/a.txt/link", "update media"],
			["DELETE", "/file/a.txt", "delete media"],
		] as const) {
			asked.length = 0;
			const body = method === "POST" && !path.endsWith("link") ? TEXT : undefined;
			const response = await ask(app, method, path, body);
			expect(response.status, `${method} ${path} ${await response.text()}`).toBeLessThan(300);
			expect(asked, `${method} ${path}`).toEqual(expected);
		}
	});

	test("is refused by a rule at every route, before anything is read", async () => {
		const app = await filesApp({ config: { server: { access: () => false } } });
		await app.run(() => app.app.media.upload(TEXT, { name: "a.txt" }));
		for (const [method, path] of [...WRITES, ["GET", "/files"], ["GET", "/file/a.txt"]] as const) {
			expect((await ask(app, method, path, undefined)).status, path).toBe(401);
		}
	});

	test("is refused to pages of other sites", async () => {
		const app = await filesApp();
		await upload(app, "a.txt");
		for (const headers of [
			{ "sec-fetch-site": "cross-site" },
			{ origin: "https://evil.example" },
		]) {
			const form = new Request(`http://localhost${BASE}/upload`, {
				method: "POST",
				headers,
				body: formOf("b.txt"),
			});
			expect(await failure(await app.send(form))).toEqual([403, "cross_site"]);
			for (const [method, path] of WRITES) {
				expect(await failure(await ask(app, method, path, undefined, headers))).toEqual([
					403,
					"cross_site",
				]);
			}
			expect((await ask(app, "GET", "/file/a.txt", undefined, headers)).status).toBe(200);
		}
	});
});

test("paths tell which methods they take", async () => {
	const app = await filesApp();
	for (const [path, allow] of [
		["/files", "GET, HEAD, OPTIONS"],
		["/file/a.txt", "GET, HEAD, DELETE, OPTIONS"],
		["/file/a.txt/link", "POST, OPTIONS"],
		["/upload", "POST, OPTIONS"],
		["/upload/a.txt", "POST, OPTIONS"],
		["/entity/posts/1/cover", "POST, OPTIONS"],
	] as const) {
		const response = await ask(app, "PUT", path, TEXT);
		expect([response.status, header(response, "allow")], path).toEqual([405, allow]);
	}
});
