import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { AppEvents } from "../../src/app/app-events.ts";
import type { Config } from "../../src/app/config.ts";
import { serve } from "../../src/runtime/node/serve.ts";
import { expectCommonHeaders, expectProblem } from "../support/scenario.ts";
import * as schema from "../support/scenario-schema.ts";
import { recordingLogger, type LogLine } from "../support/recording-logger.ts";

async function served(config: Config = {}) {
	const lines: LogLine[] = [];
	const server = await serve(
		{
			connection: { url: ":memory:" },
			schema,
			seed: async ({ em }) => void (await em.mutator("tags").insertOne({ name: "hooks" })),
			...config,
		},
		{ port: 0, logger: recordingLogger(lines), signals: "ignore" },
	);
	onTestFinished(async () => {
		await server.close();
	});
	return { ...server, url: server.url, lines };
}

const TAGS = "/api/data/entity/tags";

test("listeners may answer with responses of every make", async () => {
	const { url } = await served({
		onServerInit(hono) {
			hono.get("/proxy", async (context) => fetch(new URL(`${TAGS}/1`, context.req.url)));
		},
		onBuilt({ emgr }) {
			emgr.onEvent(
				AppEvents.AppRequest,
				async ({ params: { request } }) => {
					const { pathname } = new URL(request.url);
					if (pathname === "/fetched") return fetch(new URL("/health", request.url));
					if (pathname === "/redirected")
						return Response.redirect(new URL("/health", request.url), 302);
					if (pathname === "/made") return Response.json({ made: true });
					if (pathname === "/rewritten") return new Request(new URL(`${TAGS}/1`, request.url));
					if (pathname === "/copied") {
						return new Request(new URL(`${TAGS}/1`, request.url), request.clone());
					}
					return undefined;
				},
				"sync",
			);
			emgr.onEvent(
				AppEvents.AppBeforeResponse,
				({ params: { request, response } }) => {
					response.headers.set("x-seen", new URL(request.url).pathname);
				},
				"sync",
			);
		},
	});
	for (const [path, body, seen = path] of [
		["/fetched", { status: "ok" }],
		["/redirected", { status: "ok" }, "/health"],
		["/made", { made: true }],
		["/rewritten", { data: { name: "hooks" } }, `${TAGS}/1`],
		["/copied", { data: { name: "hooks" } }, `${TAGS}/1`],
		["/proxy", { data: { name: "hooks" } }],
	] as const) {
		const response = await fetch(url + path);
		const text = await response.text();
		expect(response.status, `${path}: ${text}`).toBe(200);
		expect(JSON.parse(text), path).toMatchObject(body);
		expectCommonHeaders(response);
		expect(response.headers.get("x-seen")).toBe(seen);
	}
});

test("async listeners run when the response has arrived", async () => {
	const order: string[] = [];
	const heard = Promise.withResolvers<void>();
	const { url } = await served({
		seed() {},
		onBuilt({ emgr }) {
			emgr.on("data.tags.insert.after", () => {
				order.push("listener");
				heard.resolve();
			});
			emgr.onEvent(AppEvents.AppBeforeResponse, () => void order.push("response"), "sync");
		},
	});
	const response = await fetch(url + TAGS, { method: "POST", body: '{"name":"new"}' });
	expect(response.status).toBe(201);
	await heard.promise;
	expect(order).toEqual(["response", "listener"]);
});

test("a body over the limit is refused, with and without a Content-Length", async () => {
	const { url } = await served();
	const body = JSON.stringify({ name: "x".repeat(2 * 1024 * 1024) });
	const announced = await fetch(url + TAGS, { method: "POST", body });
	expect(announced.status).toBe(413);
	expectProblem(await announced.text(), announced);
	const stream = ReadableStream.from([new TextEncoder().encode(body)]);
	const chunked = await fetch(url + TAGS, {
		method: "POST",
		body: stream,
		duplex: "half",
	} as RequestInit);
	expect(chunked.status).toBe(413);
	expectProblem(await chunked.text(), chunked);
	expect((await fetch(`${url}/health`)).status).toBe(200);
});

test("a body that breaks off is no failure of the server", async () => {
	const { url, lines } = await served();
	for (const headers of [{ "content-length": "100" }, { "transfer-encoding": "chunked" }]) {
		const request = httpRequest(url + TAGS, { method: "POST", headers });
		request.on("error", () => {});
		await new Promise<void>((resolve) => {
			request.write('{"name":', () => resolve());
		});
		request.destroy();
	}
	await expect.poll(() => lines.filter(({ message }) => message === "request").length).toBe(2);
	expect(lines.filter(({ level }) => level === "error")).toEqual([]);
});

test.for([
	"GET / HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n",
	"GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
	"GET // HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
	"GET http://other/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
	"GET /\u0001 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
	"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
	"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
	"nonsense\r\n\r\n",
	"POST /api/data/entity/tags HTTP/1.1\r\nHost: localhost\r\nContent-Length: abc\r\nConnection: close\r\n\r\n{}",
	"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
])("%j is answered, and never by a 5xx", async (raw) => {
	const { url, lines } = await served();
	const { port } = new URL(url);
	const answer = await new Promise<string>((resolve, reject) => {
		const socket = connect(Number(port), "127.0.0.1");
		let text = "";
		socket.setEncoding("utf8");
		socket.on("data", (chunk) => {
			text += String(chunk);
		});
		socket.on("close", () => resolve(text));
		socket.on("error", reject);
		socket.write(raw);
	});
	expect(answer).toMatch(/^HTTP\/1\.1 [234]\d\d /);
	expect(lines.filter(({ level }) => level === "error")).toEqual([]);
	expect((await fetch(`${url}/health`)).status).toBe(200);
});
