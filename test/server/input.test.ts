import { describe, expect, test } from "vitest";
import {
	readBodyQuery,
	readJson,
	readListQuery,
	readOneQuery,
	readOptionalJson,
} from "../../src/server/input.ts";

const LIMIT = 100;

function post(body: string | ReadableStream | null, headers: Record<string, string> = {}): Request {
	const streamed = body instanceof ReadableStream ? { duplex: "half" as const } : {};
	return new Request("http://localhost/", { method: "POST", body, headers, ...streamed });
}

function streamOf(
	...chunks: readonly Uint8Array[]
): ReadableStream<Uint8Array> & { pulled(): number } {
	let pulled = 0;
	const stream = new ReadableStream<Uint8Array>(
		{
			pull(controller) {
				const chunk = chunks[pulled++];
				if (chunk) controller.enqueue(chunk);
				else controller.close();
			},
		},
		{ highWaterMark: 0 },
	);
	return Object.assign(stream, { pulled: () => pulled });
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("readJson", () => {
	test("needs no Content-Type and no Content-Length", async () => {
		expect(await readJson(post(streamOf(bytes('{"a":'), bytes("1}"))), LIMIT)).toEqual({ a: 1 });
	});

	test("takes any Content-Type", async () => {
		expect(await readJson(post("[1]", { "content-type": "text/plain" }), LIMIT)).toEqual([1]);
	});

	test("puts together a character that two chunks share", async () => {
		const text = bytes('"ü"');
		expect(await readJson(post(streamOf(text.slice(0, 2), text.slice(2))), LIMIT)).toBe("ü");
	});

	test("takes a body of exactly the limit", async () => {
		const body = `"${"x".repeat(LIMIT - 2)}"`;
		expect(await readJson(post(body), LIMIT)).toHaveLength(LIMIT - 2);
		expect(await readJson(post(streamOf(bytes(body))), LIMIT)).toHaveLength(LIMIT - 2);
	});

	test("refuses by Content-Length before any of the body is read", async () => {
		const stream = streamOf(bytes('"x"'));
		const request = post(stream, { "content-length": String(LIMIT + 1) });
		await expect(readJson(request, LIMIT)).rejects.toMatchObject({
			code: "body_too_large",
			kind: "too_large",
		});
		expect(stream.pulled()).toBe(0);
	});

	test("stops reading a body without Content-Length once it is over the limit", async () => {
		const stream = streamOf(...Array.from({ length: 50 }, () => bytes("x".repeat(40))));
		await expect(readJson(post(stream), LIMIT)).rejects.toMatchObject({ code: "body_too_large" });
		expect(stream.pulled()).toBeLessThan(6);
	});

	test.for(["10", "0", "-1", "abc", "1e1"])(
		"is not fooled by the Content-Length %s",
		async (length) => {
			const request = post(streamOf(bytes(`"${"x".repeat(500)}"`)), { "content-length": length });
			await expect(readJson(request, LIMIT)).rejects.toMatchObject({ code: "body_too_large" });
		},
	);

	test("calls a body that breaks off malformed, with the reason as its cause", async () => {
		const reason = new Error("aborted");
		for (const headers of [{}, { "content-length": "10" }]) {
			const broken = new ReadableStream({ pull: (controller) => controller.error(reason) });
			const request = post(broken, headers);
			await expect(readJson(request, LIMIT)).rejects.toMatchObject({
				code: "body_unreadable",
				kind: "malformed",
				cause: reason,
			});
		}
	});

	test("says that somebody has read the body already", async () => {
		const request = post("{}");
		await request.text();
		await expect(readJson(request, LIMIT)).rejects.toMatchObject({
			code: "body_used",
			kind: "internal",
		});
	});

	test("refuses what is not JSON, and nothing at all", async () => {
		await expect(readJson(post("{a:1}"), LIMIT)).rejects.toMatchObject({ code: "bad_json" });
		await expect(readJson(post(null), LIMIT)).rejects.toMatchObject({ code: "no_body" });
		await expect(readJson(post(""), LIMIT)).rejects.toMatchObject({ code: "no_body" });
	});

	test("an optional body may be missing", async () => {
		expect(await readOptionalJson(post(null), LIMIT)).toBeUndefined();
	});
});

describe("readListQuery", () => {
	const read = (query: string) => readListQuery(`http://localhost/x${query}`);

	test("takes nothing for nothing", () => {
		expect(read("")).toEqual({});
		expect(read("?")).toEqual({});
	});

	test("takes lists as repeated keys, comma lists and JSON", () => {
		expect(read('?select=a&select=b,c&select=["d"]')).toEqual({ select: ["a", "b", "c", "d"] });
		expect(read("?sort=-a&sort=b")).toEqual({ sort: "-a,b" });
		expect(read('?sort={"by":"a","dir":"desc"}')).toEqual({ sort: { by: "a", dir: "desc" } });
	});

	test("takes numbers and flags", () => {
		expect(read("?limit=5&offset=10&count=true&total=1")).toEqual({
			limit: 5,
			offset: 10,
			count: true,
			total: true,
		});
		expect(read("?count=false&total=0")).toEqual({ count: false, total: false });
	});

	test("leaves a limit that is no number for the query to refuse", () => {
		expect(read("?limit=-1")).toEqual({ limit: "-1" });
	});

	test("tells all faults", () => {
		expect(() => read("?where={&wehre=1&count=2")).toThrow(
			expect.objectContaining({
				code: "bad_parameters",
				errors: [
					{ path: "where", message: "Expected JSON.", code: "json" },
					{
						path: "wehre",
						message: "There is no such parameter. Did you mean where?",
						code: "unknown_parameter",
					},
					{ path: "count", message: "Expected true or false.", code: "type" },
				],
			}),
		);
	});

	test("lists at most a hundred of them", () => {
		const many = Array.from({ length: 1000 }, (_, at) => `where${at}`);
		const listed = {
			code: "bad_parameters",
			errors: expect.toSatisfy((errors: unknown[]) => errors.length === 100),
		};
		const url = `?${many.map((name) => `${name}=1`).join("&")}`;
		expect(() => read(url)).toThrow(expect.objectContaining(listed));
		const body = Object.fromEntries(many.map((name) => [name, 1]));
		expect(() => readBodyQuery(body)).toThrow(expect.objectContaining(listed));
	});

	test("a read by id takes select only", () => {
		expect(readOneQuery("http://localhost/x?select=a")).toEqual({ select: ["a"] });
		expect(() => readOneQuery("http://localhost/x?where={}")).toThrow(
			expect.objectContaining({ code: "bad_parameters" }),
		);
	});
});

describe("readBodyQuery", () => {
	test.for([null, 1, "x", []])("refuses %j", (body) => {
		expect(() => readBodyQuery(body)).toThrow(expect.objectContaining({ code: "bad_parameters" }));
	});

	test("takes a query as it is", () => {
		const query = { where: { a: 1 }, limit: 1, count: true };
		expect(readBodyQuery(query)).toBe(query);
	});
});
