import { env as bindings } from "cloudflare:workers";
import { beforeEach, describe, expect, test } from "vitest";
import { AppBeforeResponse, AppRequest } from "../../../../src/app/app-events.ts";
import { AppQueueMessage, AppScheduled } from "../../../../src/app/runtime-events.ts";
import type { Config } from "../../../../src/app/config.ts";
import { emptied, NOTES, notes, schema, TestWorker, type Call } from "./test-worker.ts";

const BOOKMARK = "00000085-0000024c-00004c6d-8e61117bf38d7adb71b934ebbf891683";
const TOKEN = "s3cret";
const authorization = `Bearer ${TOKEN}`;
const HEADER = "x-d1-bookmark";

beforeEach(() => emptied());

/** A binding that tells with what its sessions began, and what it was asked outside of any. */
class WatchedDatabase {
	readonly starts: string[] = [];
	outside = 0;
	readonly env: Readonly<Record<string, unknown>>;

	constructor() {
		const withSession = (start: string) => {
			this.starts.push(start);
			// Locally a bookmark of another database is none at all.
			return bindings.DB.withSession(start === BOOKMARK ? "first-primary" : start);
		};
		const prepare = (sql: string) => {
			this.outside++;
			return bindings.DB.prepare(sql);
		};
		const batch = (statements: D1PreparedStatement[]) => {
			this.outside++;
			return bindings.DB.batch(statements);
		};
		this.env = { DB: { withSession, prepare, batch }, BURDOCK_TOKEN: TOKEN };
	}
}

type Constraint = "first-unconstrained" | "first-primary";

/** A warm Worker with sessions. */
async function warm(config: Config = {}, session: Constraint | undefined = "first-unconstrained") {
	const connection = session === undefined ? {} : { session };
	const worker = new TestWorker({ schema, connection, ...config });
	const database = new WatchedDatabase();
	await worker.send("/health", { env: database.env }).done;
	database.starts.length = 0;
	database.outside = 0;
	const send = (path: string, call: Call = {}) =>
		worker.send(path, {
			env: database.env,
			...call,
			headers: { authorization, ...call.headers },
		}).done;
	return { worker, database, send };
}

describe.for(["first-unconstrained", "first-primary"] as const)("with %s", (session) => {
	test("reads begin there, and all statements of a request share one session", async () => {
		const { database, send } = await warm(
			{
				onBuilt: ({ emgr, em }) =>
					void emgr.onEvent(
						AppRequest,
						async () => {
							await em.repository(notes).count();
							await em.repository(notes).count();
						},
						"sync",
					),
			},
			session,
		);
		for (const path of [NOTES, `${NOTES}?limit=1`]) expect((await send(path)).status).toBe(200);
		expect([database.starts, database.outside]).toEqual([[session, session], 0]);
	});

	test("what may write, triggers and queues begin at the primary", async () => {
		const { worker, database, send } = await warm({}, session);
		const { emgr, em } = worker.app;
		const count = async (): Promise<void> => void (await em.repository(notes).count());
		emgr.onEvent(AppScheduled, count, "async");
		emgr.onEvent(AppQueueMessage, count, "async");
		expect((await send(NOTES, { method: "POST", body: { title: "x" } })).status).toBe(201);
		expect((await send(`${NOTES}/1`, { method: "PATCH", body: { title: "y" } })).status).toBe(200);
		expect((await send(`${NOTES}/1`, { method: "DELETE" })).status).toBe(200);
		await worker.fire(database.env);
		const message = { id: "m", body: 1, attempts: 1, timestamp: new Date(), ack() {}, retry() {} };
		await worker.queue({ queue: "q", messages: [message] }, database.env, { waitUntil() {} });
		expect([database.starts, database.outside]).toEqual([Array(5).fill("first-primary"), 0]);
	});
});

test("a bookmark goes out with each answer that asked the database, and reads go on from it", async () => {
	const { database, send } = await warm();
	const written = await send(NOTES, { method: "POST", body: { title: "x" } });
	const bookmark = String(written.headers.get(HEADER));
	expect(bookmark).toMatch(/^[\da-f]{8}(?:-[\da-f]{8}){2}-[\da-f]{32}$/);
	const read = await send(NOTES, { headers: { [HEADER]: bookmark } });
	expect(read.status).toBe(200);
	expect(await read.text()).toContain('"x"');
	expect(database.starts).toEqual(["first-primary", bookmark]);
	expect(String(read.headers.get(HEADER)) >= bookmark).toBe(true);
	expect((await send("/health")).headers.get(HEADER)).toBeNull();
});

test("what may write begins with the newest data, whatever bookmark comes with it", async () => {
	const { database, send } = await warm();
	const headers = { [HEADER]: BOOKMARK };
	const written = await send(NOTES, { method: "POST", body: { title: "x" }, headers });
	expect(written.status).toBe(201);
	expect(database.starts).toEqual(["first-primary"]);
});

const BAD = [
	"garbage",
	"first-primary",
	"first-unconstrained",
	"First-Primary",
	" first-primary",
	"-",
	"0",
	`${BOOKMARK} `.repeat(2).trim(),
	`${BOOKMARK},${BOOKMARK}`,
	`${BOOKMARK}-`,
	BOOKMARK.replace("8", "g"),
	"0".repeat(10_000),
	`${"0".repeat(32)}-`.repeat(500),
	"'; drop table notes; --",
	"%00",
	"null",
	"undefined",
	"é",
];

test.for(BAD)("a bookmark like %j is refused, and reaches no database", async (bad) => {
	const { database, send } = await warm();
	for (const call of [{}, { method: "POST", body: { title: "x" } }] as const) {
		const response = await send(NOTES, { ...call, headers: { [HEADER]: bad } });
		expect(response.status).toBe(400);
		expect(response.headers.get(HEADER)).toBeNull();
		const text = await response.text();
		expect(JSON.parse(text)).toMatchObject({
			code: "bad_bookmark",
			detail: "x-d1-bookmark is not a bookmark of D1: send the one that the last response had.",
		});
	}
	expect([database.starts, database.outside]).toEqual([[], 0]);
});

test("an empty bookmark is none", async () => {
	const { database, send } = await warm();
	expect((await send(NOTES, { headers: { [HEADER]: "" } })).status).toBe(200);
	expect(database.starts).toEqual(["first-unconstrained"]);
});

test("a first request with a bad bookmark keeps nobody else from the boot", async () => {
	let seeds = 0;
	const worker = new TestWorker({
		schema,
		connection: { session: "first-unconstrained" },
		seed: () => void seeds++,
	});
	const bad = await worker.send(NOTES, { headers: { [HEADER]: "garbage" } }).done;
	const good = await worker.send(NOTES).done;
	expect([bad.status, good.status, seeds]).toEqual([400, 200, 1]);
});

test("without sessions the header is neither read nor sent", async () => {
	const worker = new TestWorker({ schema });
	const database = new WatchedDatabase();
	for (const bookmark of [BOOKMARK, "garbage"]) {
		const headers = { [HEADER]: bookmark };
		const response = await worker.send(NOTES, { env: database.env, headers }).done;
		expect([response.status, response.headers.get(HEADER)]).toEqual([200, null]);
	}
	expect(database.starts).toEqual([]);
});

test.for([
	["a response of a listener", () => new Response("mine", { status: 202 })],
	["a response whose headers can't be set", () => Response.redirect("https://blog.example/", 302)],
	["a response without a body", () => new Response(null, { status: 204 })],
] as const)("the bookmark is on %s that replaces the answer", async ([, make]) => {
	const { worker, send } = await warm();
	worker.app.emgr.onEvent(AppBeforeResponse, () => make(), "sync");
	const response = await send(NOTES);
	expect(response.status).toBe(make().status);
	expect(response.headers.get(HEADER)).toMatch(/^[\da-f-]{50,}$/);
});

test("the bookmark is on answers without a body, on problems, and where listeners fail", async () => {
	const { worker, send } = await warm();
	const head = await send(NOTES, { method: "HEAD" });
	const missing = await send(`${NOTES}/7`);
	worker.app.emgr.onEvent(
		AppBeforeResponse,
		() => {
			throw new Error("broken");
		},
		"sync",
	);
	const broken = await send(NOTES);
	expect([head.status, missing.status, broken.status]).toEqual([200, 404, 500]);
	for (const { headers } of [head, missing, broken]) {
		expect(headers.get(HEADER)).toMatch(/^[\da-f-]{50,}$/);
	}
});

test("pages of other origins may send and read the bookmark", async () => {
	const { send } = await warm({ server: { cors: { origin: "https://app.example" } } });
	const origin = "https://app.example";
	const read = await send(NOTES, { headers: { origin } });
	expect(read.headers.get("access-control-expose-headers")).toContain(HEADER);
	expect(read.headers.get(HEADER)).not.toBeNull();
	const preflight = await send(NOTES, {
		method: "OPTIONS",
		headers: {
			origin,
			"access-control-request-method": "GET",
			"access-control-request-headers": HEADER,
		},
	});
	expect(preflight.status).toBe(204);
	expect(preflight.headers.get("access-control-allow-headers")).toContain(HEADER);
});

test("interleaved requests have sessions of their own", async () => {
	const { database, send } = await warm();
	const answers = await Promise.all(Array.from({ length: 8 }, () => send(NOTES)));
	expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
	expect(database.starts).toEqual(Array(8).fill("first-unconstrained"));
});
