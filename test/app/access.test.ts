import { describe, expect, test } from "vitest";
import {
	describeAccess,
	RIGHT,
	TOKEN,
	WRITES,
	WRONG,
	type AccessRow,
} from "../support/access-rows.ts";
import { blog } from "../support/blog.ts";

const BASE = "/api/data/entity";

const LOCAL = ["in-process", "loopback"] as const;
const CLOSED = [403, "forbidden"] as const;

const ROWS = LOCAL.flatMap((exposure): readonly AccessRow[] => [
	{ exposure, read: null, write: null },
	{ exposure, token: TOKEN, read: null, write: null },
	{ exposure, token: TOKEN, authorization: WRONG, read: null, write: null },
	{ exposure, access: "open", read: null, write: null },
	{ exposure, access: "read-only", read: null, write: CLOSED },
	{ exposure, access: "read-only", token: TOKEN, authorization: RIGHT, read: null, write: CLOSED },
]);

describeAccess(ROWS);

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

test.for([
	["in-process", undefined],
	["loopback", TOKEN],
] as const)("%s with the token %s is called open, but local", async ([exposure, token]) => {
	const env = token === undefined ? {} : { BURDOCK_TOKEN: token };
	const { app, send } = await blog({ exposure, env });
	const access = "open (local only)";
	expect(app.describe().access).toBe(access);
	expect(await (await send(["GET", "/api/system/info"])).json()).toMatchObject({ access });
});
