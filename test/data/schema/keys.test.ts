import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { testApp } from "../../support/test-app.ts";
import {
	countries,
	counters,
	memberships,
	people,
	tickets,
	tokens,
} from "../../support/wide-schema.ts";

const schema = { people, memberships, countries, counters, tickets, tokens };

async function withPeople() {
	const tested = await testApp({ schema });
	await tested.app.em.mutator(people).insertMany([{ fullName: "Ada" }, { fullName: "Bob" }]);
	return tested;
}

describe("a composite key", () => {
	const rows = [
		{ personId: 2, group: "b" },
		{ personId: 1, group: "z" },
		{ personId: 1, group: "a" },
	];

	test("rows are inserted in the order of the input, and listed by key", async () => {
		const { app } = await withPeople();
		const { data } = await app.em.mutator(memberships).insertMany(rows);
		expect(data).toEqual(rows.map((row) => ({ ...row, role: "reader" })));
		const listed = await app.em.repository(memberships).findMany();
		expect(listed.data.map(({ personId, group }) => [personId, group])).toEqual([
			[1, "a"],
			[1, "z"],
			[2, "b"],
		]);
	});

	test.each(["heard", "unheard"])("rows are written in bulk by where, %s", async (heard) => {
		const { app, counts } = await withPeople();
		const ids: unknown[] = [];
		if (heard === "heard") {
			for (const event of [DatabaseEvents.MutatorUpdateAfter, DatabaseEvents.MutatorDeleteAfter]) {
				app.emgr.onEvent(
					event,
					({ params, path }) => void ids.push([params.entityId, path]),
					"sync",
				);
			}
		}
		const mutator = app.em.mutator(memberships);
		await mutator.insertMany(rows);
		const updated = await mutator.updateWhere({ role: "owner" }, { personId: 1 });
		expect(updated.data).toEqual([
			{ personId: 1, group: "a", role: "owner" },
			{ personId: 1, group: "z", role: "owner" },
		]);
		const deleted = await mutator.deleteWhere({ role: "owner" });
		expect(deleted.data).toEqual(updated.data);
		expect(await counts()).toMatchObject({ memberships: 1 });
		if (heard === "heard") {
			expect(ids.slice(0, 2)).toEqual([
				[{ personId: 1, group: "a" }, "memberships/1,a"],
				[{ personId: 1, group: "z" }, "memberships/1,z"],
			]);
		}
	});

	test.each(["findOne", "updateOne", "deleteOne"] as const)("%s is refused", async (method) => {
		const { app } = await withPeople();
		const target =
			method === "findOne" ? app.em.repository(memberships) : app.em.mutator(memberships);
		const call = (
			target as never as Record<string, (id: unknown, data: object) => Promise<unknown>>
		)[method];
		await expect(call?.call(target, 1, {})).rejects.toMatchObject({
			code: "no_single_key",
			kind: "malformed",
		});
	});

	test("both parts are required, and neither can be changed", async () => {
		const { app } = await withPeople();
		const mutator = app.em.mutator("memberships");
		await expect(mutator.insertOne({})).rejects.toMatchObject({
			errors: [
				{ path: "personId", code: "required" },
				{ path: "group", code: "required" },
			],
		});
		await mutator.insertMany(rows);
		await expect(mutator.updateWhere({ group: "x" }, { personId: 1 })).rejects.toMatchObject({
			errors: [{ path: "update.group", code: "read_only" }],
		});
	});
});

describe("text keys", () => {
	test("a key of the client is the id, whatever it holds", async () => {
		const { app } = await testApp({ schema });
		const code = "a/b ,é'\"%";
		await app.em.mutator(countries).insertOne({ code, name: "Nowhere" });
		expect((await app.em.repository(countries).findOne(code)).data?.name).toBe("Nowhere");
		await app.em.mutator(countries).updateOne(code, { name: "Somewhere", code });
		expect((await app.em.mutator(countries).deleteOne(code)).data.name).toBe("Somewhere");
	});

	test("a text key that looks like a number stays text", async () => {
		const { app, request } = await testApp({ schema });
		await app.em.mutator(countries).insertOne({ code: "007", name: "Bond" });
		expect((await request("GET", "/api/data/entity/countries/7")).status).toBe(404);
		expect((await request("GET", "/api/data/entity/countries/007")).status).toBe(200);
		await expect(app.em.repository(countries).findOne(7)).rejects.toMatchObject({ code: "bad_id" });
	});

	test("a key that the schema makes is made for each row", async () => {
		const { app } = await testApp({ schema });
		const { data } = await app.em
			.mutator(tokens)
			.insertMany([{}, { label: "x" }, { id: "own" }, {}]);
		expect(new Set(data.map(({ id }) => id)).size).toBe(4);
		expect(data[2]?.id).toBe("own");
	});

	test("a key that the database makes is answered", async () => {
		const { app } = await testApp({ schema });
		const { data } = await app.em.mutator(tickets).insertMany([{}, { label: "x" }]);
		expect(data.map(({ id }) => id)).toEqual([
			expect.stringMatching(/^[0-9a-f]{16}$/),
			expect.stringMatching(/^[0-9a-f]{16}$/),
		]);
	});

	test("a required key without a default is missed before anything is stored", async () => {
		const { app } = await testApp({ schema });
		await expect(app.em.mutator("countries").insertOne({ name: "x" })).rejects.toMatchObject({
			errors: [{ path: "code", code: "required" }],
		});
	});
});

describe("ids", () => {
	test.each([
		["1 OR 1=1"],
		["1.5"],
		["01"],
		["one"],
		[""],
		[" 1"],
		["1e3"],
		["9007199254740993"],
		[1.5],
		[null],
		[undefined],
		[{}],
		[Object.create(null)],
		["x".repeat(5000)],
	])("%j is not an id of an integer key", async (id) => {
		const { app } = await testApp({ schema });
		const failure = await app.em
			.repository(counters)
			.findOne(id as never)
			.catch((e: Error) => e);
		expect(failure).toMatchObject({ code: "bad_id", kind: "malformed" });
		expect((failure as Error).message.length).toBeLessThan(200);
	});

	test("0 and negative ids are ids", async () => {
		const { app } = await testApp({ schema });
		await app.em.mutator(counters).insertMany([{ id: 0 }, { id: -5 }]);
		expect((await app.em.repository(counters).findOne(0)).data).toEqual({ id: 0, label: null });
		expect((await app.em.repository(counters).findOne("-5" as never)).data?.id).toBe(-5);
	});

	test("the key may stand in an update, but not change", async () => {
		const { app } = await testApp({ schema });
		await app.em.mutator(counters).insertOne({ id: 1 });
		await app.em.mutator(counters).updateOne(1, { id: 1, label: "same" });
		await expect(app.em.mutator(counters).updateOne(1, { id: 2 })).rejects.toMatchObject({
			kind: "invalid",
			errors: [{ path: "id", code: "read_only" }],
		});
	});
});
