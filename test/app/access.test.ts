import { describe, expect, test } from "vitest";
import type { ServerOptions } from "../../src/server/server-options.ts";
import { AppError } from "../../src/kernel/error.ts";
import type { Exposure } from "../../src/kernel/platform.ts";
import { blog, type ShortRequest } from "../support/blog.ts";
import { expectProblem } from "../support/scenario.ts";

const TOKEN = "s3cret-token";
const BASE = "/api/data/entity";

const READS: readonly ShortRequest[] = [
	["GET", `${BASE}/tags`],
	["GET", `${BASE}/tags/1`],
	["POST", `${BASE}/tags/query`, {}],
	["POST", `${BASE}/tags/fn/count`],
	["POST", `${BASE}/tags/fn/exists`],
];
const WRITES: readonly ShortRequest[] = [
	["POST", `${BASE}/tags`, { name: "new" }],
	["PATCH", `${BASE}/tags/1`, { name: "new" }],
	["PATCH", `${BASE}/tags`, { update: { name: "new" }, where: { id: 1 } }],
	["DELETE", `${BASE}/tags/2`],
	["DELETE", `${BASE}/tags`, { id: 1 }],
];

interface Row {
	readonly exposure: Exposure;
	readonly access?: "open" | "read-only";
	readonly token?: string;
	readonly authorization?: string;
	/** What reads, and what writes come to: a status below 300 where null. */
	readonly read: number | null;
	readonly write: readonly [status: number, code: string] | null;
}

const RIGHT = `Bearer ${TOKEN}`;
const WRONG = "Bearer wrong";

const ROWS: readonly Row[] = [
	...(["in-process", "loopback"] as const).flatMap((exposure): readonly Row[] => [
		{ exposure, read: null, write: null },
		{ exposure, token: TOKEN, read: null, write: null },
		{ exposure, token: TOKEN, authorization: WRONG, read: null, write: null },
		{ exposure, access: "open", read: null, write: null },
		{ exposure, access: "read-only", read: null, write: [403, "forbidden"] },
		{
			exposure,
			access: "read-only",
			token: TOKEN,
			authorization: RIGHT,
			read: null,
			write: [403, "forbidden"],
		},
	]),
	{ exposure: "public", read: null, write: [403, "no_token"] },
	{ exposure: "public", token: "", read: null, write: [403, "no_token"] },
	{ exposure: "public", token: "", authorization: "Bearer ", read: null, write: [403, "no_token"] },
	{ exposure: "public", authorization: RIGHT, read: null, write: [403, "no_token"] },
	{ exposure: "public", token: TOKEN, read: null, write: [401, "unauthenticated"] },
	{ exposure: "public", token: TOKEN, authorization: RIGHT, read: null, write: null },
	{ exposure: "public", token: TOKEN, authorization: `bearer  ${TOKEN}`, read: null, write: null },
	...[
		WRONG,
		"",
		"Bearer",
		"Bearer ",
		TOKEN,
		`Basic ${btoa(`x:${TOKEN}`)}`,
		`${RIGHT}x`,
		RIGHT.slice(0, -1),
		`${RIGHT}${TOKEN}`,
		`${RIGHT} ${TOKEN}`,
		RIGHT.toUpperCase(),
	].map((authorization): Row => ({
		exposure: "public",
		token: TOKEN,
		authorization,
		read: null,
		write: [403, "forbidden"],
	})),
	{ exposure: "public", access: "open", read: null, write: null },
	{
		exposure: "public",
		access: "open",
		token: TOKEN,
		authorization: WRONG,
		read: null,
		write: null,
	},
	{
		exposure: "public",
		access: "read-only",
		token: TOKEN,
		authorization: RIGHT,
		read: null,
		write: [403, "forbidden"],
	},
];

describe.for(ROWS)("$exposure, access $access, token $token, credentials $authorization", (row) => {
	const { exposure, access, token, authorization } = row;
	const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
	const options = {
		exposure,
		env: token === undefined ? {} : { BURDOCK_TOKEN: token },
		config: { server: access === undefined ? {} : { access } },
	};

	test("reads", async () => {
		const { send } = await blog(options);
		for (const [method, path, body] of READS) {
			expect((await send([method, path, body, headers])).status).toBe(row.read ?? 200);
		}
	});

	test("writes", async () => {
		const { send, database } = await blog(options);
		for (const [method, path, body] of WRITES) {
			const response = await send([method, path, body, headers]);
			const text = await response.text();
			if (row.write === null) {
				expect(response.status, text).toBeLessThan(300);
				continue;
			}
			expect(response.status, text).toBe(row.write[0]);
			expect(JSON.parse(text)).toMatchObject({ code: row.write[1] });
			expectProblem(text, response);
			expect(text).not.toContain(TOKEN);
			expect(database.statements).toBe(0);
		}
	});

	test("system routes are open", async () => {
		const { send } = await blog(options);
		for (const path of ["/health", "/ready", "/api/system/ping", "/api/system/info"]) {
			expect((await send(["GET", path, undefined, headers])).status).toBe(200);
		}
	});
});

describe("an access rule", () => {
	const withRule = (access: ServerOptions["access"], env = {}) =>
		blog({ exposure: "public", env, config: { server: { access: access as "open" } } });

	test("is asked who wants to do what with which entity", async () => {
		const asked: unknown[] = [];
		const { send } = await withRule(
			(request, question) => {
				asked.push([request.method, question]);
				return true;
			},
			{ BURDOCK_TOKEN: TOKEN },
		);
		const requests: readonly (readonly [ShortRequest, string])[] = [
			...READS.map((request) => [request, "read"] as const),
			[["POST", `${BASE}/tags`, { name: "x" }], "create"],
			[["PATCH", `${BASE}/tags/1`, { name: "x" }], "update"],
			[["PATCH", `${BASE}/tags`, { update: { name: "x" }, where: { id: 1 } }], "update"],
			[["DELETE", `${BASE}/tags/1`], "delete"],
			[["DELETE", `${BASE}/tags`, { id: 1 }], "delete"],
		];
		for (const [[method, path, body], action] of requests) {
			for (const authorization of [RIGHT, WRONG]) {
				asked.length = 0;
				const response = await send([method, path, body, { authorization }]);
				expect([200, 201, 404]).toContain(response.status);
				const actor = authorization === RIGHT ? { id: "token" } : undefined;
				expect(asked).toEqual([[method, { entity: "tags", action, actor }]]);
			}
		}
	});

	test.for([
		["at once", false],
		["later", Promise.resolve(false)],
	] as const)("that says no %s is a 401 without credentials, a 403 with some", async ([, said]) => {
		const { send, database } = await withRule(() => said);
		for (const request of [...READS, ...WRITES]) {
			const without = await send(request);
			expect(without.status).toBe(401);
			expectProblem(await without.text(), without);
			const [method, path, body] = request;
			const withSome = await send([method, path, body, { authorization: WRONG }]);
			expect(withSome.status).toBe(403);
			expectProblem(await withSome.text(), withSome);
		}
		expect(database.statements).toBe(0);
	});

	test("that says yes later lets the request in", async () => {
		const { send } = await withRule(() => Promise.resolve(true));
		for (const request of [...READS, ...WRITES])
			expect((await send(request)).status).toBeLessThan(300);
	});

	test.for([
		["an AppError", () => new AppError("rate_limited", "Slowly."), 429],
		["an Error", () => new Error("secret"), 500],
		["a Response", () => new Response("mine", { status: 402 }), 402],
	] as const)("that throws %s lets nobody in", async ([, make, status]) => {
		for (const rule of [
			() => {
				throw make();
			},
			() => Promise.reject(make() as Error),
		]) {
			const { send, database } = await withRule(rule);
			const response = await send(["DELETE", `${BASE}/tags/1`]);
			expect(response.status).toBe(status);
			expect(await response.text()).not.toContain("secret");
			expect(database.statements).toBe(0);
		}
	});

	test("is not asked about an entity that there is none of", async () => {
		let asked = 0;
		const { send } = await withRule(() => {
			asked++;
			return true;
		});
		expect((await send(["GET", `${BASE}/nothing`])).status).toBe(404);
		expect(asked).toBe(0);
	});
});

describe("a page of another site", () => {
	const foreign = { "sec-fetch-site": "cross-site", origin: "https://a.example" };

	test("may not write to a server that is open to its own machine", async () => {
		for (const access of [{}, { access: "open" }] as const) {
			const { send, database } = await blog({ exposure: "loopback", config: { server: access } });
			for (const [method, path, body] of WRITES) {
				const text = typeof body === "object" ? JSON.stringify(body) : body;
				const response = await send([
					method,
					path,
					text,
					{ ...foreign, "content-type": "text/plain" },
				]);
				expect(response.status).toBe(403);
				expect(await response.json()).toMatchObject({ code: "cross_site" });
			}
			expect(database.statements).toBe(0);
			expect((await send(["GET", `${BASE}/tags`, undefined, foreign])).status).toBe(200);
		}
	});

	test("may, when CORS lets it in", async () => {
		const cors = { origin: "https://a.example" };
		const { send } = await blog({ exposure: "loopback", config: { server: { cors } } });
		expect((await send(["POST", `${BASE}/tags`, { name: "x" }, foreign])).status).toBe(201);
	});

	test.for([
		["https://a.example", 403],
		["null", 403],
		["http://localhost", 201],
	] as const)("is told by its origin %s where its site is not", async ([origin, status]) => {
		const { send } = await blog({ exposure: "loopback" });
		expect((await send(["POST", `${BASE}/tags`, { name: "x" }, { origin }])).status).toBe(status);
	});

	test.for([
		["http://localhost:1337", 200],
		["http://127.0.0.1", 200],
		["http://[::1]:1337", 200],
		["http://app.localhost", 200],
		["http://evil.example:1337", 403],
		["http://127.0.0.1.evil.example", 403],
		["http://localhost.evil.example", 403],
		["http://0.0.0.0:1337", 403],
	] as const)("that calls a loopback server %s gets %i", async ([origin, status]) => {
		const { app } = await blog({ exposure: "loopback" });
		const response = await app.fetch(new Request(`${origin}${BASE}/tags`));
		expect(response.status).toBe(status);
		const { app: public_ } = await blog({ exposure: "public" });
		expect((await public_.fetch(new Request(`${origin}${BASE}/tags`))).status).toBe(200);
	});

	test.for(["same-origin", "same-site", "none"])("is not one that is %s", async (site) => {
		const { send } = await blog({ exposure: "loopback" });
		const headers = { ...foreign, "sec-fetch-site": site };
		expect((await send(["POST", `${BASE}/tags`, { name: "x" }, headers])).status).toBe(201);
	});
});

describe("the actor", () => {
	test.for([
		[RIGHT, { id: "token" }],
		[WRONG, undefined],
	] as const)(
		"of %s is in every event and every listener's context",
		async ([authorization, actor]) => {
			const { app, send } = await blog({ env: { BURDOCK_TOKEN: TOKEN } });
			const actors: unknown[] = [];
			app.emgr.onAny(
				(event, _slug, ctx) => void actors.push(event.context.actor, ctx.actor),
				"sync",
			);
			await send(["POST", `${BASE}/tags`, { name: "x" }, { authorization }]);
			expect(actors).toHaveLength(10);
			for (const seen of actors) expect(seen).toEqual(actor);
		},
	);
});

test.for([
	["in-process", undefined, undefined, "open (local only)"],
	["loopback", undefined, TOKEN, "open (local only)"],
	["public", undefined, undefined, "reads are open, writes are refused (no BURDOCK_TOKEN)"],
	["public", undefined, TOKEN, "reads are open, writes need the token"],
	["public", "open", TOKEN, "open to everybody"],
	["public", "read-only", TOKEN, "read-only"],
	["public", () => true, TOKEN, "as the config's access rule says"],
] as const)(
	"%s with access %s and the token %s is called: %s",
	async ([exposure, access, token, rule]) => {
		const { app, send } = await blog({
			exposure,
			env: token === undefined ? {} : { BURDOCK_TOKEN: token },
			config: { server: access === undefined ? {} : { access } },
		});
		expect(app.describe().access).toBe(rule);
		expect(await (await send(["GET", "/api/system/info"])).json()).toMatchObject({ access: rule });
	},
);
