import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import type { FindOptions, Where } from "../../../src/data/query/find-options.ts";
import { nodes } from "../../support/large-schema.ts";
import type { LimitsSubject } from "../../support/limits-bench.ts";

const COUNT = 40;

/** A chain: every row but the first has the one before it as its parent. */
function chain(): readonly { id: number; title: string; rank: number; parentId: number | null }[] {
	return Array.from({ length: COUNT }, (_, at) => ({
		id: at + 1,
		title: `it's "n${at + 1}" é`,
		rank: at % 7,
		parentId: at === 0 ? null : at,
	}));
}

export function describeManyConditions(subject: LimitsSubject): void {
	const ids = async (options: FindOptions, access: "client" | "trusted" = "client") => {
		const found = subject.bench.em
			.reader("nodes")
			.findMany({ ...options, limit: 100, select: ["id"] }, access);
		return (await found).data.map(({ id }) => id);
	};
	const fill = () => subject.bench.em.mutator(nodes).insertMany(chain());
	const all = chain().map(({ id }) => id);

	describe("many conditions", () => {
		test("as many values as a client may send, and those of a listener's filter", async () => {
			await fill();
			const { events } = subject.bench;
			events.onEvent(
				DatabaseEvents.RepositoryFindManyBefore,
				({ params: { options } }) => ({
					...options,
					where: {
						$and: [
							options.where ?? {},
							{
								$or: Array.from({ length: 130 }, (_, at) => ({
									rank: at % 3,
									id: { $gt: at - 130 },
								})),
							},
						],
					},
				}),
				{ mode: "sync", entity: nodes },
			);
			const titles = chain().map(({ title }) => ({ title }));
			const numbers = Array.from({ length: 50 }, (_, id) => ({ rank: id + 100 }));
			const where = { $or: [...titles, ...numbers] };
			const expected = chain().filter(({ rank }) => rank < 3);
			expect(await ids({ where })).toEqual(expected.map(({ id }) => id));
			const { meta } = await subject.bench.em
				.reader("nodes")
				.findMany({ where, count: true }, "client");
			expect(meta.count).toBe(expected.length);
		});

		test("of every kind: ranges, patterns, lists, parts of text", async () => {
			await fill();
			const test = (at: number) => ({
				id: { $between: [at, at] },
				title: { $startsWith: `it's "n${at}"`, $endsWith: "é", $contains: '"', $ne: "x" },
				rank: { $in: [0, 1, 2, 3, 4, 5, 6], $notin: [100] },
			});
			const where = { $or: Array.from({ length: 30 }, (_, at) => test(at + 1)) };
			expect(await ids({ where }, "trusted")).toEqual(all.slice(0, 30));
			const { count } = await subject.bench.em.repository(nodes).count({ $not: where } as never);
			expect(count).toBe(COUNT - 30);
		});

		test("within conditions, as deep as they may be", async () => {
			await fill();
			let where: Where = { $or: [{ id: 3 }, { id: { $between: [5, 7] } }] };
			for (let depth = 0; depth < 8; depth++) {
				const others = Array.from({ length: 8 }, (_, at) => ({ rank: 100 + at }));
				where = depth % 2 === 0 ? { $not: where } : { $or: [...others, where] };
			}
			expect(await ids({ where })).toEqual([3, 5, 6, 7]);
		});

		test("on rows five relations away", async () => {
			await fill();
			const far = "parent.parent.parent.parent.parent.id";
			const where = { $or: Array.from({ length: 36 }, (_, at) => ({ [far]: at + 1 })) };
			expect(await ids({ where })).toEqual(all.slice(5));
			expect(await ids({ where: { $not: where } })).toEqual([]);
			expect(await ids({ where: { [far]: null } })).toEqual(all.slice(0, 5));
		});

		test("on rows within rows within rows", async () => {
			await fill();
			// The embedded engine's parser nests less deeply than its expressions.
			const low = subject.bench.database.capabilities.maxExpressionDepth < 1_000;
			const far = low ? "parent.parent.parent.parent.parent.rank" : "parent.rank";
			const where = { $or: [{ [far]: { $gte: 0 } }, { [far]: null }] };
			const related = (depth: number): object =>
				depth === 0 ? { where } : { where, with: { parent: related(depth - 1) } };
			const { data } = await subject.bench.em
				.reader("nodes")
				.findMany({ where: { id: 20 }, with: { parent: related(4) } } as FindOptions, "client");
			let row = data[0] as Record<string, unknown>;
			for (let id = 20; id > 14; id--) {
				expect(row).toMatchObject({ id });
				row = row["parent"] as Record<string, unknown>;
			}
		});

		test("by a listener who hides all but 300 rows", async () => {
			await fill();
			const { events, em } = subject.bench;
			events.onEvent(
				DatabaseEvents.RepositoryFindManyBefore,
				() => ({ where: { $or: Array.from({ length: 300 }, (_, at) => ({ rank: at % 2 })) } }),
				{ mode: "sync", entity: nodes },
			);
			const { data } = await em
				.reader("nodes")
				.findMany({ with: { nodesByParent: { select: ["id"] } } }, "client");
			expect(data.map(({ id }) => id)).toEqual([1, 2, 8, 9, 15, 16, 22, 23, 29, 30]);
		});
	});
}
