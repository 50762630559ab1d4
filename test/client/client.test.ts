import { describe, expect, onTestFinished, test } from "vitest";
import { createClient, type ClientOptions } from "../../src/client/index.ts";
import type { Config } from "../../src/app/config.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { serve } from "../../src/runtime/node/serve.ts";
import { AppError } from "../../src/kernel/error.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import * as schema from "../support/library-schema.ts";
import { testApp } from "../support/test-app.ts";

const CONFIG: Config = {
	connection: { url: ":memory:" },
	schema,
	entities: { authors: { hidden: ["passwordHash"] } },
	async seed({ em }) {
		await em.mutator(schema.authors).insertMany([
			{ id: "ada", name: "Ada", bornAt: new Date(0), passwordHash: "hash-of-ada" },
			{ id: "bob/&?", name: "Bob", leaderId: "ada" },
		]);
		await em.mutator(schema.books).insertMany([
			{ title: "One", authorId: "ada", state: "live", pages: 10, sold: 10n },
			{ title: "Two", authorId: "ada", pages: 20, editorId: "bob/&?" },
			{ title: "Three", authorId: "bob/&?", pages: 30 },
		]);
		await em.mutator(schema.reviews).insertMany([
			{ bookId: 1, body: "Good.", stars: 5 },
			{ bookId: 1, body: "Bad.", stars: 1 },
			{ bookId: 2, body: "Fair.", stars: 3 },
		]);
	},
};

/** A client of an app of its own, the requests that it has sent, and the app. */
async function inProcess(options: Partial<ClientOptions> = {}, config: Config = {}) {
	const { app } = await testApp({ ...CONFIG, ...config });
	const sent: Request[] = [];
	const client = createClient<typeof schema>({
		url: "http://localhost",
		fetch: (request) => {
			sent.push(request.clone());
			return app.fetch(request);
		},
		...options,
	});
	return { app, client, sent };
}

/** A client of a served app. */
async function overSocket() {
	const server = await serve(CONFIG, { port: 0, logger: silentLogger });
	onTestFinished(async () => void (await server.close()));
	return createClient<typeof schema>({ url: server.url });
}

/** What a call rejects with. */
async function refusal(call: Promise<unknown>): Promise<unknown> {
	return call.then(
		() => expect.fail("It was not refused."),
		(error: unknown) => error,
	);
}

describe.each([
	["in process", async () => (await inProcess()).client],
	["over a socket", overSocket],
])("a client %s", (_, connect) => {
	test("reads lists, with everything that a query can say", async () => {
		const { books } = await connect();
		expect(await books.findMany({ select: ["id"], limit: 2 })).toEqual({
			data: [{ id: 1 }, { id: 2 }],
			meta: { items: 2, limit: 2, offset: 0 },
		});
		const some = await books.findMany({
			select: ["id", "title"],
			where: { pages: { $gte: 10 }, $or: [{ title: "One" }, { title: { $contains: "e" } }] },
			sort: ["-pages", { by: "id", dir: "asc" }],
			limit: 1,
			offset: 1,
			count: true,
			total: true,
		});
		expect(some).toEqual({
			data: [{ id: 1, title: "One" }],
			meta: { items: 1, limit: 1, offset: 1, count: 2, total: 3 },
		});
	});

	test("filters by values in every form", async () => {
		const { authors, books } = await connect();
		const ids = async (where: Parameters<typeof books.count>[0] & object) =>
			(await books.findMany({ where, select: ["id"] })).data.map(({ id }) => id);
		expect(await ids({ sold: 10n })).toEqual([1]);
		expect(await ids({ sold: { $in: ["10", 11, 12n] } })).toEqual([1]);
		expect(await ids({ authorId: "bob/&?" })).toEqual([3]);
		expect(await ids({ title: { $like: "%o%" } })).toEqual([2]);
		expect(await ids({ editorId: null })).toEqual([1, 3]);
		const born = await authors.findMany({ where: { bornAt: { $lte: new Date(0) } } });
		expect(born.data).toEqual([
			{ id: "ada", name: "Ada", bornAt: "1970-01-01T00:00:00.000Z", leaderId: null },
		]);
	});

	test("reads one row, by an id of any characters", async () => {
		const { authors } = await connect();
		const { data } = await authors.findOne("bob/&?", { select: ["name"] });
		expect(data).toEqual({ name: "Bob" });
	});

	test("counts", async () => {
		const { books } = await connect();
		expect(await books.count()).toEqual({ entity: "books", count: 3 });
		expect(await books.count({ pages: { $gt: 10 } })).toMatchObject({ count: 2 });
		expect(await books.exists({ pages: 11 })).toEqual({ entity: "books", exists: false });
		expect(await books.exists()).toMatchObject({ exists: true });
	});

	test("writes rows, with values in every form", async () => {
		const { books } = await connect();
		const made = await books.insertOne({
			title: "Four",
			authorId: "ada",
			price: 1.5,
			sold: 2n ** 62n,
			isbn: 9_780_000_000_000n,
			pinned: true,
			printedAt: new Date(1),
			extra: { shelf: "A" },
			cover: new Uint8Array([0, 255, 128]),
		});
		expect(made).toMatchObject({
			data: {
				id: 4,
				price: "1.5",
				sold: String(2n ** 62n),
				isbn: "9780000000000",
				pinned: true,
				printedAt: "1970-01-01T00:00:00.001Z",
				extra: { shelf: "A" },
				cover: "AP+A",
			},
			meta: { items: 1 },
		});
		const more = await books.insertMany([
			{ title: "Five", authorId: "ada", cover: Buffer.from([1]) },
			{ title: "Six", authorId: "ada" },
		]);
		expect(more.data).toMatchObject([
			{ id: 5, title: "Five", cover: "AQ==" },
			{ id: 6, title: "Six" },
		]);
	});

	test("changes and deletes rows", async () => {
		const { books, reviews } = await connect();
		const one = await books.updateOne(1, { title: "First", rating: null });
		expect(one.data).toMatchObject({ id: 1, title: "First", rating: null });
		const several = await books.updateWhere({ pages: 5 }, { pages: { $gt: 10 } });
		expect(several.data.map(({ id, pages }) => [id, pages])).toEqual([
			[2, 5],
			[3, 5],
		]);
		expect((await reviews.deleteOne(3)).data).toMatchObject({ id: 3, body: "Fair." });
		expect((await reviews.deleteWhere({ stars: { $in: [1, 5] } })).data).toHaveLength(2);
		expect(await reviews.count()).toMatchObject({ count: 0 });
	});

	test("rejects with what the server says", async () => {
		const { books } = await connect();
		const missing = await refusal(books.findOne(99));
		expect(missing).toMatchObject({ name: "ProblemError", status: 404, code: "not_found" });
		const taken = await refusal(books.insertOne({ title: "x", authorId: "nobody" }));
		expect(taken).toMatchObject({ status: 409, code: "bad_reference" });
		const wrong = await refusal(books.insertMany([{ title: 1 as never, authorId: "ada" }]));
		expect(wrong).toMatchObject({
			status: 422,
			code: "invalid_data",
			errors: [{ path: "[0].title", code: "type" }],
			traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
		});
		expect(String(wrong)).toMatch(/^ProblemError: .*title/);
	});
});

describe("relations", () => {
	test("are read along, each with a query of its own", async () => {
		const { client } = await inProcess();
		const { data } = await client.books.findMany({
			select: ["id"],
			with: {
				author: { select: ["name"], with: { leader: { select: ["name"] } } },
				editor: { select: ["id"] },
				reviews: { select: ["body"], where: { stars: { $gt: 1 } }, sort: "-id", limit: 1 },
			},
			limit: 2,
		});
		expect(data).toEqual([
			{ id: 1, author: { name: "Ada", leader: null }, editor: null, reviews: [{ body: "Good." }] },
			{
				id: 2,
				author: { name: "Ada", leader: null },
				editor: { id: "bob/&?" },
				reviews: [{ body: "Fair." }],
			},
		]);
		const one = await client.books.findOne(3, { select: ["id"], with: { author: true } });
		expect(one.data).toMatchObject({ id: 3, author: { id: "bob/&?", name: "Bob" } });
		const named = await client.books.findOne(1, { select: ["id"], with: ["reviews", "editor"] });
		expect(named.data).toMatchObject({ id: 1, reviews: [{ id: 1 }, { id: 2 }], editor: null });
	});

	test("filter, dotted and joined", async () => {
		const { client } = await inProcess();
		const { data } = await client.books.findMany({
			select: ["id"],
			join: ["reviews"],
			where: { "author.name": "Ada", "reviews.stars": { $lt: 4 } },
		});
		expect(data).toEqual([{ id: 1 }, { id: 2 }]);
		const led = await client.books.findMany({
			select: ["id"],
			where: { "author.leader.name": "Ada" },
		});
		expect(led.data).toEqual([{ id: 3 }]);
	});

	test("have their rows below a row", async () => {
		const { client } = await inProcess();
		const { data } = await client.authors.related("ada", "written", {
			select: ["id"],
			sort: "-id",
			with: { reviews: { select: ["id"] } },
		});
		expect(data).toEqual([
			{ id: 2, reviews: [{ id: 3 }] },
			{ id: 1, reviews: [{ id: 1 }, { id: 2 }] },
		]);
	});

	test("are written along", async () => {
		const { client } = await inProcess();
		const { data } = await client.books.insertOne({
			title: "Four",
			author: { $create: { id: "eve", name: "Eve" } },
			reviews: { $create: [{ body: "New." }] },
		});
		expect(data).toMatchObject({ authorId: "eve" });
		await client.books.updateOne(data.id, { author: { $set: { id: "ada" } } });
		const after = await client.books.findOne(data.id, { select: ["authorId"], with: ["reviews"] });
		expect(after.data).toMatchObject({ authorId: "ada", reviews: [{ body: "New." }] });
	});
});

describe("pages", () => {
	test("come one after the other, until the last", async () => {
		const { client, sent } = await inProcess();
		const pages: number[][] = [];
		for await (const { data } of client.books.pages({ select: ["id"], sort: "-pages", limit: 2 })) {
			pages.push(data.map(({ id }) => id));
		}
		expect(pages).toEqual([[3, 2], [1]]);
		expect(sent).toHaveLength(2);
	});

	test("go on where a cursor says", async () => {
		const { client } = await inProcess();
		const first = await client.books.findMany({ select: ["id"], limit: 1, cursor: "" });
		const cursor = first.meta.cursor ?? expect.fail("There is no cursor.");
		const rest: number[] = [];
		for await (const { data } of client.books.pages({ select: ["id"], limit: 1, cursor })) {
			rest.push(...data.map(({ id }) => id));
		}
		expect(rest).toEqual([2, 3]);
	});
});

describe("a version", () => {
	test("that is no longer the row's refuses the update", async () => {
		const { client } = await inProcess();
		const { data } = await client.books.updateOne(1, { pages: 11 }, { ifMatch: 1 });
		expect(data.version).toBe(2);
		const late = await refusal(client.books.updateOne(1, { pages: 12 }, { ifMatch: '"1"' }));
		expect(late).toMatchObject({ status: 412 });
		expect((await client.books.findOne(1)).data.pages).toBe(11);
	});
});

describe("requests", () => {
	test("of long queries have a body", async () => {
		const { client, sent } = await inProcess();
		const list = Array.from({ length: 500 }, (_, index) => index + 2);
		const query = { select: ["id"], where: { id: { $in: list } }, limit: 1 } as const;
		const { data, meta } = await client.books.findMany(query);
		expect([data, meta]).toEqual([[{ id: 2 }], { items: 1, limit: 1, offset: 0 }]);
		expect(sent[0]).toMatchObject({ method: "POST" });
		expect(new URL(sent[0]?.url ?? "").pathname).toBe("/api/data/entity/books/query");
	});

	test.each(["", ".", ".."])("are not sent for an id that no URL can carry: %j", async (id) => {
		const { client, sent } = await inProcess();
		expect(await refusal(client.authors.deleteOne(id))).toBeInstanceOf(RangeError);
		expect(await refusal(client.authors.related(id, "written"))).toBeInstanceOf(RangeError);
		expect(sent).toEqual([]);
	});

	test("carry the token, the client's headers, and those of the call", async () => {
		const tokens = ["one", undefined];
		const { client, sent } = await inProcess({
			token: async () => tokens.shift(),
			headers: { "x-a": "client", "x-b": "client" },
		});
		await client.books.count({}, { headers: { "x-b": "call" } });
		await client.books.deleteOne(3);
		const headers = sent.map((request) => Object.fromEntries(request.headers));
		expect(headers).toEqual([
			{
				accept: "application/json",
				authorization: "Bearer one",
				"content-type": "application/json",
				"x-a": "client",
				"x-b": "call",
			},
			{ accept: "application/json", "x-a": "client", "x-b": "client" },
		]);
	});

	test.each(["/v1", "v1", "/v1/"])(
		"go to the base path, whatever its slashes: %s",
		async (path) => {
			const config = { server: { basePath: "/v1" } };
			const { client } = await inProcess({ url: "http://localhost/", basePath: path }, config);
			expect(await client.books.count()).toMatchObject({ count: 3 });
		},
	);

	test.each(["localhost:1337", "example.com", "ftp://example.com"])(
		"are not made for what is no URL of a server: %s",
		(url) => {
			const make = () => createClient({ url });
			expect(make).toThrow(`${url} does not begin with http:// or https://.`);
		},
	);

	test("are sent by the platform's fetch when no other is given", async () => {
		const { books } = await overSocket();
		expect(await books.count({}, { signal: AbortSignal.timeout(60_000) })).toMatchObject({
			count: 3,
		});
	});
});

describe("a client", () => {
	test("is no promise, and can be printed", async () => {
		const { client } = await inProcess();
		expect(await Promise.resolve(client)).toBe(client);
		expect(Object.prototype.toString.call(client)).toBe("[object Object]");
		expect(client.books).toBe(client.books);
	});
});

describe("failures", () => {
	test("of the network are told from those of the server", async () => {
		const cause = new TypeError("fetch failed");
		const { client } = await inProcess({ fetch: () => Promise.reject(cause) });
		const error = await refusal(client.books.count());
		expect(error).toMatchObject({ name: "NetworkError", cause });
		expect(String(error)).toBe("NetworkError: POST books/fn/count got no answer: fetch failed");
	});

	test("of a connection that breaks in the middle of an answer are the network's", async () => {
		const body = new ReadableStream({ pull: (controller) => controller.error(new Error("reset")) });
		const { client } = await inProcess({ fetch: () => new Response(body) });
		expect(await refusal(client.books.count())).toMatchObject({ name: "NetworkError" });
	});

	test("of somebody between have a status, and no problem", async () => {
		const fetch = () => new Response("<h1>Bad Gateway</h1>", { status: 502 });
		const { client } = await inProcess({ fetch });
		expect(await refusal(client.books.findMany())).toMatchObject({
			name: "ProblemError",
			status: 502,
			code: "http_error",
			errors: [],
			traceId: undefined,
			message: "The server answered 502.",
		});
	});

	test("of a URL that leads elsewhere say so", async () => {
		const { client } = await inProcess({ fetch: () => new Response("<h1>Hello</h1>") });
		expect(await refusal(client.books.findMany())).toMatchObject({
			status: 200,
			code: "not_json",
			message: expect.stringContaining("Is the url a Burdock server's?"),
		});
	});

	test("of a signal reject with its reason", async () => {
		const { client } = await inProcess({
			fetch: (request) =>
				new Promise((_, reject) => {
					request.signal.addEventListener("abort", () => reject(request.signal.reason as Error));
				}),
		});
		const stop = new AbortController();
		const call = refusal(client.books.findMany({}, { signal: stop.signal }));
		const reason = new Error("not wanted any more");
		stop.abort(reason);
		expect(await call).toBe(reason);
		const late = await refusal(client.books.findMany({}, { signal: AbortSignal.timeout(1) }));
		expect(late).toMatchObject({ name: "TimeoutError" });
	});

	test("of a listener arrive with its own code and details", async () => {
		const { app, client } = await inProcess();
		const refuse = (): never => {
			throw new AppError("conflict", "It is on loan.", { code: "on_loan", details: { until: 5 } });
		};
		app.emgr.onEvent(DatabaseEvents.MutatorDeleteBefore, refuse, { mode: "sync" });
		expect(await refusal(client.books.deleteOne(1))).toMatchObject({
			status: 409,
			code: "on_loan",
			message: "It is on loan.",
			details: { until: 5 },
		});
	});
});

describe("an overloaded server", () => {
	const busy = (status: number, after?: string) =>
		new Response("{}", { status, headers: after === undefined ? {} : { "retry-after": after } });

	/** A client whose server answers as told, then with a count of 7, and how often it was asked. */
	function overloaded(retries: number, ...first: readonly Response[]) {
		const queue = [...first];
		const asked: Request[] = [];
		const client = createClient<typeof schema>({
			url: "http://localhost",
			retries,
			fetch: (request) => {
				asked.push(request);
				return queue.shift() ?? Response.json({ entity: "books", count: 7, data: [], meta: {} });
			},
		});
		return { client, asked };
	}

	test.each([503, 429])("that answers %i is asked again as often as wanted", async (status) => {
		const { client, asked } = overloaded(2, busy(status, "0"), busy(status, "0"));
		expect(await client.books.count()).toMatchObject({ count: 7 });
		expect(asked).toHaveLength(3);
	});

	test("names the time to wait as a date, too", async () => {
		const { client, asked } = overloaded(1, busy(503, new Date(0).toUTCString()));
		expect(await client.books.count()).toMatchObject({ count: 7 });
		expect(asked).toHaveLength(2);
	});

	test.each([
		["by default", 0, busy(503, "0")],
		["when it names no time", 3, busy(503)],
		["when it names no time that can be read", 3, busy(503, "soon")],
		["for other statuses", 3, busy(500, "0")],
	])("is not asked again %s", async (_, retries, answer) => {
		const { client, asked } = overloaded(retries, answer);
		await refusal(client.books.findMany());
		expect(asked).toHaveLength(1);
	});

	test("is never sent a write twice", async () => {
		const { client, asked } = overloaded(3, busy(503, "0"), busy(503, "0"), busy(503, "0"));
		await refusal(client.books.insertOne({ title: "x", authorId: "ada" }));
		await refusal(client.books.updateOne(1, {}));
		await refusal(client.books.deleteWhere({ id: 1 }));
		expect(asked).toHaveLength(3);
	});

	test("is waited for no longer than the signal lets", async () => {
		const { client, asked } = overloaded(3, busy(503, "3600"));
		const stop = new AbortController();
		const call = refusal(client.books.count({}, { signal: stop.signal }));
		const reason = new Error("enough");
		stop.abort(reason);
		expect(await call).toBe(reason);
		expect(asked.length).toBeLessThan(2);
	});
});

test("a filter with an undefined test is not sent: it would hold for more rows than was meant", async () => {
	const { client, sent } = await inProcess();
	const id = undefined as unknown as number;
	const refused = async (call: Promise<unknown>, path: string) => {
		const message = `${path} is undefined: leave it out, or write null.`;
		await expect(call).rejects.toThrow(new TypeError(message));
	};
	await refused(client.books.deleteWhere({ state: "live", id }), "where.id");
	await refused(client.books.updateWhere({ pages: 1 }, { id: { $gt: id } }), "where.id.$gt");
	await refused(client.books.count({ $or: [{ id: 1 }, { id }] }), "where.$or.1.id");
	await refused(client.books.exists({ $not: { id } }), "where.$not.id");
	await refused(client.books.findMany({ where: { id } }), "where.id");
	await refused(client.books.findMany({ with: { reviews: { where: { id } } } }), "where.id");
	expect(sent).toEqual([]);
});
