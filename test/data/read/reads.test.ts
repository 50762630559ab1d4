import { describe, expect, test, vi } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import type { FindOptions } from "../../../src/data/query/find-options.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { spy } from "../../../src/testing/spy.ts";
import { items } from "../../support/query-schema.ts";
import { testApp } from "../../support/test-app.ts";

const {
	RepositoryFindOneBefore,
	RepositoryFindOneAfter,
	RepositoryFindManyBefore,
	RepositoryFindManyAfter,
} = DatabaseEvents;

/** Rows 1 to 6; the even ones have the secret 1. */
async function open() {
	const tested = await testApp({ schema: { items }, entities: { items: { hidden: ["secret"] } } });
	const rows = Array.from({ length: 6 }, (_, at) => ({ count: at + 1, secret: at % 2 }));
	await tested.app.em.mutator(items).insertMany(rows);
	return { ...tested, repository: tested.app.em.repository(items) };
}

describe("before-events", () => {
	test("of a list carry the options, frozen, with defaults filled in", async () => {
		const { app, repository } = await open();
		const seen: [FindOptions, boolean, unknown][] = [];
		app.emgr.onEvent(
			RepositoryFindManyBefore,
			({ params, context }) => {
				seen.push([params.options, Object.isFrozen(params.options), context.meta.purpose]);
			},
			"sync",
		);
		await repository.findMany();
		await repository.findMany(Object.freeze({ limit: 2, where: { count: 1 }, select: ["id"] }));
		expect(seen).toEqual([
			[{ sort: ["id"], limit: 10, offset: 0 }, true, "find"],
			[{ where: { count: 1 }, select: ["id"], sort: ["id"], limit: 2, offset: 0 }, true, "find"],
		]);
	});

	test("of one row carry its id as a where", async () => {
		const { app, repository } = await open();
		const seen: unknown[] = [];
		app.emgr.onEvent(
			RepositoryFindOneBefore,
			({ params, topic }) => {
				seen.push([topic, params.options, Object.isFrozen(params.options)]);
			},
			"sync",
		);
		await repository.findOne(3);
		await repository.findOne("4" as never, { select: "id" });
		expect(seen).toEqual([
			["data.items.find-one.before", { where: { id: 3 } }, true],
			["data.items.find-one.before", { select: "id", where: { id: 4 } }, true],
		]);
	});

	test("of count and exists are find-many with their purpose", async () => {
		const { app, repository } = await open();
		using events = spy(app.emgr);
		await repository.count({ count: { $gt: 2 } });
		await repository.exists();
		await repository.findMany({ total: true, count: true });
		expect(events.events.map((event) => [event.slug, event.context.meta.purpose])).toEqual([
			["repository-find-many-before", "count"],
			["repository-find-many-before", "exists"],
			["repository-find-many-before", "find"],
			["repository-find-many-after", "find"],
			["repository-find-many-before", "count"],
		]);
	});

	test("a list of limit 1 stays a find-many", async () => {
		const { app, repository } = await open();
		using events = spy(app.emgr);
		await repository.findMany({ limit: 1 });
		expect(events.slugs).toEqual(["repository-find-many-before", "repository-find-many-after"]);
	});

	test("a reply replaces the options, is trusted, and checked", async () => {
		const { app, repository } = await open();
		app.emgr.onEvent(
			RepositoryFindManyBefore,
			({ params }) => ({
				...params.options,
				where: { secret: 1 },
				select: ["id", "secret"],
				sort: "-secret,-id",
				limit: 500,
			}),
			{ mode: "sync", id: "filter" },
		);
		const client = await app.em.reader("items").findMany({ where: { count: 1 } }, "client");
		expect(client.data).toEqual([
			{ id: 6, secret: 1 },
			{ id: 4, secret: 1 },
			{ id: 2, secret: 1 },
		]);
		expect(client.meta.limit).toBe(500);
		app.emgr.onEvent(RepositoryFindManyBefore, () => ({ where: { nope: 1 } }), {
			mode: "sync",
			id: "filter",
		});
		await expect(repository.findMany()).rejects.toMatchObject({
			kind: "internal",
			code: "bad_reply",
			errors: [{ path: "where.nope" }],
		});
	});

	test.each([[5], ["x"], [[]], [null]])(
		"a reply that is no object (%o) is dropped",
		async (reply) => {
			const { app, repository, logs } = await open();
			app.emgr.on(["repository-find-*-before"], () => reply as never, "sync");
			expect((await repository.findMany()).data).toHaveLength(6);
			expect((await repository.findOne(1)).data).toMatchObject({ id: 1 });
			expect(logs).toHaveLength(2);
		},
	);

	test("a throw refuses every door", async () => {
		const { app, repository } = await open();
		app.emgr.on(
			"repository-find-*-before",
			() => {
				throw new AppError("forbidden", "Closed.");
			},
			"sync",
		);
		for (const read of [
			() => repository.findOne(1),
			() => repository.findMany(),
			() => repository.count(),
			() => repository.exists(),
		]) {
			await expect(read()).rejects.toMatchObject({ kind: "forbidden", message: "Closed." });
		}
	});

	test("a bad query is refused before any listener", async () => {
		const { app, repository } = await open();
		using events = spy(app.emgr);
		await expect(repository.findMany({ sort: "nope" })).rejects.toMatchObject({
			code: "bad_query",
		});
		await expect(repository.findOne(1, { select: "nope" })).rejects.toMatchObject({
			code: "bad_query",
		});
		await expect(repository.count({ nope: 1 })).rejects.toMatchObject({ code: "bad_query" });
		expect(events.slugs).toEqual([]);
	});

	test("a listener that writes into what it got changes nothing", async () => {
		const { app, repository } = await open();
		app.emgr.on(
			"repository-find-*-before",
			(event) => {
				const { options } = event.params as { options: { where: Record<string, unknown> } };
				expect(() => Object.assign(options, { limit: 1 })).toThrow(TypeError);
				options.where.count = 99;
			},
			"sync",
		);
		expect((await repository.findMany({ where: { count: { $lt: 3 } } })).data).toHaveLength(2);
		expect((await repository.findOne(2, { where: {} })).data).toMatchObject({ id: 2 });
	});
});

describe("a row filter of a hook", () => {
	async function filtered(timing: "at once" | "later") {
		const tested = await open();
		const filter = ({ params }: { params: { options: FindOptions } }) => {
			const { options } = params;
			const reply = { ...options, where: { $and: [{ secret: 1 }, options.where ?? {}] } };
			return timing === "later" ? Promise.resolve(reply) : reply;
		};
		tested.app.emgr.onEvent(RepositoryFindManyBefore, filter, "sync");
		tested.app.emgr.onEvent(RepositoryFindOneBefore, filter, "sync");
		return tested;
	}

	test.each(["at once", "later"] as const)("holds on every door, %s", async (timing) => {
		const { repository, request } = await filtered(timing);
		const { data, meta } = await repository.findMany({ count: true, total: true, limit: 2 });
		expect(data.map((row) => row.id)).toEqual([2, 4]);
		expect(meta).toEqual({ items: 2, limit: 2, offset: 0, count: 3, total: 3 });
		expect(await repository.count()).toEqual({ count: 3 });
		expect(await repository.count({ count: { $lte: 2 } })).toEqual({ count: 1 });
		expect(await repository.exists({ id: 1 })).toEqual({ exists: false });
		expect(await repository.exists({ id: 2 })).toEqual({ exists: true });
		expect((await repository.findOne(1)).data).toBeUndefined();
		expect((await repository.findOne(2)).data).toMatchObject({ id: 2 });
		expect((await request("GET", "/api/data/entity/items/1")).status).toBe(404);
	});

	test("cannot be left by a reply that names another id", async () => {
		const { app, repository } = await open();
		app.emgr.onEvent(RepositoryFindOneBefore, () => ({ where: { id: 5 } }), "sync");
		expect((await repository.findOne(1)).data).toBeUndefined();
		expect((await repository.findOne(5)).data).toMatchObject({ id: 5 });
	});
});

describe("after-events", () => {
	test("carry the options and the rows; a reply is what the caller gets", async () => {
		const { app, repository } = await open();
		app.emgr.onEvent(
			RepositoryFindManyAfter,
			({ params }) =>
				params.data.map((row) => ({ ...row, name: `${row.id} of ${params.options.limit}` })),
			{
				mode: "sync",
				entity: items,
			},
		);
		app.emgr.onEvent(
			RepositoryFindOneAfter,
			({ params }) => ({ ...params.data, name: "one" }) as never,
			"sync",
		);
		const { data, meta } = await repository.findMany({ limit: 2 });
		expect(data.map((row) => row.name)).toEqual(["1 of 2", "2 of 2"]);
		expect(meta.items).toBe(2);
		expect((await repository.findOne(1)).data?.name).toBe("one");
	});

	test("of one row come with undefined when there is none, and may answer in its place", async () => {
		const { app, repository } = await open();
		const seen: unknown[] = [];
		app.emgr.onEvent(
			RepositoryFindOneAfter,
			({ params }) => {
				seen.push(params.data);
				return params.data ?? ({ id: 99, name: "made" } as never);
			},
			"sync",
		);
		expect((await repository.findOne(99)).data).toEqual({ id: 99, name: "made" });
		expect(seen).toEqual([undefined]);
	});

	test("a throw refuses, also what was read", async () => {
		const { app, repository } = await open();
		app.emgr.on(
			"repository-find-*-after",
			() => {
				throw new AppError("not_found", "Gone.");
			},
			"sync",
		);
		await expect(repository.findOne(1)).rejects.toThrow("Gone.");
		await expect(repository.findMany()).rejects.toThrow("Gone.");
	});

	test("a row that a listener writes into is nobody else's", async () => {
		const { app, repository } = await open();
		app.emgr.onEvent(
			RepositoryFindManyAfter,
			({ params }) => {
				for (const row of params.data) Object.assign(row, { count: -1 });
			},
			"sync",
		);
		await repository.findMany();
		expect((await repository.findOne(1)).data?.count).toBe(1);
	});
});

describe("when nobody listens", () => {
	test("no event is made, neither by reads nor by writes, nor for other entities", async () => {
		const { app, repository } = await open();
		app.emgr.on("data.others.**", () => {}, "sync");
		const dispatch = vi.spyOn(app.emgr, "dispatch");
		const dispatchFrom = vi.spyOn(app.emgr, "dispatchFrom");
		const mutator = app.em.mutator(items);
		await repository.findOne(1);
		await repository.findMany({ count: true, total: true });
		await repository.count();
		await repository.exists();
		await mutator.insertOne({});
		await mutator.insertMany([{}, {}]);
		await mutator.updateOne(1, { count: 5 });
		await mutator.updateWhere({ count: 5 }, { id: 2 });
		await mutator.deleteOne(1);
		await mutator.deleteWhere({ id: 2 });
		expect([dispatch.mock.calls, dispatchFrom.mock.calls]).toEqual([[], []]);
	});

	test("reads and writes stay synchronous on an embedded database", async () => {
		const { app } = await open();
		const { reader, writer } = { reader: app.em.reader("items"), writer: app.em.writer("items") };
		app.emgr.on("data.items.**", () => {}, "sync");
		expect(reader.findOne(1, {}, "client")).toMatchObject({ data: { id: 1 } });
		expect(reader.findMany({ count: true, total: true }, "client")).toMatchObject({
			meta: { total: 6 },
		});
		expect(reader.count(undefined, "client")).toBe(6);
		expect(writer.insertOne({ count: 9 })).toMatchObject({ data: { id: 7, count: 9 } });
		expect(writer.updateOne(7, { count: 8 })).toMatchObject({ data: { id: 7, count: 8 } });
		expect(writer.deleteOne(7)).toMatchObject({ data: { id: 7, count: 8 } });
	});
});
