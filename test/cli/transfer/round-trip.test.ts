import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { App } from "../../../src/app/app.ts";
import { createApp } from "../../../src/app/create-app.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { nodePlatform } from "../../../src/runtime/node/platform.ts";
import { testApp } from "../../support/test-app.ts";
import { exportText, importText } from "../../support/transfer.ts";
import * as schema from "../../support/transfer-schema.ts";
import * as wide from "../../support/wide-schema.ts";

async function withApp(
	use: (app: App) => Promise<void>,
	config: Parameters<typeof createApp>[0],
): Promise<void> {
	const app = createApp(config, nodePlatform({ env: {}, logger: silentLogger }));
	await app.build();
	try {
		await use(app);
	} finally {
		await app.close();
	}
}

const memory = { connection: { url: ":memory:" } };

/** A row of every column type, each of which may be null. */
const anyText = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
const row = fc.record({
	whole: fc.option(fc.maxSafeInteger()),
	yes: fc.option(fc.boolean()),
	atSeconds: fc.option(fc.integer({ min: -1e9, max: 4e9 }).map((s) => new Date(s * 1000))),
	atMillis: fc.option(fc.date({ noInvalidDate: true })),
	fraction: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
	decimal: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }).map(String)),
	decimalNumber: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
	decimalBig: fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
	title: fc.option(anyText),
	choice: fc.option(fc.constantFrom("red" as const, "green" as const)),
	notes: fc.option(fc.jsonValue({ maxDepth: 3 })),
	bytes: fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes))),
	bytesJson: fc.option(fc.jsonValue({ maxDepth: 3 })),
	bytesBig: fc.option(fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)),
	custom: fc.option(anyText),
});

/** Users, posts, nodes and places that refer to each other in any way there is. */
const graph = fc.integer({ min: 1, max: 12 }).chain((size) =>
	fc.record({
		size: fc.constant(size),
		picks: fc.array(fc.nat(size - 1), { minLength: size * 6, maxLength: size * 6 }),
	}),
);

describe("an export that is imported into an empty database", () => {
	it(
		"has the same bytes when it is exported again: every column type",
		{ timeout: 60_000 },
		async () => {
			await fc.assert(
				fc.asyncProperty(fc.array(row, { maxLength: 8 }), async (rows) => {
					let first = "";
					await withApp(
						async (app) => {
							if (rows.length > 0) await app.em.mutator(wide.values).insertMany(rows);
							first = await exportText(app);
						},
						{ ...memory, schema: { values: wide.values } },
					);
					await withApp(
						async (app) => {
							expect((await importText(app, first)).faults).toEqual([]);
							expect(await exportText(app)).toBe(first);
						},
						{ ...memory, schema: { values: wide.values } },
					);
				}),
				{ numRuns: 150 },
			);
		},
	);

	it("has the same bytes however rows refer to each other", { timeout: 60_000 }, async () => {
		await fc.assert(
			fc.asyncProperty(graph, async ({ size, picks }) => {
				let first = "";
				await withApp(
					async (app) => {
						await storeGraph(app, size, picks);
						first = await exportText(app, { pageRows: 3 });
					},
					{ ...memory, schema },
				);
				await withApp(
					async (app) => {
						const { faults, counts } = await importText(app, first, { bulkRows: 4 });
						expect(faults).toEqual([]);
						expect(counts).toMatchObject({ inserted: size * 4 });
						expect(await exportText(app)).toBe(first);
					},
					{ ...memory, schema },
				);
			}),
			{ numRuns: 150 },
		);
	});

	it("gives no key out again that was given out before", async () => {
		const { app } = await testApp({ schema });
		await app.em.mutator("users").insertMany([{ name: "a" }, { name: "b" }]);
		await app.em.mutator("users").deleteOne(2);
		const text = await exportText(app);
		const other = (await testApp({ schema })).app;
		await importText(other, text);
		const { data } = await other.em.mutator("users").insertOne({ name: "c" });
		expect(data).toMatchObject({ id: 3 });
	});
});

/** Keys are checked at the end of a batch, so that any graph can be stored. */
async function storeGraph(app: App, size: number, picks: readonly number[]): Promise<void> {
	const pick = (turn: number, index: number): number => (picks[turn * size + index] ?? 0) + 1;
	const statements = [
		{ sql: "pragma defer_foreign_keys = on", params: [] as (string | number | null)[] },
	];
	for (let index = 0; index < size; index++) {
		const id = index + 1;
		const target = pick(3, index);
		statements.push(
			{ sql: "insert into users values (?, 'x', 'secret', ?)", params: [id, odd(pick(0, index))] },
			{
				sql: "insert into posts (id, author_id, title, next_id) values (?, ?, ?, ?)",
				params: [id, pick(1, index), `post ${id}`, odd(pick(2, index))],
			},
			{
				// A node refers to itself or to one that comes earlier or later, but never in a circle.
				sql: "insert into nodes values (?, ?)",
				params: [`n${(id * 7) % 13}${id}`, parentOf(id, target)],
			},
			{
				sql: "insert into places values ('x', ?, ?, ?)",
				params: [id, pick(4, index) % 3 === 0 ? null : "x", pick(5, index)],
			},
		);
	}
	await app.database.batch(statements);
}

function odd(number: number): number | null {
	return number % 2 === 0 ? null : number;
}

function parentOf(id: number, target: number): string {
	const parent = Math.min(id, target);
	return `n${(parent * 7) % 13}${parent}`;
}
