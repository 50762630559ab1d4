import { REQUEST, scenarios } from "../support/scenario.ts";

const FIND = { "repository-find-many-before": 1, "repository-find-many-after": 1 } as const;
const ONE = { "repository-find-one-before": 1, "repository-find-one-after": 1 } as const;

scenarios([
	{
		name: "a list with related rows is one statement, and one event for each relation and row",
		request: ["GET", "/api/data/entity/posts?limit=2&select=id&with=author&sort=id"],
		expect: {
			status: 200,
			statements: 1,
			events: {
				...REQUEST,
				"repository-find-many-before": 2,
				"repository-find-many-after": 3,
				"*": 0,
			},
		},
	},
	{
		name: "a row with its author, hidden fields left out",
		request: ["GET", "/api/data/entity/posts/1?select=id&with=author"],
		expect: {
			status: 200,
			statements: 1,
			events: { ...REQUEST, ...ONE, ...FIND, "*": 0 },
		},
	},
	{
		name: "the rows of a reference ask for the row, and read the related ones alone",
		request: ["GET", "/api/data/entity/posts/1/author"],
		expect: {
			status: 200,
			statements: 1,
			events: { ...REQUEST, ...FIND, "repository-find-one-before": 1, "*": 0 },
		},
	},
	{
		name: "a reference that there is none of is a 404 with a hint, and no event",
		request: ["GET", "/api/data/entity/posts/1/auther"],
		expect: {
			status: 404,
			statements: 0,
			partial: { code: "unknown_reference", details: { hint: "Did you mean author?" } },
			events: { ...REQUEST, "*": 0 },
		},
	},
	{
		name: "the rows of a reference of a row that is not there are a 404",
		request: ["GET", "/api/data/entity/posts/99/author"],
		expect: { status: 404, statements: 1, partial: { code: "not_found" } },
	},
	{
		name: "a condition on a related row asks for its entity's filter",
		request: ["POST", "/api/data/entity/posts/fn/count", { "author.name": { $isnull: false } }],
		expect: {
			status: 200,
			statements: 1,
			events: { ...REQUEST, "repository-find-many-before": 2, "*": 0 },
		},
	},
	{
		name: "a broken cursor is a 400 without a statement",
		request: ["GET", "/api/data/entity/posts?cursor=AAAA"],
		expect: { status: 400, statements: 0, partial: { code: "bad_cursor" } },
	},
	{
		name: "a fault of related rows names its path",
		request: ["GET", '/api/data/entity/posts?with={"author":{"where":{"nam":1}}}'],
		expect: {
			status: 400,
			statements: 0,
			partial: { code: "bad_query", errors: [{ path: "with.author.where.nam" }] },
			events: { ...REQUEST, "*": 0 },
		},
	},
	{
		name: "a row with new and known related rows is stored in one round trip, after one that looks them up",
		request: [
			"POST",
			"/api/data/entity/posts",
			{
				title: "Four",
				slug: "four",
				author: { $create: { id: "cy", name: "Cy", email: "cy@example.org" } },
				tags: { $attach: [1, 2] },
			},
		],
		expect: {
			status: 201,
			partial: { data: { id: 4, slug: "four", authorId: "cy" } },
			statements: 6,
			trips: 2,
			events: {
				...REQUEST,
				"mutator-insert-before": 4,
				"mutator-insert-commit": 3,
				"mutator-insert-after": 4,
				"*": 0,
			},
		},
	},
]);
