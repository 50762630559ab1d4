import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { accounts } from "../../support/large-schema.ts";
import type { LimitsSubject } from "../../support/limits-bench.ts";

const LARGE: readonly bigint[] = [
	2n ** 53n,
	2n ** 53n + 1n,
	2n ** 53n + 2n,
	-(2n ** 53n) - 1n,
	1234567890123456789n,
	2n ** 63n - 1n,
	-(2n ** 63n),
	7n,
	-1n,
	0n,
];
const SORTED = LARGE.toSorted((a, b) => (a < b ? -1 : 1));

function rowOf(value: bigint, at: number) {
	return { id: at + 1, name: `n${at}`, flake: value, large: value, decimal: String(value) };
}

const FULL = LARGE.map((value, at) => ({ ...rowOf(value, at), version: 1, parentFlake: null }));

export function describeLargeIntegers(subject: LimitsSubject): void {
	describe("integers of 64 bits", () => {
		writes(subject);
		reads(subject);
		relations(subject);
	});
}

function writes(subject: LimitsSubject): void {
	test("come back exactly from every write and read of one row", async () => {
		const { em, events } = subject.bench;
		const seen: unknown[] = [];
		events.onEvent(
			DatabaseEvents.MutatorUpdateAfter,
			({ params: { previous, data, changed } }) => void seen.push([previous, data, changed]),
			{ mode: "sync", entity: accounts, previous: true },
		);
		const mutator = em.mutator(accounts);
		for (const [at, value] of LARGE.entries()) {
			const made = await mutator.insertOne(rowOf(value, at));
			expect(made.data).toEqual(FULL[at]);
			expect((await em.repository(accounts).findOne(at + 1)).data).toEqual(FULL[at]);
			const update = { large: value === 0n ? 1n : -(value + 1n), name: "new" };
			const next = { ...FULL[at], ...update, version: 2 };
			expect((await mutator.updateOne(at + 1, update)).data).toEqual(next);
			expect(seen.pop()).toEqual([FULL[at], next, expect.anything()]);
			expect((await mutator.deleteOne(at + 1)).data).toEqual(next);
		}
	});

	test("come back exactly from writes of many rows, in the order of the input", async () => {
		const { em, events } = subject.bench;
		const mutator = em.mutator(accounts);
		const { data } = await mutator.insertMany(LARGE.map(rowOf));
		expect(data).toEqual(FULL);
		const flakes = { large: { $gte: 2n ** 53n + 1n } };
		const expected = FULL.filter(({ large }) => large > 2n ** 53n).map((row) => ({
			...row,
			name: "up",
			version: 2,
		}));
		expect((await mutator.updateWhere({ name: "up" }, flakes)).data).toEqual(expected);
		events.onEvent(DatabaseEvents.MutatorDeleteAfter, () => {}, {
			mode: "sync",
			entity: accounts,
		});
		expect((await mutator.deleteWhere(flakes)).data).toEqual(expected);
	});

	test("are told apart by what is unique", async () => {
		const mutator = subject.bench.em.mutator(accounts);
		await mutator.insertMany([{ large: 2n ** 53n }, { large: 2n ** 53n + 1n }]);
		await expect(
			mutator.insertMany([{ large: 2n ** 53n + 2n }, { large: 2n ** 53n + 1n }]),
		).rejects.toMatchObject({ code: "already_exists", errors: [{ path: "[1].large" }] });
	});
}

function reads(subject: LimitsSubject): void {
	test.each(["large", "flake"] as const)("are compared and listed exactly: %s", async (field) => {
		const { em } = subject.bench;
		await em.mutator(accounts).insertMany(LARGE.map(rowOf));
		const found = async (where: object) =>
			(await em.repository(accounts).findMany({ where: where as never, sort: field })).data.map(
				(row) => row[field],
			);
		for (const value of LARGE) {
			const among = (test: (other: bigint) => boolean) => SORTED.filter(test);
			expect(await found({ [field]: value })).toEqual([value]);
			expect(await found({ [field]: { $gt: value } })).toEqual(among((one) => one > value));
			expect(await found({ [field]: { $lte: value } })).toEqual(among((one) => one <= value));
			expect(await found({ [field]: { $in: [value, 5n] } })).toEqual([value]);
			expect(await found({ [field]: { $notin: [value] } })).toEqual(among((one) => one !== value));
			expect(await found({ [field]: { $between: [value, value] } })).toEqual([value]);
		}
	});

	test.each(["large", "flake", "-large", "decimal,-flake"])(
		"are walked by cursor exactly: %s",
		async (sort) => {
			const { em } = subject.bench;
			await em.mutator(accounts).insertMany([...LARGE.map(rowOf), { id: 99, name: "none" }]);
			const { data: all } = await em.repository(accounts).findMany({ sort, limit: 50 });
			expect(all).toHaveLength(11);
			const walked: unknown[] = [];
			let cursor: string | null | undefined = "";
			while (typeof cursor === "string" && walked.length < 20) {
				const page: { data: readonly unknown[]; meta: { cursor?: string | null } } = await em
					.repository(accounts)
					.findMany({ sort, limit: 2, cursor });
				walked.push(...page.data);
				cursor = page.meta.cursor;
			}
			expect(walked).toEqual(all);
		},
	);
}

function relations(subject: LimitsSubject): void {
	test("lead from row to row, and are set to null with their row", async () => {
		const { em, events } = subject.bench;
		const mutator = em.mutator(accounts);
		await mutator.insertMany([
			{ id: 1, flake: 2n ** 53n },
			{ id: 2, flake: 2n ** 53n + 1n },
			{ id: 3, parentFlake: 2n ** 53n + 1n },
			{ id: 4, parentFlake: 2n ** 53n },
			{ id: 5, parentFlake: 2n ** 53n + 1n },
		]);
		const [up, down] = [...em.entity(accounts).relations.keys()] as [string, string];
		const { data } = await em.repository(accounts).findMany({
			select: ["id"],
			with: { [up]: { select: ["flake"] }, [down]: { select: ["id", "parentFlake"] } },
		});
		const below = (id: number, parentFlake: bigint) => ({ id, parentFlake });
		expect(data).toEqual([
			{ id: 1, [up]: null, [down]: [below(4, 2n ** 53n)] },
			{ id: 2, [up]: null, [down]: [below(3, 2n ** 53n + 1n), below(5, 2n ** 53n + 1n)] },
			{ id: 3, [up]: { flake: 2n ** 53n + 1n }, [down]: [] },
			{ id: 4, [up]: { flake: 2n ** 53n }, [down]: [] },
			{ id: 5, [up]: { flake: 2n ** 53n + 1n }, [down]: [] },
		]);
		const changed: unknown[] = [];
		events.onEvent(
			DatabaseEvents.MutatorUpdateAfter,
			({ params: { entityId, data: row, previous } }) =>
				void changed.push([entityId, row.parentFlake, previous?.parentFlake]),
			{ mode: "sync", entity: accounts, previous: true },
		);
		await mutator.deleteOne(2);
		expect(changed).toEqual([
			[3, null, 2n ** 53n + 1n],
			[5, null, 2n ** 53n + 1n],
		]);
	});
}
