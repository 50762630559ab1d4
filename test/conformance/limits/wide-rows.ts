import { describe, expect, test } from "vitest";
import type { FindOptions } from "../../../src/data/query/find-options.ts";
import { wide, widest } from "../../support/large-schema.ts";
import type { LimitsSubject } from "../../support/limits-bench.ts";

type Row = Record<string, unknown>;

/** A value for each of the 98 columns of a kind, as the schema makes them. */
function filled(prefix: "w" | "x", seed: number): Row {
	return Object.fromEntries(
		Array.from({ length: 98 }, (_, at) => {
			const kinds = [`t${seed}.${at}'`, seed * 1000 + at, seed + at / 8, null];
			return [`${prefix}${at}`, kinds[at % 4]];
		}),
	);
}

const WIDE = [1, 2, 3].map((id) => ({ id, neighbourId: null, ...filled("w", id) }));
const WIDEST = [1, 2, 3, 4].map((id) => ({ id, wideId: (id % 2) + 1, ...filled("x", id) }));

export function describeWideRows(subject: LimitsSubject): void {
	const fill = async () => {
		const { em } = subject.bench;
		await em.mutator(wide).insertMany(WIDE as never);
		await em.mutator(widest).insertMany(WIDEST as never);
	};

	describe("rows of a hundred columns", () => {
		test("are written one by one and together", async () => {
			const { em } = subject.bench;
			const [first, ...others] = WIDE;
			const mutator = em.mutator(wide);
			expect((await mutator.insertOne(first as never)).data).toEqual(first);
			expect((await mutator.insertMany(others as never)).data).toEqual(others);
			const { id: _, ...next } = { ...WIDE[0], ...filled("w", 9) };
			expect((await mutator.updateOne(1, next as never)).data).toEqual({ id: 1, ...next });
			const { data } = await mutator.updateWhere(filled("w", 8) as never, { id: { $gt: 1 } });
			expect(data).toEqual(others.map((row) => ({ ...row, ...filled("w", 8) })));
			expect((await mutator.deleteWhere({ id: { $gt: 0 } })).data).toHaveLength(3);
		});

		test("are read with others of as many, and walked by cursor", async () => {
			await fill();
			const { em } = subject.bench;
			const { data } = await em.repository(widest).findMany({ with: { wide: {} } });
			const expected = WIDEST.map((row) => ({ ...row, wide: WIDE[row.wideId - 1] }));
			expect(data).toEqual(expected);
			expect((await em.repository(widest).findOne(4, { with: "wide" })).data).toEqual(expected[3]);
			const nested = { with: { widest: { with: { wide: {} } } } };
			expect((await em.repository(wide).findMany(nested)).data).toEqual(
				WIDE.map((row) => ({
					...row,
					widest: expected.filter(({ wideId }) => wideId === row.id),
				})),
			);
			const page = await em.repository(wide).findManyByReference(2, "widest", { cursor: "" });
			expect(page.data).toEqual(WIDEST.filter(({ wideId }) => wideId === 2));
			for (const sort of ["id", "-x2,x0", "x1,x2,x4,x5,x6,x8,x9,x10,x12,-x13"]) {
				for (const parts of [{}, { with: { wide: {} } }]) {
					const options = { sort, ...parts } as FindOptions;
					const { data: all } = await em.repository(widest).findMany(options);
					const walked: unknown[] = [];
					let cursor: string | null | undefined = "";
					while (typeof cursor === "string" && walked.length < 9) {
						const one: { data: readonly unknown[]; meta: { cursor?: string | null } } = await em
							.repository(widest)
							.findMany({ ...options, limit: 1, cursor });
						walked.push(...one.data);
						cursor = one.meta.cursor;
					}
					expect(walked).toEqual(all);
				}
			}
		});

		test("are read through as many relations as may nest", async () => {
			await fill();
			const { em, database } = subject.bench;
			const nested = (depth: number): FindOptions =>
				depth === 0
					? {}
					: { limit: 2, with: { [depth % 2 === 0 ? "wide" : "widest"]: nested(depth - 1) } };
			// The embedded engine's parser nests less deeply than its expressions.
			const low = database.capabilities.maxExpressionDepth < 1_000;
			const levels = low ? 5 : 3;
			const deepest = async () => em.reader("wide").findMany(nested(5), "client");
			if (!low) await expect(deepest()).rejects.toMatchObject({ code: "query_too_complex" });
			const found = await em.reader("wide").findMany(nested(levels), "client");
			const expected = (row: Row, depth: number): Row => {
				if (depth === 0) return row;
				if (depth % 2 === 0)
					return { ...row, wide: expected(WIDE[Number(row["wideId"]) - 1] ?? {}, depth - 1) };
				const rows = WIDEST.filter(({ wideId }) => wideId === row["id"]).slice(0, 2);
				return { ...row, widest: rows.map((one) => expected(one, depth - 1)) };
			};
			expect(found.data).toEqual(WIDE.slice(0, 2).map((row) => expected(row, levels)));
		});
	});
}
