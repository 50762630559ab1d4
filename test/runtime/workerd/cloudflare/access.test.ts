import { beforeEach, expect, test } from "vitest";
import { emptied, NOTES, schema, TestWorker, type Call } from "./test-worker.ts";

beforeEach(() => emptied());

const TOKEN = "s3cret-token";
const BODY = { title: "x" };
const WRITES: readonly (readonly [path: string, call: Call])[] = [
	[NOTES, { method: "POST", body: BODY }],
	[`${NOTES}/1`, { method: "PATCH", body: BODY }],
	[NOTES, { method: "PATCH", body: { update: BODY, where: { id: 1 } } }],
	[`${NOTES}/1`, { method: "DELETE" }],
	[NOTES, { method: "DELETE", body: { id: 1 } }],
];
const OPERATOR: typeof WRITES = [
	["/api/system/stats", {}],
	["/api/system/events", {}],
	["/api/system/events?ref=data.**", { method: "HEAD" }],
];

/** Headers that say who sent a request, which anybody can send. */
const CLAIMS: Readonly<Record<string, string>>[] = [
	{},
	{ host: "localhost" },
	{ host: "127.0.0.1:8787" },
	{ "x-forwarded-for": "127.0.0.1", "x-forwarded-host": "localhost" },
	{ forwarded: "for=127.0.0.1;host=localhost", via: "1.1 localhost" },
	{ "cf-connecting-ip": "127.0.0.1", "x-real-ip": "::1", "true-client-ip": "127.0.0.1" },
	{ origin: "http://localhost", "sec-fetch-site": "same-origin" },
];

async function statuses(env: Call["env"], headers: Call["headers"]): Promise<readonly number[]> {
	const worker = new TestWorker({ schema });
	const answers = [];
	for (const [path, call] of [...WRITES, ...OPERATOR]) {
		const response = await worker.send(path, { ...call, env: env ?? {}, headers: headers ?? {} })
			.done;
		answers.push(response.status);
		await response.body?.cancel();
	}
	return answers;
}

const all = (status: number): readonly number[] =>
	Array(WRITES.length + OPERATOR.length).fill(status);

test.for(CLAIMS)("nothing that a client says of itself opens anything: %j", async (claims) => {
	const env = { BURDOCK_TOKEN: TOKEN };
	expect(await statuses(env, claims)).toEqual(all(401));
	expect(await statuses(env, { ...claims, authorization: "Bearer wrong" })).toEqual(all(403));
	expect(await statuses({}, claims)).toEqual(all(403));
	expect(await statuses({}, { ...claims, authorization: "Bearer undefined" })).toEqual(all(403));
});

test.for([undefined, null, "", 0, 42, {}, [TOKEN], { toString: () => TOKEN }])(
	"a token that is %j is none",
	async (BURDOCK_TOKEN) => {
		const env = { BURDOCK_TOKEN };
		for (const given of [TOKEN, String(BURDOCK_TOKEN), ""]) {
			expect(await statuses(env, { authorization: `Bearer ${given}` })).toEqual(all(403));
		}
	},
);

test("the token opens writes, statistics and events", async () => {
	const env = { BURDOCK_TOKEN: TOKEN };
	const answers = await statuses(env, { authorization: `Bearer ${TOKEN}` });
	expect(answers.slice(0, 4)).toEqual([201, 200, 200, 200]);
	expect(answers.slice(WRITES.length)).toEqual([200, 200, 200]);
});

test("a host like localhost in the URL opens nothing", async () => {
	const worker = new TestWorker({ schema });
	const { DB } = (await import("cloudflare:workers")).env;
	for (const host of ["localhost:8787", "127.0.0.1", "[::1]", "blog.example"]) {
		const request = new Request(`http://${host}${NOTES}`, {
			method: "POST",
			body: JSON.stringify(BODY),
		});
		const env = { DB, BURDOCK_TOKEN: TOKEN };
		expect((await worker.fetch(request, env, { waitUntil() {} })).status).toBe(401);
	}
});

test("a token that was changed holds from the next request on, and is in no answer", async () => {
	const worker = new TestWorker({ schema });
	const post = async (now: string, given: string) => {
		const response = await worker.send(NOTES, {
			method: "POST",
			body: BODY,
			env: { BURDOCK_TOKEN: now },
			headers: { authorization: `Bearer ${given}` },
		}).done;
		expect((await response.text()) + JSON.stringify([...response.headers])).not.toContain(now);
		return response.status;
	};
	expect(await post("first-one", "first-one")).toBe(201);
	expect(await post("second-one", "first-one")).toBe(403);
	expect(await post("second-one", "second-one")).toBe(201);
	expect(JSON.stringify(worker.logs)).not.toMatch(/first-one|second-one/);
});
