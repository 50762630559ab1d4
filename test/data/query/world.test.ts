import fc from "fast-check";
import { expect, test } from "vitest";
import type { ReadResult } from "../../../src/data/read/read-result.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import { describeWorld } from "../../conformance/world.ts";
import { compareBy, rulesOf } from "../../support/reference-query.ts";
import { testApp } from "../../support/test-app.ts";
import * as schema from "../../support/world-schema.ts";

const TIMEOUT = 120_000;

describeWorld("the embedded engine", async () => openDatabase({ url: ":memory:" }), {
	worlds: 300,
	queries: 40,
});

test(
	"walks by cursor past rows that come and go meanwhile, and misses and repeats none of the others",
	{ timeout: TIMEOUT },
	async () => {
		const { app } = await testApp({ schema });
		const comments = app.em.mutator(schema.comments);
		const score = fc.option(fc.integer({ min: -2, max: 3 }));
		await fc.assert(
			fc.asyncProperty(
				fc.array(score, { minLength: 4, maxLength: 12 }),
				fc.constantFrom<readonly string[]>(["score"], ["-score"], ["-score", "-id"], []),
				fc.array(fc.tuple(score, fc.nat(11)), { minLength: 6, maxLength: 6 }),
				async (scores, sort, changes) => {
					await app.database.all({ sql: "delete from comments", params: [] });
					const { data: first } = await comments.insertMany(scores.map((one) => ({ score: one })));
					const gone = new Set<unknown>();
					const seen: (typeof first)[number][] = [];
					let cursor: string | null = "";
					for (let page = 0; cursor !== null; page++) {
						const result: ReadResult<typeof first> = await app.em
							.repository(schema.comments)
							.findMany({ sort, limit: 2, cursor });
						seen.push(...result.data);
						cursor = (result.meta as { cursor?: string | null }).cursor ?? null;
						const [added, removed] = changes[page % changes.length] ?? [null, 0];
						if (page < changes.length) {
							await comments.insertOne({ score: added });
							const id = first[removed]?.id;
							if (id !== undefined && !gone.has(id)) {
								gone.add(id);
								await comments.deleteOne(id);
							}
						}
					}
					const ids = seen.map(({ id }) => id);
					expect(new Set(ids).size).toBe(ids.length);
					const stayed = first.filter(({ id }) => !gone.has(id));
					expect(ids).toEqual(expect.arrayContaining(stayed.map(({ id }) => id)));
					const rules = rulesOf(sort);
					expect(seen).toEqual(seen.toSorted((a, b) => compareBy(a, b, rules)));
				},
			),
			{ numRuns: 300 },
		);
	},
);
