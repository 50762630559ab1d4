import { request, type IncomingMessage } from "node:http";
import { connect, createServer, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Config } from "../../../src/app/config.ts";
import { AppEvents } from "../../../src/app/app-events.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import type { RunningServer, ServeOptions } from "../../../src/runtime/node/serve-options.ts";
import { serve } from "../../../src/runtime/node/serve.ts";
import { recordingLogger, type LogLine } from "../../support/recording-logger.ts";

const MEMORY = { connection: { url: ":memory:" } };

async function started(config: Config = {}, options: ServeOptions = {}): Promise<RunningServer> {
	const logger = options.logger ?? silentLogger;
	const given = { port: 0, signals: "ignore", logger, ...options } as const;
	const server = await serve({ ...MEMORY, ...config }, given);
	onTestFinished(async () => {
		await server.close();
	});
	return server;
}

function latch(): { readonly opened: Promise<void>; open(): void } {
	let open = (): void => undefined;
	const opened = new Promise<void>((resolve) => (open = resolve));
	return { opened, open: () => open() };
}

/** A route `/slow` that answers when it is let, and tells when it was reached. */
function slowRoute() {
	const [reached, allowed] = [latch(), latch()];
	const config: Config = {
		onServerInit(hono) {
			hono.get("/slow", async (context) => {
				reached.open();
				await allowed.opened;
				return context.text("slowly");
			});
		},
	};
	return { config, reached: reached.opened, allow: allowed.open };
}

/** The raw answer to raw bytes. */
function raw(url: string, bytes: string): Promise<string> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve, reject) => {
		let text = "";
		const socket = connect(Number(port), hostname, () => socket.write(bytes));
		socket.on("data", (data) => (text += data.toString()));
		socket.on("close", () => resolve(text));
		socket.on("error", reject);
	});
}

function connected(url: string): Promise<Socket> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve, reject) => {
		const socket = connect(Number(port), hostname, () => resolve(socket)).on("error", reject);
	});
}

describe("serving", () => {
	it("answers on a port of the system's choice, for this machine only", async () => {
		const { url, app } = await started();
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
		const response = await fetch(`${url}/health`);
		expect(await response.json()).toEqual({ status: "ok" });
		expect(app.describe().access).toContain("local");
	});

	it.each([
		["127.0.0.1", "open (local only)"],
		["localhost", "open (local only)"],
		["0.0.0.0", "writes are refused"],
	])("on %s lets in whom it should", async (host, rule) => {
		const { app, url } = await started({}, { host });
		expect(app.describe().access).toContain(rule);
		expect((await fetch(`${url}/health`)).status).toBe(200);
	});

	it.each([
		["{ oops", "POST / HTTP/1.1\r\nhost: x\r\nconten t: 1\r\n\r\n", "400 Bad Request"],
		["headers of 20 KB", `GET / HTTP/1.1\r\nhost: x\r\na: ${"a".repeat(20_000)}\r\n\r\n`, "431"],
		["a bad host", "GET / HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n", "400 Bad Request"],
	])("answers malformed HTTP (%s)", async (_, bytes, status) => {
		const { url } = await started();
		expect(await raw(url, bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status}`));
		expect((await fetch(`${url}/health`)).status).toBe(200);
	});

	it("starts deferred listeners after the response has left", async () => {
		const heard = latch();
		const { url } = await started({
			onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.AppRequest, () => heard.open(), { mode: "async" });
			},
		});
		await (await fetch(`${url}/health`)).text();
		await heard.opened;
	});

	it("starts them also for a client that has gone away", async () => {
		const { config, reached, allow } = slowRoute();
		const heard = latch();
		const { url } = await started({
			...config,
			onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.AppRequest, () => heard.open(), { mode: "async" });
			},
		});
		const gone = new AbortController();
		const answer = fetch(`${url}/slow`, { signal: gone.signal });
		await reached;
		gone.abort();
		await expect(answer).rejects.toThrow("aborted");
		allow();
		await heard.opened;
	});
});

describe("what keeps a server from starting", () => {
	it("is a taken port, found before the database is touched", async () => {
		const { url } = await started();
		const port = Number(new URL(url).port);
		const config = {
			beforeBuild() {
				throw new Error("It was built.");
			},
		};
		await expect(started(config, { port })).rejects.toMatchObject({
			code: "port_taken",
			message: `Port ${port} of 127.0.0.1 is taken.`,
			details: { hint: expect.stringContaining("--port") as string },
		});
	});

	it.each([
		[{ host: "no.such.host.invalid" }, "host_invalid"],
		[{ host: "192.0.2.1" }, "host_invalid"],
		[{ port: 65_536 }, "setting_invalid"],
		[{ port: -1 }, "setting_invalid"],
		[{ port: 1.5 }, "setting_invalid"],
	])("is %o", async (options, code) => {
		await expect(started({}, options)).rejects.toMatchObject({ code, details: {} });
	});

	it("is a build that fails, and leaves nothing behind", async () => {
		const probe = createServer();
		await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
		const { port } = probe.address() as { port: number };
		await new Promise((resolve) => probe.close(resolve));
		const database = openDatabase({ url: ":memory:" });
		const config: Config = {
			connection: database,
			onBuilt() {
				throw new Error("not today");
			},
		};
		await expect(started(config, { port })).rejects.toThrow("not today");
		expect(() => database.all({ sql: "select 1", params: [] })).toThrow("closed");
		expect((await fetch(`${(await started({}, { port })).url}/health`)).status).toBe(200);
	});
});

describe("closing", () => {
	it("answers what is in flight, tells the client to go, and accepts nobody", async () => {
		const { config, reached, allow } = slowRoute();
		const server = await started(config);
		const answered = new Promise<IncomingMessage>((resolve) => {
			request(`${server.url}/slow`, { headers: { connection: "keep-alive" } }, resolve).end();
		});
		await reached;
		const closed = server.close();
		await expect(fetch(`${server.url}/health`)).rejects.toThrow("fetch failed");
		allow();
		const response = await answered;
		expect(response.statusCode).toBe(200);
		expect(response.headers.connection).toBe("close");
		response.resume();
		expect(await closed).toEqual({ clean: true, cut: 0, pending: 0 });
	});

	it("waits neither for idle connections nor for silent ones", async () => {
		const server = await started();
		const silent = await connected(server.url);
		const idle = await connected(server.url);
		idle.write("GET /health HTTP/1.1\r\nhost: x\r\n\r\n");
		await new Promise((resolve) => idle.once("data", resolve));
		const ended = [silent, idle].map(
			(socket) => new Promise((resolve) => socket.resume().once("close", resolve)),
		);
		expect(await server.close()).toEqual({ clean: true, cut: 0, pending: 0 });
		await Promise.all(ended);
	});

	it("waits for deferred listeners, then closes the database", async () => {
		const done: string[] = [];
		const running = latch();
		const database = openDatabase({ url: ":memory:" });
		const server = await started({
			connection: database,
			onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.AppShutdown, () => void done.push("shutdown"), { mode: "sync" });
				emgr.onEvent(AppEvents.AppRequest, async () => {
					running.open();
					await new Promise((resolve) => setTimeout(resolve, 50));
					done.push("deferred");
				});
			},
		});
		await (await fetch(`${server.url}/health`)).text();
		await running.opened;
		expect(await server.close()).toMatchObject({ clean: true });
		expect(done).toEqual(["deferred", "shutdown"]);
		expect(() => database.all({ sql: "select 1", params: [] })).toThrow("closed");
	});

	it("cuts off at the deadline what takes too long, and says what was lost", async () => {
		const { config, reached } = slowRoute();
		const logs: LogLine[] = [];
		const server = await started(
			{
				...config,
				onBuilt({ emgr }) {
					emgr.onEvent(AppEvents.AppBuiltEvent, () => new Promise<void>(() => {}), "async");
				},
			},
			{ drain: 100, logger: recordingLogger(logs) },
		);
		const answer = fetch(`${server.url}/slow`);
		answer.catch(() => undefined);
		await reached;
		const report = await server.close();
		expect(report).toEqual({ clean: false, cut: 1, pending: expect.any(Number) as number });
		expect(report.pending).toBeGreaterThan(0);
		await expect(answer).rejects.toThrow("fetch failed");
		expect(logs).toContainEqual(
			expect.objectContaining({ level: "error", fields: { cut: 1, pending: report.pending } }),
		);
	});

	it("happens once, however often it is asked for", async () => {
		const server = await started();
		const [one, two] = [server.close(), server.close()];
		expect(one).toBe(two);
		await one;
		expect(server.close()).toBe(one);
	});

	it("takes its handlers off the process", async () => {
		const names = ["SIGTERM", "SIGINT", "uncaughtException", "unhandledRejection"] as const;
		const counts = (): readonly number[] => names.map((name) => process.listenerCount(name));
		const before = counts();
		const server = await started({}, { signals: "handle" });
		expect(counts()).toEqual(before.map((count) => count + 1));
		await server.close();
		expect(counts()).toEqual(before);
	});
});
