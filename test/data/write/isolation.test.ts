import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { testApp } from "../../support/test-app.ts";

const notes = sqliteTable("notes", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
	tags: text("tags", { mode: "json" }).$type<string[]>(),
});
const schema = { notes };

test("a listener cannot rename an entity for everybody else", async () => {
	const { app } = await testApp({ schema });
	app.emgr.onEvent(
		DatabaseEvents.MutatorInsertBefore,
		({ params }) => {
			Object.assign(params.entity, { name: "stolen" });
		},
		"sync",
	);
	await expect(app.em.mutator(notes).insertOne({ title: "a" })).rejects.toThrow(TypeError);
	expect(app.em.entity("notes").name).toBe("notes");
});

test.each(["insert", "update", "delete"])(
	"what an after-listener does to its data does not change the answer to an %s",
	async (operation) => {
		const { app } = await testApp({ schema });
		const mutator = app.em.mutator(notes);
		await mutator.insertOne({ title: "first" });
		app.emgr.on(
			`data.notes.${operation}.after`,
			(event) => {
				const { data } = event.params as { data: Record<string, unknown> };
				data["title"] = "changed";
				delete data["id"];
			},
			"sync",
		);
		const { data } =
			operation === "insert"
				? await mutator.insertOne({ title: "kept" })
				: operation === "update"
					? await mutator.updateOne(1, { title: "kept" })
					: await mutator.deleteOne(1);
		expect(data).toMatchObject({
			id: operation === "insert" ? 2 : 1,
			title: operation === "delete" ? "first" : "kept",
		});
	},
);

test("rows given with the same JSON value have one each, and the caller keeps theirs", async () => {
	const { app } = await testApp({ schema });
	app.emgr.onEvent(
		DatabaseEvents.MutatorInsertBefore,
		({ params }) => {
			params.data.tags?.push(params.data.title);
		},
		{ mode: "sync", entity: notes },
	);
	const tags = ["shared"];
	const { data } = await app.em.mutator(notes).insertMany([
		{ title: "a", tags },
		{ title: "b", tags },
	]);
	expect(data.map((row) => row.tags)).toEqual([
		["shared", "a"],
		["shared", "b"],
	]);
	expect(tags).toEqual(["shared"]);
});

test("a key from which the database could not count on is refused", async () => {
	const { app } = await testApp({ schema });
	const mutator = app.em.mutator(notes);
	await expect(
		mutator.insertOne({ id: Number.MAX_SAFE_INTEGER, title: "a" }),
	).rejects.toMatchObject({ code: "invalid_data", errors: [{ path: "id", code: "too_large" }] });
	expect((await mutator.insertOne({ id: 2 ** 52, title: "a" })).data.id).toBe(2 ** 52);
});

test("a bulk update of nothing answers the rows as they are, whether anybody listens or not", async () => {
	const { app } = await testApp({ schema });
	const mutator = app.em.mutator(notes);
	await mutator.insertMany([{ title: "a" }, { title: "b" }]);
	const unheard = await mutator.updateWhere({}, { id: { $gt: 0 } });
	app.emgr.onEvent(DatabaseEvents.MutatorUpdateBefore, () => {}, "sync");
	const heard = await mutator.updateWhere({}, { id: { $gt: 0 } });
	expect(unheard).toEqual(heard);
	expect(heard.data.map((row) => row.title)).toEqual(["a", "b"]);
});
