// The load generator for files that are too large for wrk, and for machines without it: whole requests,
// one after the other on each connection, until the time is over. Arguments: address, seconds,
// connections, method, path, bytes of the body, If-None-Match.

import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { performance } from "node:perf_hooks";

const [address = "", seconds, connections, method = "GET", path = "/", size = "0", etag] =
	process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const CHUNK = Buffer.from("burr ".repeat(40_000));
const counted = { requests: 0, failed: 0 };

async function send(): Promise<void> {
	const length = method === "POST" ? Number(size) : 0;
	const headers = {
		...(length > 0 && { "content-type": "text/plain", "content-length": length }),
		...(etag && { "if-none-match": etag }),
	};
	const outgoing = request(address + path, { agent, method, headers });
	const answered = once(outgoing, "response") as Promise<[IncomingMessage]>;
	for (let sent = 0; sent < length; sent += CHUNK.length) {
		const chunk = CHUNK.subarray(0, length - sent);
		if (!outgoing.write(chunk)) await once(outgoing, "drain");
	}
	outgoing.end();
	const [answer] = await answered;
	answer.resume();
	await once(answer, "end");
	counted.requests += 1;
	if ((answer.statusCode ?? 500) >= 400) counted.failed += 1;
}

async function load(deadline: number): Promise<void> {
	while (performance.now() < deadline) await send();
}

const started = performance.now();
const deadline = started + Number(seconds) * 1_000;
await Promise.all(Array.from({ length: Number(connections) }, () => load(deadline)));
agent.destroy();
const elapsed = (performance.now() - started) / 1_000;
console.log(`COUNTED ${JSON.stringify({ ...counted, seconds: elapsed })}`);
