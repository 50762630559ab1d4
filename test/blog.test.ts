import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startBlog, type RunningBlog } from "./support/blog-process.ts";

type Json = Record<string, unknown>;

describe("the sample blog", () => {
	let blog: RunningBlog;
	beforeAll(async () => {
		blog = await startBlog();
	});
	afterAll(() => blog.stop());

	async function send(method: string, path: string, body?: Json) {
		const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
		const response = await fetch(`${blog.url}/api/data/entity/${path}`, init);
		const { data } = (await response.json()) as { data: Json };
		return { status: response.status, headers: response.headers, data };
	}

	async function auditOf(entity: string, id: unknown): Promise<readonly unknown[]> {
		const where = JSON.stringify({ entity, entityId: String(id) });
		const { data } = await send(
			"GET",
			`audit?select=action&sort=id&where=${encodeURIComponent(where)}`,
		);
		return (data as unknown as readonly Json[]).map((row) => row["action"]);
	}

	test("has posts worth reading, with authors, tags and comments", async () => {
		for (const [entity, least] of [
			["posts", 20],
			["authors", 2],
			["tags", 5],
			["postsTags", 20],
			["comments", 20],
		] as const) {
			const response = await fetch(`${blog.url}/api/data/entity/${entity}/fn/count`, {
				method: "POST",
			});
			const { count } = (await response.json()) as { count: number };
			expect([entity, count >= least]).toEqual([entity, true]);
		}
	});

	test("makes the slug, counts the words anew at an update, and audits each change", async () => {
		const post = { title: "Hooks & Loops", body: "one two", authorId: 1 };
		const { status, headers, data } = await send("POST", "posts", post);
		expect([status, data["slug"], data["words"]]).toEqual([201, "hooks-loops", 2]);
		expect(headers.get("x-hooked-by")).toBe("bknd.config.ts");
		const updated = await send("PATCH", `posts/${String(data["id"])}`, { body: "one two three" });
		expect(updated.data["words"]).toBe(3);
		expect((await send("DELETE", `posts/${String(data["id"])}`)).status).toBe(200);
		expect(await auditOf("posts", data["id"])).toEqual(["insert", "update", "delete"]);
	});

	test("stores no audit row for a change that was refused", async () => {
		expect((await send("PATCH", "posts/99999", { body: "x" })).status).toBe(404);
		expect(await auditOf("posts", 99_999)).toEqual([]);
		const rude = await send("POST", "comments", { postId: 1, author: "S", body: "www.a.example" });
		expect(rude.status).toBe(422);
	});

	test("tells the author of a comment after the response has left", async () => {
		const { status } = await send("POST", "comments", {
			postId: 1,
			author: "Sam",
			body: "My dog agrees.",
		});
		expect(status).toBe(201);
		await blog.logged("The author was told of a comment.");
		const told = blog.log.findIndex((line) => line.includes("The author was told"));
		const answered = blog.log.findLastIndex(
			(line, index) => index < told && line.includes('"path":"/api/data/entity/comments"'),
		);
		expect(blog.log[answered]).toContain('"status":201');
	});

	test("counts events on a route of its own", async () => {
		const counts = (await (await fetch(`${blog.url}/hooks/stats`)).json()) as Json;
		expect(counts).toMatchObject({ "app-built": 1, "app-first-boot": 1 });
	});
});
