import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { SlowRequests } from "../../../src/runtime/node/slow-requests.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A request whose body is on its way, a client that sends it, and a clock that stands still. */
async function sending(length = 9_999_999) {
	let now = 0;
	const slow = new SlowRequests(() => now);
	const server = createServer();
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const socket: Socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
	socket.on("error", () => {});
	socket.write(`POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${length}\r\n\r\n`);
	const [incoming] = (await once(server, "request")) as [IncomingMessage];
	incoming.on("error", () => {});
	/** How the request looks when it is looked at every ten seconds, `bytes` coming in each. */
	const after = async (time: number, bytes = 0): Promise<readonly string[]> => {
		const looks: string[] = [];
		for (let passed = 0; passed < time; passed += 10 * SECOND) {
			if (bytes > 0) {
				const came = once(incoming, "data");
				socket.write("a".repeat(bytes));
				await came;
			}
			now += 10 * SECOND;
			looks.push(slow.look(incoming));
		}
		return [...new Set(looks)];
	};
	return { incoming, socket, after, look: () => slow.look(incoming) };
}

test("a body may take hours as long as it comes", async () => {
	const { incoming, after, look } = await sending();
	incoming.resume();
	look();
	expect(await after(120 * MINUTE, 11_000)).toEqual(["fine"]);
});

test("a body that stands still for a minute is too slow", async () => {
	const { incoming, after, look } = await sending();
	incoming.resume();
	look();
	await after(MINUTE, 11_000);
	expect(await after(50 * SECOND)).toEqual(["fine"]);
	expect(await after(10 * SECOND)).toEqual(["too_slow"]);
});

test("a body that comes byte by byte is too slow after five minutes", async () => {
	const { incoming, after, look } = await sending();
	incoming.resume();
	look();
	expect(await after(4.5 * MINUTE, 1)).toEqual(["fine"]);
	expect(await after(MINUTE, 1)).toContain("too_slow");
});

test("a client waits for an app that takes its time", async () => {
	const { incoming, socket, after, look } = await sending();
	const readable = once(incoming, "readable");
	socket.write("a".repeat(1_000));
	await readable;
	look();
	expect(await after(120 * MINUTE)).toEqual(["fine"]);
	incoming.resume();
	await once(incoming, "data");
	expect(await after(50 * SECOND)).toEqual(["fine"]);
	expect(await after(10 * SECOND)).toEqual(["too_slow"]);
});

test("a request that is there is never too slow", async () => {
	const { incoming, socket, after, look } = await sending(10);
	incoming.resume();
	look();
	const ended = once(incoming, "end");
	socket.write("a".repeat(10));
	await ended;
	expect(await after(10 * MINUTE)).toEqual(["fine"]);
});
