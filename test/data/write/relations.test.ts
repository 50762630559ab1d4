import { describe, expect, test } from "vitest";
import { DatabaseEvents } from "../../../src/data/database-events.ts";
import { AppError } from "../../../src/kernel/error.ts";
import { spy, type EventSpy } from "../../../src/testing/spy.ts";
import { CountedDatabase } from "../../support/counted-database.ts";
import { forum, tags } from "../../support/forum-schema.ts";
import { openDatabase } from "../../../src/runtime/node/open-database.ts";
import { testApp } from "../../support/test-app.ts";

const { MutatorInsertBefore, MutatorUpdateBefore, MutatorDeleteCommit } = DatabaseEvents;
const TOPICS = "/api/data/entity/topics";

async function open(limits = {}) {
	const database = new CountedDatabase(openDatabase({ url: ":memory:" }));
	const tested = await testApp({ schema: forum, connection: database, limits });
	await tested.app.em.mutator(tags).insertMany([{ id: "a" }, { id: "b" }, { id: "c" }]);
	const send = async (method: string, path: string, body?: unknown) => {
		const response = await tested.request(method, path, body);
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	};
	const links = async () =>
		(await tested.rows("select topic_id || tag_id from topic_tags order by 1")).flat();
	return { ...tested, database, send, links, topics: tested.app.em.mutator("topics") };
}

const topicsOf = ({ events }: EventSpy) =>
	events
		.map(({ topic }) => topic)
		.filter((topic) => topic.startsWith("data."))
		.map((topic) => topic.slice(5));

describe("an insert writes relations", () => {
	test("of all kinds, in one batch, with the events of every row", async () => {
		const { database, send, rows, links, app } = await open();
		using events = spy(app.emgr);
		database.reset();
		const { status, body } = await send("POST", TOPICS, {
			title: "t",
			author: { $create: { name: "Ada" } },
			comments: { $create: [{ body: "one" }, { body: "two" }] },
			tags: { $attach: ["a", { id: "b" }, "a"], $create: { id: "new", label: "New" } },
		});
		expect([status, body.data]).toEqual([201, { id: 1, title: "t", version: 1, authorId: 1 }]);
		expect(database.trips).toBe(2);
		expect(await rows("select body, topic_id from comments order by id")).toEqual([
			["one", 1],
			["two", 1],
		]);
		expect(await links()).toEqual(["1a", "1b", "1new"]);
		expect(topicsOf(events)).toEqual([
			"authors.insert.before",
			"topics.insert.before",
			"comments.insert.before",
			"comments.insert.before",
			"tags.insert.before",
			...Array<string>(3).fill("topicTags.insert.before"),
			"authors.insert.commit",
			"topics.insert.commit",
			"comments.insert.commit",
			"tags.insert.commit",
			"topicTags.insert.commit",
			"authors.insert.after",
			"topics.insert.after",
			"comments.insert.after",
			"comments.insert.after",
			"tags.insert.after",
			...Array<string>(3).fill("topicTags.insert.after"),
		]);
	});

	test.each([
		[{ author: { $set: 1 } }, 1],
		[{ author: { $set: { id: 1 } } }, 1],
		[{ author: { $set: null } }, null],
	])("%j refers to a row by its id", async (data, authorId) => {
		const { send, app, database } = await open();
		await app.em.mutator("authors").insertOne({ name: "Ada" });
		database.reset();
		const { body } = await send("POST", TOPICS, { title: "t", ...data });
		expect(body.data).toMatchObject({ authorId });
		expect(database.statements).toBe(1);
	});

	test("of many rows, in as many statements as of one", async () => {
		const { database, topics, rows } = await open();
		const row = (at: number) => ({
			title: `t${at}`,
			author: { $create: { name: `a${at}` } },
			comments: { $create: [{ body: `${at} one` }, { body: `${at} two` }] },
			tags: { $attach: "a" },
		});
		database.reset();
		await topics.insertOne(row(0));
		const { statements } = database;
		database.reset();
		const many = Array.from({ length: 50 }, (_, at) => row(at + 1));
		const { data } = await topics.insertMany(many);
		expect(database.statements).toBe(statements);
		expect(data.map((one) => one?.title)).toEqual(many.map(({ title }) => title));
		const joined = await rows(
			"select count(*) from topics join authors a on a.id = author_id join comments c on c.topic_id = topics.id where 'a' || substr(title, 2) = a.name and substr(title, 2) = substr(body, 1, length(title) - 1)",
		);
		expect(joined).toEqual([[102]]);
	});

	test("five deep, and no deeper", async () => {
		const { app, rows } = await open();
		const nest = (depth: number): Record<string, unknown> =>
			depth === 0
				? { name: "leaf" }
				: { name: `level ${depth}`, boardsByParent: { $create: [nest(depth - 1)] } };
		await app.em.mutator("boards").insertOne(nest(5));
		expect(await rows("select parent_id from boards order by id")).toEqual([
			[null],
			[1],
			[2],
			[3],
			[4],
			[5],
		]);
		await expect(app.em.mutator("boards").insertOne(nest(6))).rejects.toMatchObject({
			code: "invalid_data",
			errors: [{ code: "too_deep" }],
		});
	});
});

describe("an update writes relations", () => {
	async function withTopic() {
		const tested = await open();
		await tested.topics.insertMany([
			{ title: "t", tags: { $attach: ["a", "b"] }, author: { $create: { name: "Ada" } } },
			{ title: "u", comments: { $create: [{ body: "x" }, { body: "y" }] } },
		]);
		return tested;
	}

	test.each([{ $detach: [1] }, { $set: [] }])(
		"%j of a row that went to another one meanwhile is a 409, and leaves it there",
		async (operation) => {
			const { app, rows } = await open();
			await app.em.mutator("authors").insertMany([{ name: "Ada" }, { name: "Bob" }]);
			await app.em.mutator("topics").insertOne({ title: "t", authorId: 1 });
			const move = async () => {
				await rows("update topics set author_id = 2");
			};
			app.emgr.onEvent(MutatorUpdateBefore, move, { mode: "sync", entity: "topics" });
			const write = app.em.mutator("authors").updateOne(1, { name: "A", topics: operation });
			await expect(write).rejects.toMatchObject({ code: "changed_meanwhile" });
			expect(await rows("select author_id from topics")).toEqual([[2]]);
			expect(await rows("select name from authors where id = 1")).toEqual([["Ada"]]);
		},
	);

	test("attaching and detaching, twice without harm", async () => {
		const { topics, links, app } = await withTopic();
		for (const _ of [1, 2]) {
			await topics.updateOne(1, { tags: { $attach: ["b", "c"], $detach: ["a", "none"] } });
			expect(await links()).toEqual(["1b", "1c"]);
		}
		using events = spy(app.emgr);
		await topics.updateOne(1, { tags: { $attach: ["b", "c"], $detach: ["a"] } });
		expect(topicsOf(events)).toEqual(["topics.update.before"]);
	});

	test("replacing them, with the events of what comes and goes", async () => {
		const { topics, links, app } = await withTopic();
		using events = spy(app.emgr);
		await topics.updateOne(1, { title: "new", tags: { $set: ["b", "c"] } });
		expect(await links()).toEqual(["1b", "1c"]);
		expect(topicsOf(events)).toEqual([
			"topics.update.before",
			"topicTags.delete.before",
			"topicTags.insert.before",
			"topics.update.commit",
			"topicTags.delete.commit",
			"topicTags.insert.commit",
			"topics.update.after",
			"topicTags.delete.after",
			"topicTags.insert.after",
		]);
		await topics.updateOne(1, { tags: { $set: [] } });
		expect(await links()).toEqual([]);
	});

	test("moving rows that refer to it", async () => {
		const { topics, rows, app } = await withTopic();
		const owners = () => rows("select id, topic_id from comments order by id");
		await topics.updateOne(1, { comments: { $attach: [2], $create: { body: "z" } } });
		expect(await owners()).toEqual([
			[1, 2],
			[2, 1],
			[3, 1],
		]);
		await expect(topics.updateOne(1, { comments: { $detach: [2] } })).rejects.toMatchObject({
			errors: [{ path: "comments.$detach[0].topicId", code: "required" }],
		});
		await app.em.mutator("authors").updateOne(1, { topics: { $set: [2] } });
		expect(await rows("select id, author_id from topics")).toEqual([
			[1, null],
			[2, 1],
		]);
	});

	test("creating the row that it refers to", async () => {
		const { topics } = await withTopic();
		const { data } = await topics.updateOne(2, { author: { $create: { name: "Ben" } } });
		expect(data).toMatchObject({ authorId: 2, version: 2 });
		expect((await topics.updateOne(2, { author: { $set: null } })).data.authorId).toBe(null);
	});

	test("of no row: 404 before any listener", async () => {
		const { topics, app } = await open();
		using events = spy(app.emgr);
		await expect(topics.updateOne(9, { tags: { $attach: ["a"] } })).rejects.toMatchObject({
			code: "not_found",
		});
		expect(topicsOf(events)).toEqual([]);
	});
});

describe("a listener", () => {
	test("that prevents a row prevents what was to be created with it", async () => {
		const { topics, counts, app } = await open();
		app.emgr.onEvent(
			MutatorInsertBefore,
			(event) => {
				if (event.params.data.title === "no") event.preventDefault();
			},
			{ mode: "sync", entity: forum.topics },
		);
		const row = (title: string) => ({
			title,
			author: { $create: { name: title } },
			comments: { $create: { body: title } },
		});
		const { data, meta } = await topics.insertMany([row("no"), row("yes")]);
		expect(data.map((one) => one?.title ?? null)).toEqual([null, "yes"]);
		expect(meta.results).toEqual(["prevented", "inserted"]);
		expect(await counts()).toMatchObject({ topics: 1, authors: 1, comments: 1 });
	});

	test("that prevents a row within leaves the rest", async () => {
		const { topics, counts, app } = await open();
		app.emgr.onEvent(MutatorInsertBefore, (event) => event.preventDefault(), {
			mode: "sync",
			entity: [forum.authors, forum.tags],
		});
		const { data, meta } = await topics.insertOne({
			title: "t",
			author: { $create: { name: "Ada" } },
			tags: { $create: { id: "x" }, $attach: "a" },
		});
		expect([data.authorId, meta]).toEqual([null, { items: 1, prevented: true }]);
		expect(await counts()).toMatchObject({ authors: 0, topicTags: 1 });
	});

	test("that refuses one row leaves nothing of all", async () => {
		const { topics, counts, links, app } = await open();
		await topics.insertOne({ title: "t", tags: { $attach: "a" } });
		app.emgr.onEvent(
			MutatorDeleteCommit,
			() => {
				throw new AppError("forbidden", "They stay.");
			},
			"sync",
		);
		await expect(
			topics.updateOne(1, {
				title: "u",
				comments: { $create: { body: "x" } },
				tags: { $set: "b" },
			}),
		).rejects.toThrow("They stay.");
		expect(await counts()).toMatchObject({ comments: 0 });
		expect(await links()).toEqual(["1a"]);
	});
});

describe("what cannot be understood is a 422 that names the path", () => {
	test.each([
		[{ comments: { $create: [{ body: "x" }, { bdy: 1 }] } }, "comments.$create[1].bdy"],
		[{ comments: { $create: [{ body: "x" }, { body: 1 }] } }, "comments.$create[1].body"],
		[{ comments: { $create: [{}] } }, "comments.$create[0].body"],
		[{ comments: { $create: { body: "x", topicId: 3 } } }, "comments.$create.topicId"],
		[
			{ comments: { $create: { votes: { $create: { x: 1 } } } } },
			"comments.$create.votes.$create.x",
		],
		[{ comments: { $add: [] } }, "comments.$add"],
		[{ comments: [1] }, "comments"],
		[{ comments: {} }, "comments"],
		[{ author: { $attach: 1 } }, "author.$attach"],
		[{ author: { $set: "x" } }, "author.$set"],
		[{ author: { $set: 1, $create: {} } }, "author"],
		[{ author: { $set: 1 }, authorId: 1 }, "author"],
		[{ author: { $create: [{ name: "x" }] } }, "author.$create"],
		[{ tags: { $set: [], $attach: [] } }, "tags"],
		[{ tags: { $attach: [1.5, {}] } }, "tags.$attach[0]"],
		[{ tags: { $attach: ["a", "none"] } }, "tags.$attach[1]"],
		[{ tagz: { $attach: ["a"] } }, "tagz"],
	])("%j", async (data, path) => {
		const { send, app, counts } = await open();
		using events = spy(app.emgr);
		const { status, body } = await send("POST", `${TOPICS}`, [
			{ title: "ok" },
			{ title: "t", ...data },
		]);
		expect([status, (body.errors as { path: string }[])[0]?.path]).toEqual([422, `[1].${path}`]);
		if (path !== "comments.$create[0].body") expect(topicsOf(events)).toEqual([]);
		expect(await counts()).toMatchObject({ topics: 0, comments: 0 });
	});

	test("with a hint for names and operations", async () => {
		const { send } = await open();
		const { body } = await send("POST", TOPICS, { title: "t", comment: {}, tags: { $atach: 1 } });
		expect(body.errors).toMatchObject([
			{ message: "topics has no such field. Did you mean comments?" },
			{ message: "There is no such operation. Did you mean $attach?" },
		]);
	});

	test("relations in bulk updates and replies of listeners are refused", async () => {
		const { topics } = await open();
		const where = { id: { $gt: 0 } };
		await expect(topics.updateWhere({ tags: { $set: [] } }, where)).rejects.toMatchObject({
			errors: [{ path: "update.tags", code: "read_only" }],
		});
	});

	test("a duplicate within says which row", async () => {
		const { send } = await open();
		const { status, body } = await send("POST", TOPICS, {
			title: "t",
			comments: { $create: [{ body: "x", slug: "a" }, { body: "y" }, { body: "z", slug: "a" }] },
		});
		expect([status, body.errors]).toMatchObject([409, [{ path: "comments.$create[2].slug" }]]);
	});
});

test("more rows than a write may touch are 413 before any listener", async () => {
	const { send, app, counts } = await open({ bulkRows: 4 });
	using events = spy(app.emgr);
	const created = (length: number) => Array.from({ length }, () => ({ body: "x" }));
	const { status } = await send("POST", TOPICS, { title: "t", comments: { $create: created(4) } });
	expect([status, topicsOf(events)]).toEqual([413, []]);
	await send("POST", TOPICS, { title: "t", comments: { $create: created(3) } });
	expect(await counts()).toMatchObject({ topics: 1, comments: 3 });
	const attach = await send("PATCH", `${TOPICS}/1`, { tags: { $attach: ["a", "b", "c", "d"] } });
	expect(attach.status).toBe(413);
});
