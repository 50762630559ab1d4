import fc from "fast-check";
import { expect, test } from "vitest";
import { blog, type Blog } from "../support/blog.ts";
import {
	collectUnhandled,
	expectAnswer,
	expectCleanPrototypes,
	initOf,
} from "../support/hostile-answers.ts";
import { hostileRequest } from "../support/hostile-requests.ts";

const TIMEOUT = 120_000;

/** Everything that is stored. */
async function contents({ database }: Blog): Promise<string> {
	const tables = ["authors", "posts", "tags", "post_tags", "burdock_meta", "burdock_guard"];
	const rows = await database.batch(
		tables.map((table) => ({ sql: `select * from ${table}`, params: [] })),
	);
	return JSON.stringify(rows, bigints);
}

test(
	"no request makes a 5xx, an unhandled rejection, or a change where it is refused",
	{ timeout: TIMEOUT },
	async () => {
		const made = await blog({ config: { ...corsForOne, limits: { bulkRows: 50 } } });
		const errors = collectUnhandled();
		const refusedWrites: string[] = [];
		let before = await contents(made);
		await fc.assert(
			fc.asyncProperty(hostileRequest, async (request) => {
				const response = await made.send(
					new Request(`http://localhost${request.path}`, initOf(request)),
				);
				const { status } = response;
				await expectAnswer(response);
				if (request.method !== "GET" && request.method !== "HEAD") {
					const after = await contents(made);
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
	const errors = collectUnhandled();
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

const corsForOne = { server: { cors: { origin: "https://good.example" } } };

function bigints(_: string, value: unknown): unknown {
	return typeof value === "bigint" ? String(value) : value;
}
