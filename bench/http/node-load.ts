// The load generator for machines without wrk, a program of its own. Arguments: address, seconds,
// connections, method, path, highest id, body. It is slower than the fast servers are: compare their
// CPU time per request rather than their throughput.

import { Agent, request } from "node:http";
import { performance } from "node:perf_hooks";

const [address = "", seconds, connections, method = "GET", path = "/", ids, body = ""] =
	process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const headers = body === "" ? {} : { "Content-Type": "application/json" };
const counted = { requests: 0, failed: 0 };

function send(id: number): Promise<void> {
	return new Promise((resolve) => {
		const settle = (failed: boolean): void => {
			counted.requests += 1;
			if (failed) counted.failed += 1;
			resolve();
		};
		const url = address + path.replace("%d", String(id));
		const outgoing = request(url, { agent, method, headers, timeout: 5_000 }, (response) => {
			response.resume();
			response.on("end", () => settle((response.statusCode ?? 500) >= 400));
		});
		outgoing.on("timeout", () => outgoing.destroy());
		outgoing.on("error", () => settle(true));
		outgoing.end(body);
	});
}

async function load(deadline: number): Promise<void> {
	while (performance.now() < deadline) await send((counted.requests % Number(ids)) + 1);
}

const started = performance.now();
const deadline = started + Number(seconds) * 1_000;
await Promise.all(Array.from({ length: Number(connections) }, () => load(deadline)));
agent.destroy();
const elapsed = (performance.now() - started) / 1_000;
console.log(`COUNTED ${JSON.stringify({ ...counted, seconds: elapsed })}`);
