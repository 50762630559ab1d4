import { describe, expect } from "vitest";
import { AppError } from "../../src/kernel/error.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { Blog } from "../support/blog.ts";
import { problem, REQUEST, scenarios } from "../support/scenario.ts";

const BASE = "/api/data/entity";
const phases = (kind: "insert" | "update" | "delete", rows = 1) => ({
	[`mutator-${kind}-before`]: rows,
	[`mutator-${kind}-commit`]: 1,
	[`mutator-${kind}-after`]: rows,
});
const slugs = async ({ send }: Blog): Promise<unknown> => {
	const response = await send(["GET", `${BASE}/posts?select=slug`]);
	const { data } = (await response.json()) as { data: { slug: string }[] };
	return data.map(({ slug }) => slug);
};
const leaves =
	(...expected: readonly string[]) =>
	async (blog: Blog): Promise<void> => {
		expect(await slugs(blog)).toEqual(expected);
	};
const unchanged = leaves("one", "two", "three");

describe("POST /entity/:entity", () => {
	scenarios([
		{
			name: "stores a row with its defaults, in one statement",
			request: [
				"POST",
				`${BASE}/posts`,
				{ title: "Four", slug: "four", fileSize: "9007199254740993" },
			],
			expect: {
				status: 201,
				body: {
					data: {
						id: 4,
						title: "Four",
						slug: "four",
						state: "draft",
						views: 0,
						rating: null,
						pinned: false,
						publishedAt: null,
						extra: null,
						fileSize: "9007199254740993",
						thumbnail: null,
						authorId: null,
					},
					meta: { items: 1 },
				},
				events: { "*": 0, ...REQUEST, ...phases("insert") },
				statements: 1,
			},
		},
		{
			name: "takes every type of value, with no Content-Type",
			request: [
				"POST",
				`${BASE}/posts`,
				JSON.stringify({
					title: "Four",
					slug: "four",
					state: "live",
					views: 1,
					rating: 4.5,
					pinned: true,
					publishedAt: "2026-11-01T12:00:00Z",
					extra: { deep: [null, { x: "y" }] },
					fileSize: 12,
					thumbnail: "AP8=",
				}),
			],
			expect: {
				status: 201,
				partial: {
					data: {
						rating: 4.5,
						pinned: true,
						publishedAt: "2026-11-01T12:00:00.000Z",
						extra: { deep: [null, { x: "y" }] },
						fileSize: "12",
						thumbnail: "AP8=",
					},
				},
				statements: 1,
			},
		},
		{
			name: "writes hidden fields, and does not answer them",
			request: [
				"POST",
				`${BASE}/authors`,
				{ id: "cy", name: "Cy", email: "cy@example.org", passwordHash: "hash-of-cy" },
			],
			expect: {
				status: 201,
				body: {
					data: { id: "cy", name: "Cy", email: "cy@example.org" },
					meta: { items: 1 },
				},
				events: { "*": 0, ...REQUEST, ...phases("insert") },
				statements: 1,
			},
		},
		{
			name: "stores many rows in one round trip, and answers in the order of the input",
			request: [
				"POST",
				`${BASE}/posts`,
				[
					{ title: "Four", slug: "four" },
					{ slug: "five", title: "Five", views: 5 },
					{ title: "Six", slug: "six" },
				],
			],
			expect: {
				status: 201,
				partial: {
					data: [{ slug: "four" }, { slug: "five", views: 5 }, { slug: "six" }],
					meta: { items: 3 },
				},
				events: { "*": 0, ...REQUEST, ...phases("insert", 3) },
				statements: 2,
			},
		},
		{
			name: "stores a row with a composite key",
			request: ["POST", `${BASE}/postTags`, { postId: 1, tagId: 2 }],
			expect: {
				status: 201,
				body: { data: { postId: 1, tagId: 2 }, meta: { items: 1 } },
				events: { "*": 0, ...REQUEST, ...phases("insert") },
				statements: 1,
			},
		},
		{
			name: "stores nothing of an empty list",
			request: ["POST", `${BASE}/posts`, []],
			expect: { status: 201, body: { data: [], meta: { items: 0, results: [] } }, statements: 0 },
		},
		{
			name: "tells every fault of a row at once",
			request: ["POST", `${BASE}/posts`, { title: 1, views: "many", state: "gone", tytle: "x" }],
			expect: {
				status: 422,
				partial: {
					code: "invalid_data",
					errors: [
						{ path: "title", code: "type" },
						{ path: "views", code: "type" },
						{ path: "tytle", code: "unknown_field" },
						{ path: "slug", code: "required" },
					],
				},
				events: { "*": 0, ...REQUEST },
				statements: 0,
				after: unchanged,
			},
		},
		{
			name: "tells the row of a fault in bulk, and stores none",
			request: [
				"POST",
				`${BASE}/posts`,
				[
					{ title: "Four", slug: "four" },
					{ title: 5, slug: "five" },
				],
			],
			expect: {
				status: 422,
				partial: { errors: [{ path: "[1].title", code: "type" }] },
				events: { "*": 0, ...REQUEST },
				statements: 0,
				after: unchanged,
			},
		},
		{
			name: "answers a duplicate with 409 and the field",
			request: ["POST", `${BASE}/authors`, { id: "x", name: "X", email: "ada@example.org" }],
			expect: {
				status: 409,
				body: problem(
					[409, "Conflict"],
					"already_exists",
					"authors has a row with this email already.",
					{
						instance: `${BASE}/authors`,
						errors: [{ path: "email", message: "Is taken already.", code: "unique" }],
					},
				),
				events: {
					"*": 0,
					...REQUEST,
					"mutator-insert-before": 1,
					"mutator-insert-commit": 1,
					"mutator-insert-failed": 1,
				},
				statements: 1,
			},
		},
		{
			name: "stores nothing of a bulk insert with one duplicate",
			request: [
				"POST",
				`${BASE}/posts`,
				[
					{ title: "Four", slug: "four" },
					{ title: "1", slug: "one" },
				],
			],
			expect: {
				status: 409,
				partial: { code: "already_exists" },
				events: {
					"*": 0,
					...REQUEST,
					"mutator-insert-before": 2,
					"mutator-insert-commit": 1,
					"mutator-insert-failed": 1,
				},
				after: unchanged,
			},
		},
		{
			name: "answers a reference to nothing with 409",
			request: ["POST", `${BASE}/posts`, { title: "Four", slug: "four", authorId: "nobody" }],
			expect: {
				status: 409,
				partial: { code: "bad_reference" },
				statements: 1,
				after: unchanged,
			},
		},
		{
			name: "answers a text that is too long with 422",
			request: ["POST", `${BASE}/authors`, { id: "x", name: "x".repeat(41), email: "x" }],
			expect: {
				status: 422,
				partial: { errors: [{ path: "name", code: "length" }] },
				statements: 0,
			},
		},
		{
			name: "answers 202 when a listener prevents it",
			prepare: (app) => {
				app.emgr.onEvent(
					DatabaseEvents.MutatorInsertBefore,
					(event) => event.preventDefault(),
					"sync",
				);
			},
			request: ["POST", `${BASE}/posts`, { title: "Four", slug: "four" }],
			expect: {
				status: 202,
				body: { data: null, meta: { items: 0, prevented: true } },
				events: { "*": 0, ...REQUEST, "mutator-insert-before": 1 },
				statements: 0,
				after: unchanged,
			},
		},
		{
			name: "shows a listener's field error",
			prepare: (app) => {
				app.emgr.on(
					"data.posts.insert.before",
					() => {
						throw new AppError("invalid", "This post was refused.", {
							errors: [{ path: "title", message: "Say it kindly." }],
						});
					},
					"sync",
				);
			},
			request: ["POST", `${BASE}/posts`, { title: "Four", slug: "four" }],
			expect: {
				status: 422,
				body: problem([422, "Unprocessable Content"], "invalid", "This post was refused.", {
					instance: `${BASE}/posts`,
					errors: [{ path: "title", message: "Say it kindly." }],
				}),
				events: { "*": 0, ...REQUEST, "mutator-insert-before": 1 },
				statements: 0,
				after: unchanged,
			},
		},
		{
			name: "warns of a listener that fails after the row was stored",
			prepare: (app) => {
				app.emgr.on(
					"data.posts.insert.after",
					() => {
						throw new Error("secret of the mailer");
					},
					{ mode: "sync", id: "mailer" },
				);
			},
			request: ["POST", `${BASE}/tags`, { name: "new" }],
			expect: { status: 201, body: { data: { id: 3, name: "new" }, meta: { items: 1 } } },
		},
	]);
});

describe("PATCH /entity/:entity/:id", () => {
	scenarios([
		{
			name: "changes the fields that were sent, in one statement",
			request: ["PATCH", `${BASE}/posts/1`, { title: "Uno", publishedAt: 0 }],
			expect: {
				status: 200,
				partial: {
					data: {
						id: 1,
						title: "Uno",
						slug: "one",
						views: 10,
						publishedAt: "1970-01-01T00:00:00.000Z",
					},
					meta: { items: 1 },
				},
				events: { "*": 0, ...REQUEST, ...phases("update") },
				statements: 1,
			},
		},
		{
			name: "stores null where null was sent",
			request: ["PATCH", `${BASE}/posts/1`, { authorId: null }],
			expect: { status: 200, partial: { data: { authorId: null } }, statements: 1 },
		},
		{
			name: "answers the row as it is when nothing is to be changed",
			request: ["PATCH", `${BASE}/posts/1`, {}],
			expect: { status: 200, partial: { data: { id: 1, title: "One" } }, statements: 1 },
		},
		{
			name: "answers a missing id with 404, and Failed",
			request: ["PATCH", `${BASE}/posts/99`, { title: "Uno" }],
			expect: {
				status: 404,
				partial: { code: "not_found" },
				events: {
					"*": 0,
					...REQUEST,
					"mutator-update-before": 1,
					"mutator-update-commit": 1,
					"mutator-update-failed": 1,
				},
				statements: 1,
			},
		},
		{
			name: "refuses another primary key",
			request: ["PATCH", `${BASE}/posts/1`, { id: 7 }],
			expect: {
				status: 422,
				partial: { errors: [{ path: "id", code: "read_only" }] },
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		},
		{
			name: "refuses null where a value is required",
			request: ["PATCH", `${BASE}/posts/1`, { title: null }],
			expect: {
				status: 422,
				partial: { errors: [{ path: "title", code: "required" }] },
				statements: 0,
			},
		},
		{
			name: "refuses a missing body",
			request: ["PATCH", `${BASE}/posts/1`],
			expect: { status: 400, partial: { code: "no_body" }, statements: 0 },
		},
	]);
});

describe("PATCH /entity/:entity", () => {
	scenarios([
		{
			name: "changes all rows that match, in one round trip",
			request: ["PATCH", `${BASE}/posts`, { update: { views: 0 }, where: { authorId: "ada" } }],
			expect: {
				status: 200,
				partial: {
					data: [
						{ id: 1, views: 0 },
						{ id: 2, views: 0 },
					],
					meta: { items: 2 },
				},
				events: { "*": 0, ...REQUEST, ...phases("update", 2) },
				statements: 2,
			},
		},
		{
			name: "changes nothing where nothing matches",
			request: ["PATCH", `${BASE}/posts`, { update: { views: 0 }, where: { slug: "none" } }],
			expect: { status: 200, body: { data: [], meta: { items: 0, results: [] } } },
		},
		...[undefined, null, {}].map((where) => ({
			name: `refuses ${where === undefined ? "a missing where" : `the where ${JSON.stringify(where)}`}`,
			request: ["PATCH", `${BASE}/posts`, { update: { views: 0 }, where }] as const,
			expect: {
				status: 400,
				partial: { code: "where_required" },
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		})),
		{
			name: "refuses a body without update",
			request: ["PATCH", `${BASE}/posts`, { views: 0 }],
			expect: { status: 400, partial: { code: "bad_bulk_update" }, statements: 0 },
		},
		{
			name: "refuses more rows than the limit before any listener",
			config: { limits: { bulkRows: 3 } },
			prepare: ({ em }) => em.mutator("posts").insertOne({ title: "Four", slug: "four" }),
			request: ["PATCH", `${BASE}/posts`, { update: { pinned: true }, where: { id: { $gt: 0 } } }],
			expect: {
				status: 413,
				partial: { code: "too_many_rows" },
				events: { "*": 0, ...REQUEST },
			},
		},
	]);
});

describe("DELETE /entity/:entity/:id", () => {
	scenarios([
		{
			name: "answers the row that was, in one statement",
			request: ["DELETE", `${BASE}/posts/1`],
			expect: {
				status: 200,
				partial: { data: { id: 1, title: "One" }, meta: { items: 1 } },
				events: { "*": 0, ...REQUEST, ...phases("delete") },
				statements: 1,
				after: leaves("two", "three"),
			},
		},
		{
			name: "answers a missing id with 404, and Failed",
			request: ["DELETE", `${BASE}/posts/99`],
			expect: {
				status: 404,
				partial: { code: "not_found" },
				events: {
					"*": 0,
					...REQUEST,
					"mutator-delete-before": 1,
					"mutator-delete-commit": 1,
					"mutator-delete-failed": 1,
				},
				statements: 1,
			},
		},
		{
			name: "answers a row that is referred to with 409",
			request: ["DELETE", `${BASE}/authors/ada`],
			expect: { status: 409, partial: { code: "bad_reference" }, statements: 1 },
		},
		{
			name: "answers the row as it is when a listener prevents it",
			prepare: (app) => {
				app.emgr.on("mutator-delete-before", (event) => event.preventDefault(), "sync");
			},
			request: ["DELETE", `${BASE}/posts/1`],
			expect: {
				status: 200,
				partial: { data: { id: 1 }, meta: { prevented: true } },
				events: { "*": 0, ...REQUEST, "mutator-delete-before": 1 },
				after: unchanged,
			},
		},
	]);
});

describe("DELETE /entity/:entity", () => {
	scenarios([
		{
			name: "deletes all rows that match, in one round trip",
			request: ["DELETE", `${BASE}/posts`, { views: { $gte: 20 } }],
			expect: {
				status: 200,
				partial: { data: [{ id: 2 }, { id: 3 }], meta: { items: 2 } },
				events: { "*": 0, ...REQUEST, ...phases("delete", 2) },
				statements: 2,
				after: leaves("one"),
			},
		},
		{
			name: "refuses a missing where",
			request: ["DELETE", `${BASE}/posts`],
			expect: {
				status: 400,
				partial: { code: "no_body" },
				events: { "*": 0, ...REQUEST },
				statements: 0,
				after: unchanged,
			},
		},
		{
			name: "refuses a body that some client made of an object without JSON",
			request: ["DELETE", `${BASE}/posts`, "[object Object]", { "content-type": "text/plain" }],
			expect: {
				status: 400,
				partial: { code: "bad_json" },
				events: { "*": 0, ...REQUEST },
				statements: 0,
				after: unchanged,
			},
		},
		...[null, {}].map((where) => ({
			name: `refuses the where ${JSON.stringify(where)}`,
			request: ["DELETE", `${BASE}/posts`, where] as const,
			expect: {
				status: 400,
				partial: { code: "where_required" },
				statements: 0,
				after: unchanged,
			},
		})),
		...[
			{ $and: [] },
			{ $not: { $or: [] } },
			{ $and: {} },
			{ $and: [{}, {}] },
			{ $or: [{ id: 1 }, {}] },
		].map((where) => ({
			name: `does not take ${JSON.stringify(where)} for a where`,
			request: ["DELETE", `${BASE}/posts`, where] as const,
			expect: {
				status: 400,
				partial: { code: "where_required" },
				statements: 0,
				after: unchanged,
			},
		})),
	]);
});
