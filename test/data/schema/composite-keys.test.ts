import { foreignKey, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { linesOf } from "../../support/relation-lines.ts";
import { testApp } from "../../support/test-app.ts";

const houses = sqliteTable("houses", { id: integer("id").primaryKey(), name: text("name") });
const rooms = sqliteTable(
	"rooms",
	{
		houseId: integer("house_id")
			.notNull()
			.references(() => houses.id),
		number: text("number").notNull(),
		beds: integer("beds").notNull().default(1),
	},
	(table) => [primaryKey({ columns: [table.houseId, table.number] })],
);
const guests = sqliteTable(
	"guests",
	{
		id: integer("id").primaryKey(),
		name: text("name"),
		houseId: integer("house_id"),
		roomNumber: text("room_number"),
	},
	(table) => [
		foreignKey({
			columns: [table.houseId, table.roomNumber],
			foreignColumns: [rooms.houseId, rooms.number],
		}).onDelete("set null"),
	],
);
const schema = { houses, rooms, guests };
const PATH = "/api/data/entity/rooms";

async function hotel() {
	const tested = await testApp({ schema });
	await tested.app.em.mutator(houses).insertMany([{ id: 1 }, { id: 2 }]);
	const inserted = await tested.request("POST", PATH, [
		{ houseId: 2, number: "b" },
		{ houseId: 1, number: "z", beds: 3 },
		{ houseId: 1, number: "a" },
	]);
	expect(inserted.status).toBe(201);
	return tested;
}

describe("rows of a composite key", () => {
	test("are inserted, listed by key, and written by where", async () => {
		const { request } = await hotel();
		const data = async (method: string, path: string, body?: unknown) => {
			const response = await request(method, path, body);
			return ((await response.json()) as { data: unknown }).data;
		};
		expect(await data("GET", PATH)).toEqual([
			{ houseId: 1, number: "a", beds: 1 },
			{ houseId: 1, number: "z", beds: 3 },
			{ houseId: 2, number: "b", beds: 1 },
		]);
		const where = { houseId: 1, number: "z" };
		expect(await data("PATCH", PATH, { update: { beds: 4 }, where })).toEqual([
			{ ...where, beds: 4 },
		]);
		expect(await data("DELETE", PATH, where)).toEqual([{ ...where, beds: 4 }]);
		expect(await data("POST", PATH, { houseId: 1, number: "q" })).toMatchObject({ number: "q" });
		expect(await data("GET", `${PATH}?select=number&sort=-number&limit=1`)).toEqual([
			{ number: "q" },
		]);
	});

	test("have no address of their own: a 400 says why", async () => {
		const { request } = await hotel();
		for (const [method, path] of [
			["GET", `${PATH}/1`],
			["GET", `${PATH}/1,a`],
			["PATCH", `${PATH}/1`],
			["DELETE", `${PATH}/1`],
		] as const) {
			const response = await request(method, path, method === "PATCH" ? { beds: 2 } : undefined);
			expect([method, response.status]).toEqual([method, 400]);
			expect(await response.json()).toMatchObject({
				code: "no_single_key",
				detail: "rooms has a composite primary key: address its rows by where.",
			});
		}
	});

	test("cannot be there twice, and each part is required", async () => {
		const { request } = await hotel();
		const twice = await request("POST", PATH, { houseId: 1, number: "a" });
		expect(twice.status).toBe(409);
		const half = await request("POST", PATH, { houseId: 1 });
		expect(await half.json()).toMatchObject({ status: 422, errors: [{ path: "number" }] });
	});

	test("are known to events by an object of the key's fields", async () => {
		const { app, request } = await hotel();
		const seen: unknown[] = [];
		for (const event of [
			DatabaseEvents.MutatorInsertAfter,
			DatabaseEvents.MutatorUpdateBefore,
			DatabaseEvents.MutatorDeleteAfter,
		]) {
			app.emgr.onEvent(
				event,
				({ params, path }) => void seen.push([params.entityId, path]),
				"sync",
			);
		}
		const where = { houseId: 2, number: "c" };
		await request("POST", PATH, where);
		await request("PATCH", PATH, { update: { beds: 2 }, where });
		await request("DELETE", PATH, where);
		expect(seen).toEqual([1, 2, 3].map(() => [where, "rooms/2,c"]));
	});
});

test("relations lead from and to a composite key, by all its fields", () => {
	expect(linesOf(schema, "rooms")).toEqual([
		"house: one houses (houseId=id), key in source",
		"guests: many guests (houseId=houseId and number=roomNumber), key in target",
	]);
	expect(linesOf(schema, "guests")).toEqual([
		"roomNumberRef: one rooms (houseId=houseId and roomNumber=number), key in source",
	]);
});

test("a dotted filter joins all fields of a composite key", async () => {
	const { app, request } = await hotel();
	await app.em
		.mutator(guests)
		.insertMany([
			{ name: "Ada", houseId: 1, roomNumber: "z" },
			{ name: "Bob", houseId: 1, roomNumber: "a" },
			{ name: "Cyd" },
		]);
	const where = encodeURIComponent(JSON.stringify({ "roomNumberRef.beds": { $gte: 3 } }));
	const found = await request("GET", `/api/data/entity/guests?where=${where}&select=name`);
	expect(await found.json()).toMatchObject({ data: [{ name: "Ada" }] });
});
