import { describe } from "vitest";
import { differs } from "../support/differs.ts";
import { problem, REQUEST, scenarios } from "../support/scenario.ts";

const ROW = {
	id: 1,
	title: "One",
	slug: "one",
	state: "live",
	views: 10,
	rating: null,
	pinned: false,
	publishedAt: null,
	extra: null,
	fileSize: null,
	thumbnail: null,
	authorId: "ada",
};
const FIND_ONE = { "repository-find-one-before": 1, "repository-find-one-after": 1 };
const FIND_MANY = { "repository-find-many-before": 1, "repository-find-many-after": 1 };
const BASE = "/api/data/entity";

describe("GET /entity/:entity/:id", () => {
	scenarios([
		{
			name: "answers the row, in one statement",
			request: ["GET", `${BASE}/posts/1`],
			expect: {
				status: 200,
				body: { data: ROW, meta: { items: 1 } },
				headers: { "content-type": "application/json" },
				events: { "*": 0, ...REQUEST, ...FIND_ONE },
				statements: 1,
			},
		},
		{
			name: "takes an id that is text, and leaves hidden fields out",
			request: ["GET", `${BASE}/authors/ada`],
			expect: {
				status: 200,
				body: {
					data: { id: "ada", name: "Ada", email: "ada@example.org" },
					meta: { items: 1 },
				},
				events: { "*": 0, ...REQUEST, ...FIND_ONE },
				statements: 1,
			},
		},
		{
			name: "answers only the selected fields",
			request: ["GET", `${BASE}/posts/2?select=title,views`],
			expect: {
				status: 200,
				body: { data: { title: "Two", views: 20 }, meta: { items: 1 } },
				events: { "*": 0, ...REQUEST, ...FIND_ONE },
				statements: 1,
			},
		},
		{
			name: "writes dates as ISO 8601 and JSON as JSON",
			request: ["GET", `${BASE}/posts/3?select=publishedAt`],
			expect: {
				status: 200,
				body: { data: { publishedAt: "1970-01-01T00:00:00.000Z" }, meta: { items: 1 } },
				statements: 1,
			},
		},
		{
			name: "answers a missing id with 404, after the events of a read",
			request: ["GET", `${BASE}/posts/99`],
			expect: {
				status: 404,
				body: problem([404, "Not Found"], "not_found", "posts has no row with the id 99.", {
					instance: `${BASE}/posts/99`,
				}),
				events: { "*": 0, ...REQUEST, ...FIND_ONE },
				statements: 1,
			},
		},
		{
			name: "refuses a hidden field in select",
			request: ["GET", `${BASE}/authors/ada?select=passwordHash`],
			expect: {
				status: 400,
				partial: { code: "bad_query", errors: [{ path: "select.passwordHash" }] },
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		},
		{
			name: "refuses parameters of lists",
			request: ["GET", `${BASE}/posts/1?limit=1`],
			expect: {
				status: 400,
				partial: { code: "bad_parameters", errors: [{ path: "limit" }] },
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		},
		{
			name: "refuses an id for an entity with a composite key",
			request: ["GET", `${BASE}/postTags/1`],
			expect: { status: 400, partial: { code: "no_single_key" }, statements: 0 },
		},
		{
			name: "answers an unknown entity with 404 and the nearest name",
			request: ["GET", `${BASE}/post/1`],
			expect: {
				status: 404,
				partial: { code: "unknown_entity", details: { hint: "Did you mean posts?" } },
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		},
	]);
});

describe("GET /entity/:entity", () => {
	scenarios([
		{
			name: "lists all rows by their primary key, in one statement",
			request: ["GET", `${BASE}/posts?select=id`],
			expect: {
				status: 200,
				body: {
					data: [{ id: 1 }, { id: 2 }, { id: 3 }],
					meta: { items: 3, limit: 10, offset: 0 },
				},
				events: { "*": 0, ...REQUEST, ...FIND_MANY },
				statements: 1,
			},
		},
		{
			name: "filters, sorts and pages",
			request: [
				"GET",
				`${BASE}/posts?select=slug&sort=-views&limit=1&offset=1&where=${encodeURIComponent(
					'{"views":{"$gte":10},"authorId":{"$in":["ada","bob"]}}',
				)}`,
			],
			expect: {
				status: 200,
				body: { data: [{ slug: "two" }], meta: { items: 1, limit: 1, offset: 1 } },
				events: { "*": 0, ...REQUEST, ...FIND_MANY },
				statements: 1,
			},
		},
		{
			name: "takes array parameters as repeated keys",
			request: ["GET", `${BASE}/posts?select=id&select=slug&sort=-pinned&sort=-id&limit=1`],
			expect: {
				status: 200,
				body: { data: [{ id: 3, slug: "three" }], meta: { items: 1, limit: 1, offset: 0 } },
			},
		},
		{
			name: "takes object parameters as JSON",
			request: [
				"GET",
				`${BASE}/posts?select=${encodeURIComponent('["slug"]')}&sort=${encodeURIComponent(
					'{"by":"views","dir":"desc"}',
				)}&limit=1`,
			],
			expect: { status: 200, partial: { data: [{ slug: "three" }] } },
		},
		{
			name: "counts all rows that match when asked to, in two statements",
			request: ["GET", `${BASE}/posts?limit=1&select=id&count=true&where={"authorId":"ada"}`],
			expect: {
				status: 200,
				body: { data: [{ id: 1 }], meta: { items: 1, limit: 1, offset: 0, count: 2 } },
				events: { "*": 0, ...REQUEST, ...FIND_MANY },
				statements: 2,
				trips: 2,
			},
		},
		{
			name: "does not count when told not to",
			request: ["GET", `${BASE}/posts?limit=1&select=id&count=false&total=0`],
			expect: {
				status: 200,
				body: { data: [{ id: 1 }], meta: { items: 1, limit: 1, offset: 0 } },
				statements: 1,
			},
		},
		{
			name: "refuses a flag that is neither true nor false",
			request: ["GET", `${BASE}/posts?count=maybe`],
			expect: {
				status: 400,
				partial: { code: "bad_parameters", errors: [{ path: "count", code: "type" }] },
				statements: 0,
			},
		},
		{
			name: "lists rows of an entity with a composite key",
			request: ["GET", `${BASE}/postTags`],
			expect: {
				status: 200,
				body: { data: [], meta: { items: 0, limit: 10, offset: 0 } },
				statements: 1,
			},
		},
		{
			name: "answers no row with an empty list",
			request: ["GET", `${BASE}/posts?where={"title":"Nothing"}`],
			expect: { status: 200, body: { data: [], meta: { items: 0, limit: 10, offset: 0 } } },
		},
		{
			name: "answers limit 0 with an empty list",
			request: ["GET", `${BASE}/posts?limit=0`],
			expect: { status: 200, body: { data: [], meta: { items: 0, limit: 0, offset: 0 } } },
		},
		{
			name: "tells every fault of a query, and its path",
			request: [
				"GET",
				`${BASE}/posts?limit=101&sort=vews&where=${encodeURIComponent(
					'{"$or":[{"id":1},{"vews":1}],"views":{"$gtt":1}}',
				)}`,
			],
			expect: {
				status: 400,
				partial: {
					code: "bad_query",
					errors: [
						{ path: "where.$or[1].vews", code: "unknown_field" },
						{ path: "where.views.$gtt", code: "unknown_operator" },
						{ path: "sort.vews", code: "unknown_field" },
						{ path: "limit", code: "too_many" },
					],
				},
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		},
		{
			name: "refuses hidden fields in where and sort",
			request: ["GET", `${BASE}/authors?sort=passwordHash&where={"passwordHash":"hash"}`],
			expect: {
				status: 400,
				partial: {
					errors: [{ path: "where.passwordHash" }, { path: "sort.passwordHash" }],
				},
				statements: 0,
			},
		},
	]);
});

describe("POST /entity/:entity/query", () => {
	scenarios([
		{
			name: "is a list whose query is the body",
			request: [
				"POST",
				`${BASE}/posts/query`,
				{ where: { views: { $gt: 10 } }, select: ["id"], sort: "-id", limit: 5 },
			],
			expect: {
				status: 200,
				body: { data: [{ id: 3 }, { id: 2 }], meta: { items: 2, limit: 5, offset: 0 } },
				events: { "*": 0, ...REQUEST, ...FIND_MANY },
				statements: 1,
			},
		},
		{
			name: "needs no Content-Type",
			request: ["POST", `${BASE}/posts/query`, '{"select":["id"],"limit":1}'],
			expect: { status: 200, partial: { data: [{ id: 1 }] }, statements: 1 },
		},
		{
			name: "takes an empty object for everything",
			request: ["POST", `${BASE}/posts/query`, {}],
			expect: { status: 200, partial: { meta: { items: 3 } }, statements: 1 },
		},
		{
			name: "refuses a missing body",
			request: ["POST", `${BASE}/posts/query`],
			expect: { status: 400, partial: { code: "no_body" }, statements: 0 },
		},
		{
			name: "refuses unknown parameters",
			request: ["POST", `${BASE}/posts/query`, { were: {}, count: "perhaps" }],
			expect: {
				status: 400,
				partial: {
					code: "bad_parameters",
					errors: [
						{ path: "were", message: "There is no such parameter. Did you mean where?" },
						{ path: "count" },
					],
				},
				statements: 0,
			},
		},
	]);
});

describe("POST /entity/:entity/fn", () => {
	scenarios([
		{
			name: "counts all rows without a body",
			request: ["POST", `${BASE}/posts/fn/count`],
			expect: {
				status: 200,
				body: { entity: "posts", count: 3 },
				events: { "*": 0, ...REQUEST, "repository-find-many-before": 1 },
				statements: 1,
			},
		},
		{
			name: "counts the rows that match",
			request: ["POST", `${BASE}/posts/fn/count`, { authorId: "ada" }],
			expect: { status: 200, body: { entity: "posts", count: 2 }, statements: 1 },
		},
		{
			name: "tells whether a row exists",
			request: ["POST", `${BASE}/posts/fn/exists`, { slug: "two" }],
			expect: {
				status: 200,
				body: { entity: "posts", exists: true },
				events: { "*": 0, ...REQUEST, "repository-find-many-before": 1 },
				statements: 1,
			},
		},
		{
			name: "tells that none exists",
			request: ["POST", `${BASE}/posts/fn/exists`, { slug: "none" }],
			expect: { status: 200, body: { entity: "posts", exists: false }, statements: 1 },
		},
		{
			name: "refuses a filter that is none",
			request: ["POST", `${BASE}/posts/fn/count`, ["slug"]],
			expect: { status: 400, partial: { code: "bad_query" }, statements: 0 },
		},
	]);
});

describe("system routes", () => {
	scenarios([
		...(
			[
				["/health", { status: "ok" }],
				["/api/system/ping", { pong: true }],
			] as const
		).map(([path, body]) => ({
			name: `GET ${path} asks the database nothing`,
			request: ["GET", path] as const,
			expect: { status: 200, body, events: { "*": 0, ...REQUEST }, statements: 0 },
		})),
		{
			name: "GET /ready asks the database",
			request: ["GET", "/ready"],
			expect: {
				status: 200,
				body: { status: "ready", checks: { database: "ok" } },
				events: { "*": 0, ...REQUEST },
				statements: 1,
			},
		},
		{
			name: "GET /ready is a 503 when the database is gone",
			prepare: (app) => app.database.close(),
			request: ["GET", "/ready"],
			expect: {
				status: 503,
				partial: { code: "not_ready", detail: "The database does not answer." },
				headers: { "retry-after": "1" },
			},
		},
		{
			name: "GET /api/system/info tells what this is",
			request: ["GET", "/api/system/info"],
			expect: {
				status: 200,
				partial: {
					name: "burdock",
					runtime: differs("The name of the runtime", { node: "node", cloudflare: "cloudflare" }),
					entities: ["authors", "posts", "tags", "postTags"],
				},
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		},
		{
			name: "GET / shows the way",
			request: ["GET", "/"],
			expect: {
				status: 200,
				partial: { links: { health: "/health", info: "/api/system/info" } },
				statements: 0,
			},
		},
		{
			name: "an unknown path is a 404",
			request: ["GET", "/api/nothing?secret=1"],
			expect: {
				status: 404,
				body: problem([404, "Not Found"], "no_route", "There is nothing at /api/nothing.", {
					instance: "/api/nothing",
				}),
				events: { "*": 0, ...REQUEST },
				statements: 0,
			},
		},
		{
			name: "an unknown method is a 405",
			request: ["PUT", `${BASE}/posts/1`, {}],
			expect: { status: 405, partial: { code: "method_not_allowed" }, statements: 0 },
		},
		{
			name: "HEAD is GET without a body",
			request: ["HEAD", `${BASE}/posts/1`],
			expect: {
				status: 200,
				body: "",
				headers: { "content-type": "application/json" },
				events: { "*": 0, ...REQUEST, ...FIND_ONE },
				statements: 1,
			},
		},
		{
			name: "the base path can be changed",
			config: { server: { basePath: "/v1" } },
			request: ["GET", "/v1/data/entity/tags/1"],
			expect: { status: 200, body: { data: { id: 1, name: "hooks" }, meta: { items: 1 } } },
		},
	]);
});
