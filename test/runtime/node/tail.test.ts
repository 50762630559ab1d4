import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ConfigInput } from "../../../src/app/config.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { NodeServer } from "../../../src/runtime/node/node-server.ts";
import { readLines } from "../../../src/cli/transfer/read-lines.ts";

const CONFIG: ConfigInput = { connection: { url: ":memory:" } };

async function serving(options: { readonly replaceable?: true } = {}): Promise<NodeServer> {
	const server = await NodeServer.start(CONFIG, {
		port: 0,
		host: "127.0.0.1",
		signals: "ignore",
		logger: silentLogger,
		...options,
	});
	onTestFinished(async () => {
		await server.close();
	});
	return server;
}

/** Follows a server, and has read the first line, which is blank. */
async function follow(server: NodeServer, signal?: AbortSignal) {
	const url = `${server.url}/api/system/events`;
	const { body } = await fetch(url, signal === undefined ? {} : { signal });
	if (body === null) throw new Error("There is no body.");
	const lines = readLines(body);
	await lines.next();
	return lines;
}

/** Resolves once this many listeners are left. */
async function listeners(server: NodeServer, count: number): Promise<void> {
	while (server.app.emgr.getListeners().length !== count) {
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** Follows a server without ever reading, until all that lies between the two is full. */
async function stall(server: NodeServer): Promise<void> {
	const socket = connect({ port: Number(new URL(server.url).port), host: "127.0.0.1" });
	onTestFinished(() => void socket.destroy());
	socket.on("error", () => {});
	await once(socket, "connect");
	socket.write("GET /api/system/events HTTP/1.1\r\nhost: localhost\r\n\r\n");
	await once(socket, "readable");
	const text = "x".repeat(100_000);
	for (let n = 0; n < 400; n++) {
		await server.app.emgr.emit("orders.paid", { text });
		await new Promise((resolve) => setImmediate(resolve));
	}
}

describe("a tail over a socket", () => {
	it("tells events while they happen", async () => {
		const server = await serving();
		const lines = await follow(server);
		await server.app.emgr.emit("orders.paid", { id: 1 });
		const { value } = await lines.next();
		expect(JSON.parse(String(value?.bytes))).toMatchObject({ slug: "orders.paid" });
	});

	it("is forgotten when the client leaves", async () => {
		const server = await serving();
		const controller = new AbortController();
		await follow(server, controller.signal);
		await follow(server, controller.signal);
		await listeners(server, 2);
		controller.abort();
		await listeners(server, 0);
	});

	it("ends at once when the server stops, and does not hold up the drain", async () => {
		const server = await serving();
		const lines = await follow(server);
		const started = performance.now();
		const [report, end] = await Promise.all([server.close(), lines.next()]);
		expect(end.done).toBe(true);
		expect(report).toEqual({ clean: true, cut: 0, pending: 0 });
		expect(performance.now() - started).toBeLessThan(2000);
	});

	it("is cut off soon after, if the client does not read", async () => {
		const server = await serving();
		await stall(server);
		const started = performance.now();
		expect(await server.close()).toEqual({ clean: true, cut: 0, pending: 0 });
		expect(performance.now() - started).toBeLessThan(4000);
	});

	it("ends when another app takes over, so that the old one can close", async () => {
		const server = await serving({ replaceable: true });
		const old = server.app;
		const lines = await follow(server);
		const closed = old.emgr.next("app-shutdown");
		await server.replace(CONFIG);
		expect((await lines.next()).done).toBe(true);
		await closed;
		await listeners(server, 0);
	});
});
