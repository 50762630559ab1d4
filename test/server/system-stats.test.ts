import { describe, expect, test } from "vitest";
import type { ServerOptions } from "../../src/server/server-options.ts";
import type { SystemStats } from "../../src/server/contract.ts";
import type { Exposure } from "../../src/kernel/platform.ts";
import type { OpenApiDocument } from "../../src/server/openapi/openapi-document.ts";
import { ajvOf, faultsOf } from "../support/api-document.ts";
import { blog } from "../support/blog.ts";

const TOKEN = "s3cret-token";
const RIGHT = { authorization: `Bearer ${TOKEN}` };
const WRONG = { authorization: "Bearer wrong" };
const PATH = "/api/system/stats";

interface Row {
	readonly exposure: Exposure;
	readonly access?: ServerOptions["access"];
	readonly token?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly url?: string;
	readonly status: number;
	readonly code?: string;
}

const ROWS: readonly Row[] = [
	{ exposure: "in-process", status: 200 },
	{ exposure: "in-process", access: () => true, status: 403, code: "operator_only" },
	{ exposure: "in-process", access: "read-only", status: 403, code: "operator_only" },
	{ exposure: "loopback", status: 200 },
	{ exposure: "loopback", headers: WRONG, status: 200 },
	{ exposure: "loopback", access: () => false, status: 200 },
	{ exposure: "loopback", url: "http://evil.example", status: 403, code: "operator_only" },
	{
		exposure: "loopback",
		headers: { "x-forwarded-for": "203.0.113.7" },
		status: 403,
		code: "operator_only",
	},
	{ exposure: "public", status: 403, code: "operator_only" },
	{ exposure: "public", headers: RIGHT, status: 403, code: "operator_only" },
	...([undefined, "open", "read-only", () => true] as const).flatMap((access): readonly Row[] => {
		const row = { exposure: "public", token: TOKEN, ...(access && { access }) } as const;
		return [
			{ ...row, status: 401, code: "unauthenticated" },
			{ ...row, headers: WRONG, status: 403, code: "operator_only" },
			{ ...row, headers: RIGHT, status: 200 },
		];
	}),
];

describe("who may read the statistics", () => {
	test.for(ROWS)("$exposure, access $access, token $token, $headers: $status", async (row) => {
		const { exposure, access, token, headers = {}, url = "http://localhost", status, code } = row;
		const { send } = await blog({
			exposure,
			env: token === undefined ? {} : { BURDOCK_TOKEN: token },
			config: { server: access === undefined ? {} : { access } },
		});
		const response = await send(new Request(url + PATH, { headers }));
		expect(response.status).toBe(status);
		const body = (await response.json()) as { readonly code?: string };
		expect(body.code).toBe(code);
		if (code !== undefined) expect(JSON.stringify(body)).not.toContain("perListener");
	});
});

describe("GET /api/system/stats", () => {
	test("tells what `emgr.stats` tells, of an app that counts without being asked to", async () => {
		const { app, send } = await blog();
		app.emgr.on("data.tags.insert.before", () => {}, { mode: "sync", id: "check" });
		app.emgr.on("data.tags.insert.after", () => {}, { id: "notify" });
		await send(["POST", "/api/data/entity/tags", { id: 9, name: "x" }]);
		await app.emgr.drain();
		const response = await send(["GET", PATH]);
		expect(response.headers.get("cache-control")).toBe("no-store");
		const stats = (await response.json()) as SystemStats;
		expect(stats).toEqual(app.emgr.stats);
		expect(stats).toMatchObject({ measured: true, pending: 0, errors: 0 });
		expect(stats.perListener).toEqual(
			[
				["check", "sync"],
				["notify", "async"],
			].map(([id, mode]) =>
				expect.objectContaining({
					id,
					mode,
					calls: 1,
					p50: expect.any(Number) as number,
					p95: expect.any(Number) as number,
				}),
			),
		);
	});

	test("is described with its schema, an example of it, and the token that it needs", async () => {
		const document = async (exposure: Exposure) => {
			const { app, send } = await blog({ exposure, env: { BURDOCK_TOKEN: TOKEN } });
			app.emgr.on("app-request", () => {}, "sync");
			const stats = await (await send(["GET", PATH, undefined, RIGHT])).json();
			const text = await (await send(["GET", "/api/system/openapi.json"])).json();
			return { stats, document: text as OpenApiDocument };
		};
		const [open, closed] = [await document("in-process"), await document("public")];
		const operation = open.document.paths["/system/stats"]?.get;
		expect(operation).not.toHaveProperty("security");
		expect(closed.document.paths["/system/stats"]?.get?.security).toEqual([{ bearer: [] }]);
		const answer = operation?.responses["200"] as unknown as {
			readonly content: {
				readonly "application/json": { readonly schema: JsonSchemaWithExamples };
			};
		};
		const { schema } = answer.content["application/json"];
		const ajv = ajvOf(open.document);
		expect(faultsOf(ajv, schema, open.stats)).toBeUndefined();
		expect(schema.examples).toHaveLength(1);
		expect(faultsOf(ajv, schema, schema.examples[0])).toBeUndefined();
	});

	test("counts where the config brings instruments of its own", async () => {
		const seen: string[] = [];
		const { app, send } = await blog({
			config: {
				events: {
					instruments: [
						{
							call(call, go) {
								seen.push(call.listenerId);
								return go();
							},
						},
					],
				},
			},
		});
		app.emgr.on("app-request", () => {}, { mode: "sync", id: "l" });
		await send(["GET", "/health"]);
		expect(seen).toEqual(["l"]);
		expect(app.emgr.stats.calls).toBe(1);
	});
});

interface JsonSchemaWithExamples {
	readonly examples: readonly unknown[];
}
