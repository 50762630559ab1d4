import { describe, expect, test } from "vitest";
import type { ServerOptions } from "../../src/server/server-options.ts";
import { AppError } from "../../src/kernel/error.ts";
import {
	describeAccess,
	READS,
	RIGHT,
	TOKEN,
	WRITES,
	WRONG,
	type AccessRow,
} from "../support/access-rows.ts";
import { blog, type ShortRequest } from "../support/blog.ts";
import { expectProblem } from "../support/scenario.ts";

const BASE = "/api/data/entity";

const ROWS: readonly AccessRow[] = [
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
	].map((authorization): AccessRow => ({
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

describeAccess(ROWS);

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

describe.for(["/api/system/stats", "/api/system/events"])("%s, which shows the inside", (path) => {
	test.for([
		["nobody who has no credentials", TOKEN, undefined, 401, "unauthenticated"],
		["nobody with a wrong token", TOKEN, WRONG, 403, "operator_only"],
		["nobody where there is no token", undefined, RIGHT, 403, "operator_only"],
		["nobody where the token is empty", "", "Bearer ", 403, "operator_only"],
		["the holder of the token", TOKEN, RIGHT, 200, undefined],
	] as const)("is for %s", async ([, token, authorization, status, code]) => {
		for (const access of [undefined, "open", () => true] as const) {
			const { app, send, database } = await blog({
				exposure: "public",
				env: token === undefined ? {} : { BURDOCK_TOKEN: token },
				config: { server: access === undefined ? {} : { access } },
			});
			const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
			const response = await send(["GET", path, undefined, headers]);
			expect(response.status).toBe(status);
			expect(database.statements).toBe(0);
			if (status === 200) {
				await response.body?.cancel();
			} else {
				const text = await response.text();
				expect(JSON.parse(text)).toMatchObject({ code });
				expectProblem(text, response);
			}
			expect(app.emgr.getListeners()).toEqual([]);
		}
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
	["public", undefined, undefined, "reads are open, writes are refused (no BURDOCK_TOKEN)"],
	["public", undefined, TOKEN, "reads are open, writes need the token"],
	["public", "open", TOKEN, "open to everybody"],
	["public", "read-only", TOKEN, "read-only"],
	["public", () => true, TOKEN, "as the config's access rule says"],
] as const)(
	"%s with access %s and the token %s is called: %s",
	async ([exposure, access, token, rule]) => {
		const { app, send, run } = await blog({
			exposure,
			env: token === undefined ? {} : { BURDOCK_TOKEN: token },
			config: { server: access === undefined ? {} : { access } },
		});
		expect(await run(() => app.describe().access)).toBe(rule);
		expect(await (await send(["GET", "/api/system/info"])).json()).toMatchObject({ access: rule });
	},
);
