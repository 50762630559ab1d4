import { describe, expect, test } from "vitest";
import { blog, type Blog, type ShortRequest } from "../support/blog.ts";
import { expectProblem, REQUEST, scenarios, type Scenario } from "../support/scenario.ts";

const BASE = "/api/data/entity";
const where = (value: unknown): string => encodeURIComponent(JSON.stringify(value));
const nested = (depth: number): unknown =>
	depth === 0 ? { id: 1 } : { $or: [nested(depth - 1), { id: 2 }] };

/** A request that is refused before anybody hears of it, and before the database is asked. */
function refused(name: string, request: ShortRequest, status: number, partial: object): Scenario {
	return {
		name,
		request,
		expect: { status, partial, events: { "*": 0, ...REQUEST }, statements: 0 },
	};
}

async function keepsDangerousKeys({ send }: Blog): Promise<void> {
	const response = await send(["GET", `${BASE}/posts/1?select=extra`]);
	expect(await response.text()).toContain('"extra":{"__proto__":{"a":1},"constructor":2}');
	expect("a" in {}).toBe(false);
}

describe("bodies", () => {
	scenarios([
		refused("malformed JSON", ["POST", `${BASE}/posts`, '{"title": '], 400, { code: "bad_json" }),
		refused("JSON with a trailing comma", ["PATCH", `${BASE}/posts/1`, '{"a":1,}'], 400, {
			code: "bad_json",
		}),
		refused("bytes that are not text", ["POST", `${BASE}/posts`, new Uint8Array([0xff, 0])], 400, {
			code: "bad_json",
		}),
		refused("no body", ["POST", `${BASE}/posts`], 400, { code: "no_body" }),
		...["text", 1, true, null].map((body) =>
			refused(
				`the body ${JSON.stringify(body)}`,
				["POST", `${BASE}/posts`, JSON.stringify(body)],
				422,
				{
					code: "invalid_data",
					errors: [{ path: "" }],
				},
			),
		),
		refused("a list in a list", ["POST", `${BASE}/posts`, [[]]], 422, {
			errors: [{ path: "[0]" }],
		}),
		refused("a list for an update", ["PATCH", `${BASE}/posts/1`, []], 422, {
			errors: [{ path: "" }],
		}),
		refused("10 MB", ["POST", `${BASE}/posts`, { title: "x".repeat(10_000_000), slug: "x" }], 413, {
			code: "body_too_large",
			detail: "The body is over 1048576 bytes.",
		}),
		refused(
			"100 000 levels of JSON",
			["POST", `${BASE}/posts`, `{"extra":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
			422,
			{ code: "invalid_data" },
		),
		refused(
			"1 000 001 brackets that nobody closes",
			["POST", `${BASE}/posts`, "[".repeat(1_000_001)],
			400,
			{
				code: "bad_json",
			},
		),
		refused("100 001 rows", ["POST", `${BASE}/tags`, `[${"{},".repeat(100_000)}{}]`], 413, {
			code: "too_many_rows",
		}),
	]);
});

describe("data", () => {
	const insert = (data: object): ShortRequest => [
		"POST",
		`${BASE}/posts`,
		{ title: "Four", slug: "four", ...data },
	];
	scenarios([
		refused(
			"an unknown field, a missing one and a wrong type, all told",
			["POST", `${BASE}/posts`, { slug: 1, colour: "red" }],
			422,
			{
				errors: [
					{ path: "slug", code: "type" },
					{ path: "colour", code: "unknown_field" },
					{ path: "title", code: "required" },
				],
			},
		),
		refused("NUL in text", insert({ title: "a\0b" }), 422, { errors: [{ path: "title" }] }),
		refused("a lone surrogate in text", insert({ title: "\ud800" }), 422, {
			errors: [{ path: "title" }],
		}),
		{
			name: "a lone surrogate within JSON, which can say it, stays what it is",
			request: insert({ extra: { a: "\udc00" } }),
			expect: { status: 201, partial: { data: { extra: { a: "\udc00" } } } },
		},
		refused("a number beyond the safe integers", insert({ views: 2 ** 53 }), 422, {
			errors: [{ path: "views" }],
		}),
		refused("a fraction for an integer", insert({ views: 1.5 }), 422, {
			errors: [{ path: "views" }],
		}),
		refused(
			"a number beyond all numbers",
			["POST", `${BASE}/posts`, '{"rating":1e999,"title":"x","slug":"x"}'],
			422,
			{
				errors: [{ path: "rating" }],
			},
		),
		refused("text for a boolean", insert({ pinned: "true" }), 422, {
			errors: [{ path: "pinned" }],
		}),
		refused("no date", insert({ publishedAt: "yesterday" }), 422, {
			errors: [{ path: "publishedAt" }],
		}),
		refused("a date beyond time", insert({ publishedAt: 1e300 }), 422, {
			errors: [{ path: "publishedAt" }],
		}),
		refused("an integer of 65 bits", insert({ fileSize: "18446744073709551616" }), 422, {
			errors: [{ path: "fileSize" }],
		}),
		refused("what is not base64", insert({ thumbnail: "%%%" }), 422, {
			errors: [{ path: "thumbnail" }],
		}),
		{
			name: "a value that is none of an enum's, which a listener might have mended",
			request: insert({ state: "constructor" }),
			expect: {
				status: 422,
				partial: { errors: [{ path: "state", code: "enum" }] },
				events: { "*": 0, ...REQUEST, "mutator-insert-before": 1, "mutator-insert-failed": 1 },
				statements: 0,
			},
		},
		...["__proto__", "constructor", "toString", "prototype"].map((key) =>
			refused(
				`${key} as a key`,
				["POST", `${BASE}/posts`, `{"title":"x","slug":"x","${key}":{"polluted":1}}`],
				422,
				{
					errors: [{ path: key, code: "unknown_field" }],
				},
			),
		),
		refused(
			"a row that is only __proto__",
			["PATCH", `${BASE}/posts/1`, '{"__proto__":{"title":"x"}}'],
			422,
			{
				errors: [{ path: "__proto__" }],
			},
		),
		{
			name: "a duplicate is a conflict",
			request: ["POST", `${BASE}/posts`, { title: "One", slug: "one" }],
			expect: { status: 409, partial: { errors: [{ path: "slug", code: "unique" }] } },
		},
		{
			name: "a bad foreign key is a conflict",
			request: insert({ authorId: "nobody" }),
			expect: { status: 409, partial: { code: "bad_reference" } },
		},
		{
			name: "JSON in JSON keeps what looks dangerous as data",
			request: ["PATCH", `${BASE}/posts/1`, '{"extra":{"__proto__":{"a":1},"constructor":2}}'],
			expect: {
				status: 200,
				after: keepsDangerousKeys,
			},
		},
	]);
});

describe("ids", () => {
	const ids = [
		"1 OR 1=1",
		"1;drop table posts",
		"1.5",
		"0x1",
		"1e3",
		"９",
		"__proto__",
		"constructor",
		"null",
		"NaN",
		"9007199254740993",
		"9".repeat(500),
		"\0",
		"%",
		"-",
	];
	for (const method of ["GET", "PATCH", "DELETE"] as const) {
		const body = method === "PATCH" ? { title: "x" } : undefined;
		scenarios(
			ids.map((id) =>
				refused(
					`${method} ${JSON.stringify(id.slice(0, 30))} is not an id`,
					[method, `${BASE}/posts/${encodeURIComponent(id)}`, body],
					400,
					{ code: "bad_id" },
				),
			),
		);
		scenarios([
			{
				name: `${method} of an id that does not exist is a 404`,
				request: [method, `${BASE}/posts/404`, body],
				expect: { status: 404, partial: { code: "not_found" }, statements: 1 },
			},
			{
				name: `${method} of a text id with SQL in it is a 404`,
				request: [
					method,
					`${BASE}/authors/${encodeURIComponent("' OR '1'='1")}`,
					body && { name: "x" },
				],
				expect: { status: 404, partial: { code: "not_found" }, statements: 1 },
			},
			refused(
				`${method} of a text id with NUL`,
				[method, `${BASE}/authors/a%00b`, body && { name: "x" }],
				400,
				{ code: "bad_id" },
			),
		]);
	}
});

describe("entities", () => {
	const names = [
		"__proto__",
		"constructor",
		"toString",
		"hasOwnProperty",
		"post",
		"POSTS",
		"a'b",
		"burdock_meta",
		"x".repeat(5000),
	];
	scenarios(
		names.flatMap((name) => [
			refused(`GET ${name.slice(0, 20)}`, ["GET", `${BASE}/${encodeURIComponent(name)}`], 404, {
				code: "unknown_entity",
			}),
			refused(
				`POST ${name.slice(0, 20)}`,
				["POST", `${BASE}/${encodeURIComponent(name)}`, {}],
				404,
				{
					code: "unknown_entity",
				},
			),
			refused(
				`DELETE ${name.slice(0, 20)}`,
				["DELETE", `${BASE}/${encodeURIComponent(name)}/1`],
				404,
				{
					code: "unknown_entity",
				},
			),
		]),
	);
});

describe("queries", () => {
	const list = (query: string): ShortRequest => ["GET", `${BASE}/posts?${query}`];
	scenarios([
		refused("an unknown operator", list(`where=${where({ views: { $regex: "x" } })}`), 400, {
			errors: [{ path: "where.views.$regex", code: "unknown_operator" }],
		}),
		...["__proto__", "constructor", "toString", "$where"].map((key) =>
			refused(`${key} as a field of where`, list(`where={"${key}":1}`), 400, {
				errors: [{ path: `where.${key}`, code: "unknown_field" }],
			}),
		),
		...["__proto__", "constructor", "toString"].map((key) =>
			refused(`${key} as an operator`, list(`where={"views":{"${key}":1}}`), 400, {
				errors: [{ path: `where.views.${key}`, code: "unknown_operator" }],
			}),
		),
		refused("conditions 50 deep", list(`where=${where(nested(50))}`), 400, {
			errors: [{ code: "too_deep" }, { code: "too_deep" }],
		}),
		refused("conditions 50 deep in a body", ["POST", `${BASE}/posts/fn/count`, nested(50)], 400, {
			errors: [{ code: "too_deep" }, { code: "too_deep" }],
		}),
		refused(
			"100 000 values in $in",
			[
				"POST",
				`${BASE}/posts/query`,
				{ where: { id: { $in: Array.from({ length: 100_000 }, (_, id) => id) } } },
			],
			400,
			{ errors: [{ path: "where.id.$in", message: "At most 1000 values." }] },
		),
		refused(
			"10 000 conditions",
			[
				"POST",
				`${BASE}/posts/query`,
				{ where: { $or: Array.from({ length: 10_000 }, () => ({ id: 1 })) } },
			],
			400,
			{
				errors: [{ path: "where.$or", code: "too_many" }],
			},
		),
		refused("a sort of 9 000 characters", list(`sort=${"x".repeat(9000)}`), 400, {
			errors: [{ code: "unknown_field" }],
		}),
		refused("a sort by 1 500 fields", list(`sort=${"views,".repeat(1500)}`), 400, {
			errors: [{ path: "sort", code: "too_many" }],
		}),
		refused("SQL for a sort", list("sort=id;drop%20table%20posts"), 400, {
			errors: [{ code: "unknown_field" }],
		}),
		refused("SQL for a field", list("select=title%22%20from%20posts--"), 400, {
			errors: [{ code: "unknown_field" }],
		}),
		refused("NUL in a value", list(`where=${where({ title: "a\0" })}`), 400, {
			errors: [{ path: "where.title" }],
		}),
		refused(
			"a lone surrogate in a value",
			list(`where=${encodeURIComponent('{"title":"\\ud800"}')}`),
			400,
			{
				errors: [{ path: "where.title" }],
			},
		),
		refused("a number for text", list(`where=${where({ title: 1 })}`), 400, {
			errors: [{ path: "where.title" }],
		}),
		refused("an object for a number", list(`where=${where({ views: [1] })}`), 400, {
			errors: [{ path: "where.views" }],
		}),
		refused(
			"a pattern of 30 wildcards",
			list(`where=${where({ title: { $like: "%a".repeat(30) } })}`),
			400,
			{
				errors: [{ path: "where.title.$like" }],
			},
		),
		refused("broken JSON in where", list("where={"), 400, {
			errors: [{ path: "where", code: "json" }],
		}),
		refused("a list for where", list("where=[]"), 400, { errors: [{ path: "where" }] }),
		...["-1", "1.5", "1e9", "abc", "", "999999999999999999999", "101"].map((limit) =>
			refused(`limit ${limit}`, list(`limit=${limit}`), 400, { errors: [{ path: "limit" }] }),
		),
		refused("a negative offset", list("offset=-1"), 400, { errors: [{ path: "offset" }] }),
		refused("an unknown parameter", list("wehre={}"), 400, {
			errors: [{ path: "wehre", message: "There is no such parameter. Did you mean where?" }],
		}),
		refused("__proto__ as a parameter", list("__proto__=1"), 400, {
			errors: [{ path: "__proto__" }],
		}),
		{
			name: "an offset beyond all rows is an empty list",
			request: list("offset=9007199254740991"),
			expect: { status: 200, partial: { data: [] } },
		},
		{
			name: "percent-encoded bytes that are no UTF-8",
			request: list("where=%7B%22title%22%3A%22%ff%22%7D"),
			expect: { status: 400, partial: { code: "bad_parameters" } },
		},
		{
			name: "percent signs that encode nothing are text",
			request: list("where=%7B%22title%22%3A%22%25%zz%22%7D"),
			expect: { status: 200, partial: { data: [] } },
		},
	]);
});

test("a path that cannot be decoded is a 4xx problem", async () => {
	const { send } = await blog();
	for (const path of [
		`${BASE}/%ff`,
		`${BASE}/posts/%ff`,
		`${BASE}/%`,
		"/%ff",
		`${BASE}/posts/%c0%ae`,
	]) {
		const response = await send(["GET", path]);
		expect(response.status, path).toBeGreaterThanOrEqual(400);
		expect(response.status, path).toBeLessThan(500);
		expectProblem(await response.text(), response);
	}
});

describe("deep JSON", () => {
	scenarios([
		{
			name: "100 levels are stored",
			request: ["PATCH", `${BASE}/posts/1`, `{"extra":${"[".repeat(100)}${"]".repeat(100)}}`],
			expect: { status: 200 },
		},
		refused(
			"101 levels could be stored, but not always be read again",
			["PATCH", `${BASE}/posts/1`, `{"extra":${'{"a":'.repeat(101)}1${"}".repeat(101)}}`],
			422,
			{ errors: [{ path: "extra", message: "Expected a JSON value, at most 100 levels deep." }] },
		),
	]);
});
