import { env as bindings } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Config } from "../../../../src/app/config.ts";
import { CloudflareWorker } from "../../../../src/runtime/cloudflare/cloudflare-worker.ts";
import { emptied, schema, WatchedContext } from "./test-worker.ts";

const LEVELS = ["debug", "info", "warn", "error"] as const;
let lines: (readonly [method: string, line: Record<string, unknown>])[];

beforeEach(async () => {
	await emptied();
	lines = [];
	for (const level of LEVELS) {
		vi.spyOn(console, level).mockImplementation((...values: unknown[]) => {
			if (values.length > 1 || /\n/.test(String(values[0]))) throw new Error("It is no line.");
			lines.push([level, JSON.parse(String(values[0])) as Record<string, unknown>]);
		});
	}
});
afterEach(() => void vi.restoreAllMocks());

const chatty: Config = {
	schema,
	onServerInit(hono, { logger }) {
		hono.get("/chat", () => {
			for (const level of LEVELS) logger[level](`a ${level}`, { level: 7 });
			return new Response("ok");
		});
		hono.get("/secrets", () => {
			logger.info("known", {
				token: "hidden-1",
				password: "hidden-2",
				authorization: "hidden-3",
				nested: { accessToken: "hidden-4", name: "shown" },
			});
			return new Response("ok");
		});
		hono.get("/broken", () => {
			throw new Error("broken");
		});
	},
};

async function send(
	path: string,
	env: Readonly<Record<string, unknown>> = {},
	worker = new CloudflareWorker(chatty),
) {
	const context = new WatchedContext();
	const request = new Request(`https://blog.example${path}`);
	const response = await worker.fetch(request, { DB: bindings.DB, ...env }, context);
	await context.settled();
	return response;
}

test.for([
	[undefined, ["info", "warn", "error"]],
	["debug", LEVELS],
	["WARN", ["warn", "error"]],
	["error", ["error"]],
	["nonsense", ["info", "warn", "error"]],
	[7, ["info", "warn", "error"]],
] as const)(
	"with LOG_LEVEL %s lines are JSON, on the console's method of their level",
	async ([LOG_LEVEL, levels]) => {
		await send("/chat", { LOG_LEVEL });
		expect(lines).toEqual(
			levels.map((level) => [
				level,
				{
					time: expect.stringMatching(/^20\d\d-.*Z$/) as string,
					level,
					msg: `a ${level}`,
					_level: 7,
				},
			]),
		);
	},
);

test("the level is that of the request that logs", async () => {
	const worker = new CloudflareWorker(chatty);
	await Promise.all([
		send("/chat", { LOG_LEVEL: "error" }, worker),
		send("/chat", { LOG_LEVEL: "warn" }, worker),
		send("/chat", { LOG_LEVEL: "error" }, worker),
	]);
	expect(lines.map(([method]) => method).toSorted()).toEqual(["error", "error", "error", "warn"]);
});

test("no request has a line of ours, unless it fails", async () => {
	await send("/health");
	await send("/nowhere");
	expect(lines).toEqual([]);
	expect((await send("/broken")).status).toBe(500);
	expect(lines).toMatchObject([
		["error", { msg: "A request failed.", path: "/broken", error: { message: "broken" } }],
	]);
});

test("secrets are masked", async () => {
	await send("/secrets");
	const text = JSON.stringify(lines);
	expect(text).toContain("shown");
	expect(text).not.toContain("hidden-");
});
