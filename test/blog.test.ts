import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { startBlog, type RunningBlog } from "./support/blog-process.ts";
import { FreshClone } from "./support/fresh-clone.ts";

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
			["media", 4],
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

	describe("files", () => {
		const SIZE = { coverWidth: 960, coverHeight: 540 };
		const NO_SIZE = { coverWidth: null, coverHeight: null };
		const picture = readFileSync("blog/covers/dog.webp");
		let postId: number;

		beforeAll(async () => {
			const post = { title: "A Post to Be Covered", body: "Soon.", authorId: 1 };
			postId = (await send("POST", "posts", post)).data["id"] as number;
		});

		function stored(): readonly string[] {
			const folder = join(blog.directory, ".burdock/media");
			const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
			return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
		}

		async function upload(path: string, body: string | Uint8Array<ArrayBuffer>) {
			const response = await fetch(`${blog.url}/api/media/${path}`, { method: "POST", body });
			return { status: response.status, answer: (await response.json()) as Json };
		}

		async function newImage(path: string, width: number): Promise<Json> {
			const { default: sharp } = await import("sharp");
			const image = sharp({ create: { width, height: 30, channels: 3, background: "#77883f" } });
			const { status, answer } = await upload(path, new Uint8Array(await image.png().toBuffer()));
			expect(status).toBe(201);
			return answer["data"] as Json;
		}

		test("are the covers of posts, whose size the posts know", async () => {
			const { data } = await send("GET", "posts?with=cover&select=coverWidth,coverHeight&limit=1");
			const [post] = data as unknown as readonly Json[];
			expect(post).toMatchObject({ ...SIZE, cover: { key: "burr.webp", type: "image/webp" } });
			const sent = await fetch(`${blog.url}/api/media/file/burr.webp`);
			expect(sent.headers.get("content-type")).toBe("image/webp");
			const bytes = new Uint8Array(await sent.arrayBuffer());
			expect(Buffer.compare(bytes, readFileSync("blog/covers/burr.webp"))).toBe(0);
		});

		test("are refused when they are no images, and nothing of them is kept", async () => {
			const before = stored();
			const { status, answer } = await upload("upload/burr.png", "No image, whatever its name.");
			expect(status).toBe(422);
			expect(answer["detail"]).toBe("This blog keeps images alone, and burr.png is text/plain.");
			expect(stored()).toEqual(before);
		});

		test("give a post their size when it names them, and take it away", async () => {
			const post = { title: "Born with a Cover", body: "As it is.", authorId: 1, coverId: 1 };
			const { data: born } = await send("POST", "posts", post);
			expect(born).toMatchObject({ coverId: 1, ...SIZE });
			const path = `posts/${String(born["id"])}`;
			const bare = await send("PATCH", path, { coverId: null });
			expect(bare.data).toMatchObject({ coverId: null, ...NO_SIZE });
			const covered = await send("PATCH", path, { coverId: 2 });
			expect(covered.data).toMatchObject({ coverId: 2, ...SIZE });
		});

		test("give a post their size when they come with it, in one write", async () => {
			const { status, answer } = await upload(`entity/posts/${postId}/cover`, picture);
			const { id, key } = answer["result"] as Json;
			expect(status).toBe(201);
			const { data } = await send("GET", `posts/${postId}`);
			expect(data).toMatchObject({ coverId: id, ...SIZE });
			await fetch(`${blog.url}/api/media/file/${String(key)}`, { method: "DELETE" });
			const after = await send("GET", `posts/${postId}`);
			expect(after.data).toMatchObject({ coverId: null, ...NO_SIZE });
			expect(await auditOf("media", id)).toEqual(["insert", "delete"]);
		});

		test("change the size of a post when another one takes their place", async () => {
			const { id: coverId } = await newImage("upload/replaced.png", 40);
			const { data } = await send("PATCH", `posts/${postId}`, { coverId });
			expect(data).toMatchObject({ coverWidth: 40, coverHeight: 30 });
			await newImage("upload/replaced.png?overwrite=true", 50);
			const after = await send("GET", `posts/${postId}`);
			expect(after.data).toMatchObject({ coverId, coverWidth: 50, coverHeight: 30 });
		});
	});

	test("counts events on a route of its own", async () => {
		const counts = (await (await fetch(`${blog.url}/hooks/stats`)).json()) as Json;
		expect(counts).toMatchObject({ "app-built": 1, "app-first-boot": 1 });
	});
});

test("a copy of the blog without its pictures is seeded, and says which are missing", async () => {
	const clone = new FreshClone();
	onTestFinished(() => clone.remove());
	rmSync(join(clone.folder, "blog/covers"), { recursive: true });
	const { code, output } = await clone.run("node dist/cli/main.js seed");
	expect(code, output).toBe(0);
	expect(output).toContain("A cover is missing: its article goes without.");
	expect(output).toMatch(/Seeded: .*\d+ posts/);
	expect(output).not.toContain("media");
});

test("a blog from before it had covers keeps its rows, and the numbers of those that are gone", () => {
	const [first = "", covers = ""] = ["0000_blog.sql", "0001_covers.sql"].map((name) =>
		readFileSync(join("blog/migrations", name), "utf8"),
	);
	const database = new DatabaseSync(":memory:");
	database.exec(`${first}
		insert into authors (name, email) values ('Ada', 'ada@example.org');
		insert into tags (name) values ('burrs');
		insert into posts (title, slug, body, author_id, created_at, updated_at)
			values ('One', 'one', '', 1, 1, 1), ('Two', 'two', '', 1, 1, 1);
		insert into posts_tags (post_id, tag_id) values (1, 1), (2, 1);
		insert into comments (post_id, author, body, created_at) values (1, 'Sam', 'Yes.', 1), (2, 'Sam', 'No.', 1);
		delete from posts where id = 2`);
	const tables = ["posts", "posts_tags", "comments", "sqlite_sequence"];
	const rows = () =>
		tables.map((name) => database.prepare(`select * from ${name} order by 1`).all());
	const before = rows();
	database.exec(`begin; ${covers}; commit`);
	expect(rows()).toMatchObject(before);
	expect(database.prepare("pragma foreign_key_check").all()).toEqual([]);
	database.close();
});
