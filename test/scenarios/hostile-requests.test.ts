import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../../src/runtime/node/serve.ts";
import { blog, type Blog } from "../support/blog.ts";
import { hostileRequest, type HostileRequest } from "../support/hostile-requests.ts";
import { expectCommonHeaders, expectProblem } from "../support/scenario.ts";
import * as schema from "../support/scenario-schema.ts";
import { recordingLogger, type LogLine } from "../support/test-app.ts";

const TIMEOUT = 120_000;
const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype].map((prototype) => ({
	prototype,
	keys: Reflect.ownKeys(prototype).length,
}));

/** Collects what nobody caught while the test runs. */
function unhandled(): readonly unknown[] {
	const errors: unknown[] = [];
	const collect = (error: unknown): void => {
		errors.push(error);
	};
	process.on("unhandledRejection", collect);
	onTestFinished(() => {
		process.off("unhandledRejection", collect);
	});
	return errors;
}

function initOf({ method, headers, body }: HostileRequest): RequestInit {
	const bodiless = method === "GET" || method === "HEAD" || body === undefined;
	return { method, headers, ...(bodiless ? {} : { body: body.toWellFormed() }) };
}

/** Everything that is stored. */
async function contents({ database }: Blog): Promise<unknown> {
	const tables = ["authors", "posts", "tags", "post_tags", "burdock_meta", "burdock_guard"];
	const all: unknown[] = [];
	for (const table of tables) {
		all.push(await database.all({ sql: `select * from ${table}`, params: [] }));
	}
	return all;
}

async function expectAnswer(response: Response): Promise<void> {
	const text = await response.text();
	expect(response.status, text).toBeGreaterThanOrEqual(200);
	expect(response.status, text).toBeLessThan(500);
	if (response.status >= 400 && text !== "") expectProblem(text, response);
	if (response.status < 400) expect(text).not.toContain("hash-of");
	expectCommonHeaders(response);
}

function expectCleanPrototypes(): void {
	for (const { prototype, keys } of PROTOTYPES) {
		expect(Reflect.ownKeys(prototype)).toHaveLength(keys);
	}
}

test(
	"no request makes a 5xx, an unhandled rejection, or a change where it is refused",
	{ timeout: TIMEOUT },
	async () => {
		const made = await blog({ config: { ...corsForOne, limits: { bulkRows: 50 } } });
		const errors = unhandled();
		const refusedWrites: string[] = [];
		let before = JSON.stringify(await contents(made), bigints);
		await fc.assert(
			fc.asyncProperty(hostileRequest, async (request) => {
				const response = await made.send(
					new Request(`http://localhost${request.path}`, initOf(request)),
				);
				const { status } = response;
				await expectAnswer(response);
				if (request.method !== "GET" && request.method !== "HEAD") {
					const after = JSON.stringify(await contents(made), bigints);
					if (status >= 400 && after !== before) refusedWrites.push(JSON.stringify(request));
					before = after;
				}
			}),
			{ numRuns: 3_000 },
		);
		expect(refusedWrites).toEqual([]);
		expect(made.log.of("error")).toEqual([]);
		expect(errors).toEqual([]);
		expectCleanPrototypes();
	},
);

test("with listeners to everything, neither", { timeout: TIMEOUT }, async () => {
	const made = await blog({ config: { limits: { bulkRows: 50 } } });
	const errors = unhandled();
	made.app.emgr.onAny(() => {}, "sync");
	made.app.emgr.on("**.after", async () => {}, "async");
	await fc.assert(
		fc.asyncProperty(hostileRequest, async (request) => {
			await expectAnswer(
				await made.send(new Request(`http://localhost${request.path}`, initOf(request))),
			);
		}),
		{ numRuns: 1_000 },
	);
	expect(made.log.of("error")).toEqual([]);
	expect(errors).toEqual([]);
	expectCleanPrototypes();
});

test("nor over a socket", { timeout: TIMEOUT }, async () => {
	const lines: LogLine[] = [];
	const server = await serve(
		{ connection: { url: ":memory:" }, schema, limits: { bulkRows: 50 } },
		{ port: 0, logger: recordingLogger(lines), signals: "ignore" },
	);
	onTestFinished(async () => {
		await server.close();
	});
	const errors = unhandled();
	await fc.assert(
		fc.asyncProperty(
			hostileRequest.filter(({ path }) => path.length < 12_000),
			async (request) => {
				await expectAnswer(await fetch(`${server.url}${request.path}`, initOf(request)));
			},
		),
		{ numRuns: 500 },
	);
	expect(lines.filter(({ level }) => level === "error")).toEqual([]);
	expect(errors).toEqual([]);
	expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

const corsForOne = { server: { cors: { origin: "https://good.example" } } };

function bigints(_: string, value: unknown): unknown {
	return typeof value === "bigint" ? String(value) : value;
}
