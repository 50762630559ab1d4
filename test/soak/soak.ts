import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { hostileRequest, type HostileRequest } from "../support/hostile-requests.ts";
import type { SoakReport, SoakRequest } from "./soak-server.ts";

// `npm run test:soak`: a server under mixed valid and hostile load, for SOAK_SECONDS (300).
const SECONDS = Number(process.env["SOAK_SECONDS"] ?? 300);
const SHAPES = Number(process.env["SOAK_SHAPES"] ?? 1_000_000);
const CLIENTS = 12;
const REPORT_EVERY_MS = 10_000;
/** What the heap may grow by, after full collections, from the first third of the run to its end. */
const MAX_GROWTH_MIB = 8;
/** The same for the whole process, whose size follows what the engine and the collector keep. */
const MAX_RSS_GROWTH_MIB = 64;

const counts = { valid: 0, hostile: 0, broken: 0 };
const byStatus = new Map<number, number>();
const failures: string[] = [];

const directory = mkdtempSync(join(tmpdir(), "burdock-soak-"));
const child = fork(
	fileURLToPath(new URL("soak-server.ts", import.meta.url)),
	[join(directory, "data.db")],
	{ execArgv: ["--expose-gc", "--no-warnings"] },
);
child.once("exit", (code) => {
	if (code !== 0) failures.push(`The server ended with ${code}.`);
});
const [{ url }] = (await once(child, "message")) as [{ url: string }];

async function ask(request: SoakRequest): Promise<SoakReport> {
	child.send(request);
	const [report] = (await once(child, "message")) as [SoakReport];
	return report;
}

async function send({ method, path, headers, body }: HostileRequest, kind: "valid" | "hostile") {
	const bodiless = method === "GET" || method === "HEAD" || body === undefined;
	const init = { method, headers, ...(bodiless ? {} : { body: body.toWellFormed() }) };
	const response = await fetch(`${url}${path}`, init);
	const text = await response.text();
	counts[kind]++;
	byStatus.set(response.status, (byStatus.get(response.status) ?? 0) + 1);
	if (response.status >= 500 && failures.length < 20) {
		failures.push(`${response.status} ${method} ${path.slice(0, 200)} ${text.slice(0, 300)}`);
	}
	if (text.includes('"passwordHash":"secret"')) failures.push(`A hidden field left: ${path}`);
	return { status: response.status, text };
}

const request = (method: string, path: string, body?: unknown): HostileRequest => ({
	method,
	path: `/api/data/entity/${path}`,
	headers: {},
	body: body === undefined ? undefined : JSON.stringify(body),
});

/** What an editor does: writes a post, looks at it and at lists, changes it, deletes it. */
async function edit(turn: number, client: number): Promise<void> {
	const slug = `soak-${client}-${turn}`;
	const made = await send(
		request("POST", "posts", { title: `Post ${turn}`, slug, views: turn, authorId: "ada" }),
		"valid",
	);
	const id = made.status === 201 ? (JSON.parse(made.text) as { data: { id: number } }).data.id : 1;
	const reads = [
		request("GET", `posts/${id}`),
		request("GET", "posts?limit=10&sort=-views&count=true"),
		request("GET", `posts?where=${encodeURIComponent(JSON.stringify({ slug }))}`),
		request("POST", "posts/query", { where: { views: { $gt: turn % 50 } }, limit: 20 }),
		request("POST", "posts/fn/count", { authorId: "ada" }),
		request("GET", `posts/${id}?with=author,tags`),
		request("GET", "authors?with=posts&cursor="),
		request("GET", `posts/${id}/author`),
	];
	for (const read of reads) await send(read, "valid");
	await send(request("PATCH", `posts/${id}`, { title: `Post ${turn}, again` }), "valid");
	await send(request("DELETE", `posts/${id}`), "valid");
}

/** A connection that breaks off, or sends what is no HTTP. */
async function breakOff(turn: number): Promise<void> {
	const { hostname, port } = new URL(url);
	const socket = connect(Number(port), hostname);
	const texts = [
		"GET /api/data/entity/posts HTTP/1.1\r\nHost: localhost\r\n",
		'POST /api/data/entity/posts HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9999\r\n\r\n{"ti',
		"\x16\x03\x01\x02\x00 not HTTP at all\r\n\r\n",
		`GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
	];
	const closed = once(socket, "close");
	socket.on("error", () => {});
	socket.write(texts[turn % texts.length] ?? "", () => setTimeout(() => socket.destroy(), 5));
	await closed;
	counts.broken++;
}

async function client(number: number, until: number): Promise<void> {
	for (let turn = 0; performance.now() < until; turn++) {
		try {
			await edit(turn, number);
			const hostile = fc.sample(hostileRequest, 6).filter(({ path }) => path.length < 12_000);
			for (const one of hostile) await send(one, "hostile");
			if (turn % 5 === 0) await breakOff(turn);
		} catch (error) {
			if (failures.length < 20) failures.push(`A request was not answered: ${String(error)}`);
		}
	}
}

function show(label: string, { heap, rss, delay }: SoakReport): void {
	const [p50, p99, longest] = delay.map((ms) => ms.toFixed(1));
	const total = counts.valid + counts.hostile;
	console.log(
		`${label.padStart(6)}  ${String(total).padStart(8)} requests  heap ${heap.toFixed(1).padStart(6)} MiB  rss ${rss.toFixed(0).padStart(4)} MiB  loop delay p50 ${p50} p99 ${p99} longest ${longest} ms`,
	);
}

/** Looks at the server now and then while it is under load. */
async function watch(until: number, reports: SoakReport[]): Promise<void> {
	const started = performance.now();
	for (;;) {
		const left = until - performance.now();
		if (left <= 0) return;
		await new Promise((resolve) => setTimeout(resolve, Math.min(REPORT_EVERY_MS, left)));
		const report = await ask("report");
		reports.push(report);
		show(`${Math.round((performance.now() - started) / 1000)} s`, report);
	}
}

function judge(reports: readonly SoakReport[]): void {
	const early = reports[Math.floor(reports.length / 3)];
	const last = reports.at(-1);
	if (!early || !last) return;
	for (const [name, growth, most] of [
		["heap", last.heap - early.heap, MAX_GROWTH_MIB],
		["process", last.rss - early.rss, MAX_RSS_GROWTH_MIB],
	] as const) {
		const text = `The ${name} grew by ${growth.toFixed(1)} MiB (at most ${most}).`;
		console.log(text);
		if (growth > most) failures.push(text);
	}
	failures.push(...last.errors.map((line) => `The log says: ${line.slice(0, 500)}`));
}

console.log(`${CLIENTS} clients for ${SECONDS} s, then ${SHAPES} different query shapes.`);
const until = performance.now() + SECONDS * 1000;
const reports: SoakReport[] = [];
await Promise.all([
	watch(until, reports),
	...Array.from({ length: CLIENTS }, (_, number) => client(number, until)),
]);
reports.push(await ask("report"));
for (let done = 0; done < SHAPES; done += 100_000) {
	const report = await ask({ flood: Math.min(100_000, SHAPES - done) });
	reports.push(report);
	show(`${Math.round(report.shapes / 1000)}k`, report);
}
judge(reports);
const statuses = [...byStatus].sort(([a], [b]) => a - b).map(([status, n]) => `${status} × ${n}`);
console.log(`${JSON.stringify(counts)}\n${statuses.join(", ")}`);
child.send("stop" satisfies SoakRequest);
await once(child, "exit");
rmSync(directory, { recursive: true, force: true });
for (const failure of new Set(failures)) console.error(`FAILED: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
if (failures.length === 0) console.log("No 5xx, no growth, nothing unanswered.");
