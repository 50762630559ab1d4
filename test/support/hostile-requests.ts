import fc from "fast-check";

/** A request that nobody means well with. */
export interface HostileRequest {
	readonly method: string;
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | undefined;
}

const NAMES = [
	"__proto__",
	"constructor",
	"toString",
	"hasOwnProperty",
	"prototype",
	"id",
	"title",
	"slug",
	"views",
	"state",
	"extra",
	"fileSize",
	"thumbnail",
	"publishedAt",
	"pinned",
	"rating",
	"authorId",
	"name",
	"email",
	"passwordHash",
	"postId",
	"tagId",
	"$and",
	"$or",
	"$not",
	"$eq",
	"$ne",
	"$in",
	"$notin",
	"$between",
	"$like",
	"$ilike",
	"$contains",
	"$isnull",
	"$gt",
	"update",
	"where",
	"by",
	"dir",
	"with",
	"join",
	"cursor",
	"author",
	"author.name",
	"author.posts.title",
	"posts",
	"tags",
	"postTags",
	"post.author.passwordHash",
	"$create",
	"$set",
	"$attach",
	"$detach",
];

const name = fc.oneof(
	{ weight: 8, arbitrary: fc.constantFrom(...NAMES) },
	{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 20 }) },
	{ weight: 1, arbitrary: fc.constant("x".repeat(9000)) },
);

const text = fc.oneof(
	fc.constantFrom(
		"",
		"one",
		"ada",
		"draft",
		"1 OR 1=1",
		"'; drop table posts; --",
		'"',
		"\0",
		"\ud800",
		"\ufeff",
		"%",
		"_",
		"*?[",
		"%a%b%c%d%e%f%g%h%i%",
		"2026-11-21",
		"9223372036854775808",
		"AP8=",
		"null",
		"true",
	),
	fc.string({ unit: "binary", maxLength: 40 }),
	fc.constant("-views,title,".repeat(700)),
);

const number = fc.oneof(
	fc.constantFrom(
		"0",
		"-0",
		"1",
		"-1",
		"1.5",
		"1e999",
		"-1e999",
		"1e-400",
		"9007199254740993",
		"9".repeat(400),
		"101",
		"1000000",
	),
	fc.integer().map(String),
	fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

/** JSON text of every shape, written by hand because values can't say all of it. */
const json = fc.letrec<{ value: string }>((tie) => ({
	value: fc.oneof(
		{ depthSize: "small", withCrossShrink: true },
		number,
		text.map((value) => JSON.stringify(value)),
		fc.constantFrom("null", "true", "false"),
		fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
		fc
			.array(fc.tuple(name, tie("value")), { maxLength: 4 })
			.map(
				(entries) =>
					`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`,
			),
	),
})).value;

const monster = fc.constantFrom(
	`{"where":${'{"$or":['.repeat(50)}{}${"]}".repeat(50)}}`,
	`{"where":${'{"$not":'.repeat(50)}{"id":1}${"}".repeat(50)}}`,
	`${"[".repeat(50_000)}${"]".repeat(50_000)}`,
	`${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`,
	"[".repeat(100_000),
	`{"title":"${"x".repeat(2_000_000)}"}`,
	`{"where":{"id":{"$in":[${"1,".repeat(99_999)}1]}}}`,
	`[${'{"name":"x"},'.repeat(2_000)}{"name":"x"}]`,
	`{"where":{"$or":[${'{"views":1},'.repeat(200)}{"views":2}]}}`,
);

const body = fc.oneof(
	{ weight: 20, arbitrary: json },
	{ weight: 1, arbitrary: monster },
	{ weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
	{ weight: 2, arbitrary: fc.constant(undefined) },
);

const segment = fc.oneof(
	fc.constantFrom(
		"posts",
		"authors",
		"tags",
		"postTags",
		"fn",
		"count",
		"exists",
		"query",
		"1",
		"2",
		"ada",
		"-1",
		"1 OR 1=1",
		"9".repeat(400),
	),
	name,
	text,
);

const parameter = fc.oneof(
	fc.tuple(
		fc.constantFrom(
			"where",
			"select",
			"sort",
			"limit",
			"offset",
			"count",
			"total",
			"with",
			"join",
			"cursor",
		),
		fc.oneof(json, text, number),
	),
	fc.tuple(name, text),
);

const query = fc
	.array(parameter, { maxLength: 3 })
	.map((pairs) => pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join("&"));

const FIELDS: Readonly<Record<string, readonly string[]>> = {
	posts: [
		"id",
		"title",
		"slug",
		"state",
		"views",
		"rating",
		"pinned",
		"publishedAt",
		"extra",
		"fileSize",
		"thumbnail",
		"authorId",
	],
	authors: ["id", "name", "email", "passwordHash"],
	tags: ["id", "name"],
	postTags: ["postId", "tagId"],
};
/** Relations of each entity, dotted paths among them. */
const RELATIONS: Readonly<Record<string, readonly string[]>> = {
	posts: ["author", "tags", "postTags"],
	authors: ["posts"],
	tags: ["posts", "postTags"],
	postTags: ["post", "tag"],
};
const DOTTED: Readonly<Record<string, readonly string[]>> = {
	posts: ["author.name", "author.passwordHash", "tags.name", "author.posts.id"],
	postTags: ["post.title", "tag.name", "post.author.email"],
};
const OPERATORS = [
	"$eq",
	"$ne",
	"$gt",
	"$lte",
	"$in",
	"$notin",
	"$between",
	"$isnull",
	"$like",
	"$ilike",
	"$contains",
	"$startsWith",
	"$endsWith",
];

const value = fc.oneof(
	{ weight: 3, arbitrary: text.map((item) => JSON.stringify(item)) },
	{ weight: 2, arbitrary: number },
	{
		weight: 1,
		arbitrary: fc.constantFrom("null", "true", "false", "[]", "{}", "[1,2]", '["a","b"]'),
	},
	{ weight: 1, arbitrary: json },
);

function object(keys: fc.Arbitrary<string>, values: fc.Arbitrary<string>): fc.Arbitrary<string> {
	return fc
		.array(fc.tuple(keys, values), { maxLength: 4 })
		.map(
			(entries) => `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${item}`).join(",")}}`,
		);
}

/** What an entity's data, and its filters, may look like. */
function shapesOf(entity: string): { data: fc.Arbitrary<string>; where: fc.Arbitrary<string> } {
	const field = fc.oneof(
		{ weight: 20, arbitrary: fc.constantFrom(...(FIELDS[entity] ?? [])) },
		{ weight: 4, arbitrary: fc.constantFrom(...(DOTTED[entity] ?? ["posts.title"])) },
		name,
	);
	const comparison = object(fc.constantFrom(...OPERATORS), value);
	const where = fc.letrec<{ where: string }>((tie) => ({
		where: fc.oneof(
			{ depthSize: "small" },
			object(field, fc.oneof(value, comparison)),
			fc
				.tuple(fc.constantFrom("$and", "$or", "$not"), fc.array(tie("where"), { maxLength: 3 }))
				.map(
					([key, parts]) =>
						`{"${key}":${key === "$not" ? (parts[0] ?? "{}") : `[${parts.join(",")}]`}}`,
				),
		),
	})).where;
	const change = object(fc.constantFrom("$create", "$set", "$attach", "$detach"), value);
	const written = fc.oneof(
		{ weight: 4, arbitrary: object(field, value) },
		object(fc.oneof(field, relationOf(entity)), fc.oneof(value, change)),
	);
	return { data: written, where };
}

function relationOf(entity: string): fc.Arbitrary<string> {
	return fc.oneof({ weight: 10, arbitrary: fc.constantFrom(...(RELATIONS[entity] ?? [])) }, name);
}

/** Queries with related rows, joins and pages, as the URL says them. */
function relatedOf(entity: string, where: fc.Arbitrary<string>): fc.Arbitrary<string> {
	const relation = relationOf(entity);
	const nested = object(
		fc.constantFrom("where", "select", "sort", "limit", "with", "cursor"),
		fc.oneof(value, where),
	);
	const pairs = fc.oneof(
		relation.map((one) => ["with", one] as const),
		object(relation, nested).map((text) => ["with", text] as const),
		relation.map((one) => ["join", one] as const),
		fc.oneof(fc.base64String({ maxLength: 60 }), text).map((one) => ["cursor", one] as const),
		where.map((text) => ["where", text] as const),
	);
	return fc
		.array(pairs, { minLength: 1, maxLength: 3 })
		.map((all) => `?${all.map(([key, item]) => `${key}=${encode(item)}`).join("&")}`);
}

interface Target {
	readonly method: string;
	readonly path: string;
	readonly body: string | undefined;
}

const id = fc.oneof(fc.constantFrom("1", "2", "3", "ada", "99"), text, number);

/** Requests that meet one of the routes. */
const served: fc.Arbitrary<Target> = fc.constantFrom(...Object.keys(FIELDS)).chain((entity) => {
	const base = `/api/data/entity/${entity}`;
	const { data, where } = shapesOf(entity);
	const search = fc.oneof(
		where.map((text) => `?where=${encode(text)}`),
		query.map((text) => `?${text}`),
		relatedOf(entity, where),
	);
	const reference = fc
		.tuple(id, relationOf(entity), fc.oneof(fc.constant(""), search))
		.map(([row, relation, tail]) => `/${encode(row)}/${encode(relation)}${tail}`);
	const target = (
		method: string,
		tail: fc.Arbitrary<string>,
		content: fc.Arbitrary<string | undefined>,
	) =>
		fc.record({
			method: fc.constant(method),
			path: tail.map((text) => base + text),
			body: content,
		});
	const one = id.map((text) => `/${encode(text)}`);
	const whole = fc.constant("");
	const none = fc.constant(undefined);
	return fc.oneof(
		target("GET", search, none),
		target("GET", one, none),
		target("GET", reference, none),
		target(
			"POST",
			fc.constant("/query"),
			fc.oneof(
				where.map((text) => `{"where":${text}}`),
				body,
			),
		),
		target("POST", fc.constantFrom("/fn/count", "/fn/exists"), where),
		target(
			"POST",
			whole,
			fc.oneof(
				data,
				fc.array(data, { maxLength: 3 }).map((rows) => `[${rows.join()}]`),
				body,
			),
		),
		target("PATCH", one, fc.oneof(data, body)),
		target(
			"PATCH",
			whole,
			fc.tuple(data, where).map(([update, text]) => `{"update":${update},"where":${text}}`),
		),
		target("DELETE", one, none),
		target("DELETE", whole, fc.oneof(where, body)),
	);
});

const anything: fc.Arbitrary<Target> = fc.record({
	method: fc.constantFrom("GET", "POST", "PATCH", "DELETE", "PUT", "HEAD", "OPTIONS", "QUERY"),
	path: fc
		.tuple(
			fc.constantFrom("/api/data/entity/posts", "/api/data/entity", "/api", ""),
			fc.array(segment, { maxLength: 3 }),
			query,
		)
		.map(([base, segments, search]) => {
			const raw = `${base}${segments.map((part) => `/${encode(part)}`).join("")}`;
			return `${raw === "" ? "/" : raw}${search === "" ? "" : `?${search}`}`;
		}),
	body,
});

const headers = fc.record(
	{
		accept: fc.constantFrom("application/json", "*/*", "text/html", ""),
		"content-type": fc.constantFrom(
			"application/json",
			"text/plain",
			"multipart/form-data",
			"application/x-www-form-urlencoded",
			"x/y; charset=utf-16",
		),
		authorization: fc.constantFrom(
			"Bearer x",
			"Bearer ",
			"Basic eDp5",
			"Bearer x y",
			"x".repeat(500),
		),
		"x-request-id": fc.constantFrom("abc-1", "a b", "<script>", "x".repeat(500), ""),
		traceparent: fc.constantFrom(
			"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
			"ff-1-2-3",
			"00-0-0-0",
			"x".repeat(200),
		),
		origin: fc.constantFrom("https://evil.example", "null", ""),
		"access-control-request-method": fc.constantFrom("DELETE", "x"),
	},
	{ requiredKeys: [] },
);

/** Requests of every shape: most of them bad, some of them good. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc
	.tuple(
		fc.oneof({ weight: 5, arbitrary: served }, { weight: 1, arbitrary: anything }),
		headers as fc.Arbitrary<Record<string, string>>,
	)
	.map(([target, given]) => ({ ...target, headers: given }));

/** Percent-encodes what a URL needs encoded; lone surrogates can't be, and become U+FFFD. */
function encode(value: string): string {
	return encodeURIComponent(value.toWellFormed());
}
