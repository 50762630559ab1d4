import { describe, expect, test } from "vitest";
import type { Exposure } from "../../src/kernel/platform.ts";
import { blog, type ShortRequest } from "./blog.ts";
import { expectProblem } from "./scenario.ts";

/** The token of a server that has one. */
export const TOKEN = "s3cret-token";
const BASE = "/api/data/entity";

/** Every way to read. */
export const READS: readonly ShortRequest[] = [
	["GET", `${BASE}/tags`],
	["GET", `${BASE}/tags/1`],
	["POST", `${BASE}/tags/query`, {}],
	["POST", `${BASE}/tags/fn/count`],
	["POST", `${BASE}/tags/fn/exists`],
];
/** Every way to write. */
export const WRITES: readonly ShortRequest[] = [
	["POST", `${BASE}/tags`, { name: "new" }],
	["PATCH", `${BASE}/tags/1`, { name: "new" }],
	["PATCH", `${BASE}/tags`, { update: { name: "new" }, where: { id: 1 } }],
	["DELETE", `${BASE}/tags/2`],
	["DELETE", `${BASE}/tags`, { id: 1 }],
];

/** One setting, and what it lets through. */
export interface AccessRow {
	readonly exposure: Exposure;
	readonly access?: "open" | "read-only";
	readonly token?: string;
	readonly authorization?: string;
	/** What reads, and what writes come to: a status below 300 where null. */
	readonly read: number | null;
	readonly write: readonly [status: number, code: string] | null;
}

/** Credentials that are right, and some that are not. */
export const RIGHT = `Bearer ${TOKEN}`;
export const WRONG = "Bearer wrong";

/** Reads, writes and asks the system under every setting. */
export function describeAccess(rows: readonly AccessRow[]): void {
	describe.for(rows)(
		"$exposure, access $access, token $token, credentials $authorization",
		(row) => {
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
		},
	);
}
