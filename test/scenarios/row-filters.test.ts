import { describe, expect, test } from "vitest";
import type { App } from "../../src/app/app.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { FindOptions } from "../../src/data/query/find-options.ts";
import { blog, type Blog } from "../support/blog.ts";
import * as schema from "../support/ghost-schema.ts";

type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
/** A request: method, path below the entities, body. */
type Door = readonly [method: string, path: string, body?: unknown];

/** Rows with ids from here on are ghosts: the listeners of an entity hide them. */
const GHOST = 100;

const ROWS: Rows = {
	companies: [
		{ id: 1, name: "a" },
		{ id: 2, name: "b" },
		{ id: 100, name: "a" },
	],
	authors: [
		{ id: 1, name: "a", companyId: 1, mentorId: 100 },
		{ id: 2, name: "b", companyId: 100, mentorId: 1 },
		{ id: 3, name: null, companyId: null, mentorId: 2 },
		{ id: 100, name: "a", companyId: 1, mentorId: 1 },
		{ id: 101, name: "z", companyId: 2, mentorId: 2 },
	],
	posts: [
		{ id: 1, name: "a", authorId: 1 },
		{ id: 2, name: "b", authorId: 100 },
		{ id: 3, name: "c", authorId: 2 },
		{ id: 4, name: "d", authorId: 101 },
		{ id: 5, name: null, authorId: null },
		{ id: 100, name: "b", authorId: 1 },
		{ id: 101, name: "e", authorId: 2 },
	],
	comments: [
		{ id: 1, name: "a", postId: 1, authorId: 100 },
		{ id: 2, name: "b", postId: 1, authorId: 1 },
		{ id: 3, name: "b", postId: 100, authorId: 1 },
		{ id: 4, name: "a", postId: 3, authorId: 2 },
		{ id: 100, name: "b", postId: 2, authorId: 2 },
		{ id: 101, name: "c", postId: 1, authorId: 1 },
	],
	tags: [
		{ id: 1, name: "a" },
		{ id: 2, name: "b" },
		{ id: 100, name: "b" },
	],
	postsTags: [
		{ id: 1, postId: 1, tagId: 1 },
		{ id: 2, postId: 1, tagId: 100 },
		{ id: 3, postId: 3, tagId: 2 },
		{ id: 4, postId: 100, tagId: 2 },
		{ id: 100, postId: 2, tagId: 2 },
		{ id: 101, postId: 4, tagId: 1 },
	],
};

const query = (options: object): string =>
	new URLSearchParams(
		Object.entries(options).map(([key, value]): [string, string] => [
			key,
			typeof value === "string" ? value : JSON.stringify(value),
		]),
	).toString();
const list = (entity: string, options: object): Door => ["GET", `${entity}?${query(options)}`];
const all = { limit: 50, count: true, total: true };

/** Everything that a path leads to, deep enough to meet each entity by each way. */
const DEEP = {
	author: { with: { company: {}, mentor: { with: { company: {} } }, posts: { limit: 2 } } },
	comments: { sort: "-name", limit: 2, with: { author: { with: { company: {} } } } },
	tags: { with: { posts: { select: ["id"] } } },
	postsTags: { with: { tag: {}, post: {} } },
};

const WHERES: readonly object[] = [
	{ "author.name": "a" },
	{ "author.company.name": "a" },
	{ "author.name": { $ne: "a" } },
	{ "author.name": null },
	{ "author.name": { $notin: ["z"] } },
	{ "author.name": { $notin: [] } },
	{ $not: { "author.name": "a" } },
	{ $not: { $or: [{ "author.name": "a" }, { "author.company.name": "a" }] } },
	{ $or: [{ "author.mentor.name": "a" }, { "author.company.name": { $isnull: true } }] },
	{ "author.mentor.mentor.company.name": { $isnull: false } },
];

const JOINS: readonly object[] = [
	{ join: "author" },
	{ join: "comments" },
	{ join: "tags" },
	{ join: "comments", where: { "comments.name": "b" } },
	{ join: "comments", where: { $not: { "comments.name": "b" } } },
	{ join: "comments", where: { "comments.author.name": "a" } },
	{ join: "tags", where: { "tags.name": "b" } },
	{ join: "comments,tags", where: { $or: [{ "comments.name": "b" }, { "tags.name": "b" }] } },
];

const READS: Readonly<Record<string, readonly Door[]>> = {
	list: Object.keys(ROWS).map((entity) => list(entity, all)),
	one: Object.entries(ROWS).flatMap(([entity, rows]) =>
		rows.map(({ id }): Door => ["GET", `${entity}/${Number(id)}`]),
	),
	"POST query": [["POST", "posts/query", { ...all, with: DEEP, where: { "author.name": "a" } }]],
	count: WHERES.map((where): Door => ["POST", "posts/fn/count", where]),
	exists: [
		...WHERES.map((where): Door => ["POST", "posts/fn/exists", where]),
		["POST", "tags/fn/exists", { id: GHOST }],
	],
	with: [list("posts", { ...all, with: DEEP }), list("tags", { with: { posts: {} } })],
	"with of one row": [1, 2, 3, 4].map((id): Door => [
		"GET",
		`posts/${id}?${query({ with: DEEP })}`,
	]),
	"dotted fields": WHERES.map((where) => list("posts", { ...all, where })),
	"dotted fields in with": WHERES.map((where) =>
		list("comments", { ...all, with: { post: { where } } }),
	),
	join: JOINS.map((options) => list("posts", { ...all, ...options })),
	reference: [
		...["author", "comments", "tags", "postsTags"].flatMap((reference) =>
			[1, 2, 3, 4, 5, GHOST].map((id) => list(`posts/${id}/${reference}`, all)),
		),
		...[1, 2].map((id) => list(`tags/${id}/posts`, { ...all, join: "comments", with: DEEP })),
	],
	cursor: [
		list("posts", { cursor: "", limit: 3, sort: "-name" }),
		list("posts", { cursor: "", limit: 2, ...JOINS[1], with: DEEP }),
		list("posts/1/comments", { cursor: "", limit: 1, sort: "-name" }),
	],
	sort: [list("posts", { ...all, sort: "-name,id" }), list("authors", { sort: "name" })],
};

const WRITES: readonly Door[] = [
	...WHERES.map((where): Door => ["PATCH", "posts", { update: { name: "new" }, where }]),
	...WHERES.map((where): Door => ["DELETE", "posts", where]),
	["DELETE", "comments", { "post.author.name": "a" }],
];

/** A world with these rows, or without the ghosts of one entity. */
async function world(without?: string): Promise<Blog> {
	const seed = async ({ em }: App): Promise<void> => {
		await em.atomic(async (unit) => {
			for (const [entity, rows] of Object.entries(ROWS)) {
				const there = entity === without ? rows.filter(({ id }) => Number(id) < GHOST) : rows;
				await unit.mutator(entity).insertMany(there as never);
			}
		});
	};
	return blog({ config: { schema, entities: {}, seed }, foreignKeys: "ignored" });
}

/** Hides the ghosts of an entity by listeners. */
function hide({ app }: Blog, entity: string, timing: "at once" | "later"): void {
	const filter = ({ params }: { params: { options: FindOptions } }) => {
		const { options } = params;
		const reply = { ...options, where: { $and: [{ id: { $lt: GHOST } }, options.where ?? {}] } };
		return timing === "later" ? Promise.resolve(reply) : reply;
	};
	const config = { mode: "sync", entity } as const;
	app.emgr.onEvent(DatabaseEvents.RepositoryFindManyBefore, filter, config);
	app.emgr.onEvent(DatabaseEvents.RepositoryFindOneBefore, filter, config);
}

async function answer({ send }: Blog, [method, path, body]: Door): Promise<unknown> {
	const response = await send([method, `/api/data/entity/${path}`, body]);
	const text = await response.text();
	expect(response.status, `${method} ${path}: ${text}`).toBeLessThan(405);
	const { traceId: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
	return { status: response.status, ...rest };
}

/** The answers of a door, page after page when it gives cursors. */
async function answers(tested: Blog, door: Door): Promise<readonly unknown[]> {
	const found = [await answer(tested, door)];
	for (;;) {
		const { meta } = found.at(-1) as { readonly meta?: { readonly cursor?: string | null } };
		if (typeof meta?.cursor !== "string") return found;
		const [method, path, body] = door;
		const next = path.replace(/([?&]cursor=)[^&]*/, `$1${meta.cursor}`);
		expect(found.length).toBeLessThan(20);
		found.push(await answer(tested, [method, next, body]));
	}
}

describe.each(Object.keys(ROWS))("a row of %s that a listener hides", (entity) => {
	test.each(Object.keys(READS))("neither appears nor shows by %s", async (name) => {
		const [hidden, missing] = [await world(), await world(entity)];
		hide(hidden, entity, "at once");
		for (const door of READS[name] ?? []) {
			const [method, path] = door;
			expect([method, path, ...(await answers(hidden, door))]).toEqual([
				method,
				path,
				...(await answers(missing, door)),
			]);
		}
	});

	test("is hidden by a listener that answers later just the same", async () => {
		const [hidden, missing] = [await world(), await world(entity)];
		hide(hidden, entity, "later");
		for (const door of [...(READS.with ?? []), ...(READS.reference ?? []), ...(READS.join ?? [])]) {
			expect(await answers(hidden, door)).toEqual(await answers(missing, door));
		}
	});

	// Which rows of its own entity a bulk write may touch is the mutator events' business.
	const others = WRITES.filter(([, path]) => path !== entity);
	test.skipIf(others.length === 0)(
		"does not decide which other rows a bulk write touches",
		async () => {
			for (const door of others) {
				const [hidden, missing] = [await world(), await world(entity)];
				hide(hidden, entity, "at once");
				expect([door, await answer(hidden, door)]).toEqual([door, await answer(missing, door)]);
				const ids = { sql: "select id, name from posts order by id", params: [] };
				if (entity === "posts") continue;
				expect(await hidden.database.all(ids)).toEqual(await missing.database.all(ids));
			}
		},
	);
});
