import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startBlog, type RunningBlog } from "./support/blog-process.ts";
import {
	loadBkndApi,
	type BkndAnswer,
	type BkndApi,
	type BkndData,
} from "./support/bknd-client.ts";

const bknd = await loadBkndApi();
if (!bknd) console.warn("Skipped: the registry cannot be reached, so bknd's client is not there.");

const DRAFT = { title: "A draft of a burr", body: "Three words here.", authorId: 1 };

/** The rows of an answer; it must be a good one. */
function rowsOf(answer: BkndAnswer): readonly Readonly<Record<string, unknown>>[] {
	expect(answer.body.error).toBeUndefined();
	expect(answer.ok).toBe(true);
	return answer.data as readonly Readonly<Record<string, unknown>>[];
}

/** The row of an answer; it must be a good one. */
function rowOf(answer: BkndAnswer): Readonly<Record<string, unknown>> {
	return rowsOf(answer) as unknown as Readonly<Record<string, unknown>>;
}

test("bknd's client is no dependency of the package", () => {
	const manifest = readFileSync("package.json", "utf8");
	expect(manifest).not.toMatch(/"(?:bknd|react)"/);
	expect(readFileSync("compat/bknd/package-lock.json", "utf8")).not.toContain('"resolved"');
});

describe.skipIf(!bknd)("bknd's published client", () => {
	let blog: RunningBlog;
	let data: BkndData;
	let sent: Request[];

	beforeAll(() => void execFileSync(process.execPath, ["scripts/build.ts", "--js"]));
	beforeEach(async () => {
		blog = await startBlog();
		sent = [];
		const fetcher: typeof fetch = (input, init) => {
			const request = new Request(input, init);
			sent.push(request.clone());
			return fetch(request);
		};
		data = new (bknd as BkndApi)({ host: blog.url, fetcher }).data;
	});
	afterEach(() => blog.stop());

	test("reads many, with select, sort, limit and offset", async () => {
		const all = await data.readMany("posts");
		expect(rowsOf(all).map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		expect(all.body.meta).toMatchObject({ items: 10 });
		const some = await data.readMany("posts", {
			select: ["id", "status"],
			sort: { by: "id", dir: "desc" },
			limit: 2,
			offset: 1,
		});
		expect(rowsOf(some).map(Object.keys)).toEqual([
			["id", "status"],
			["id", "status"],
		]);
		expect(rowsOf(await data.readMany("posts", { sort: "-id", limit: 1 }))).toHaveLength(1);
	});

	test("reads many by every operator of its own", async () => {
		const ids = async (where: object) =>
			rowsOf(await data.readMany("posts", { where, select: ["id"] })).map(({ id }) => id);
		expect(await ids({ id: 3 })).toEqual([3]);
		expect(await ids({ id: { $eq: 3 } })).toEqual([3]);
		expect(await ids({ id: { $ne: 1, $lte: 3 } })).toEqual([2, 3]);
		expect(await ids({ id: { $gt: 1, $lt: 4 } })).toEqual([2, 3]);
		expect(await ids({ id: { $gte: 2, $lt: 4 } })).toEqual([2, 3]);
		expect(await ids({ id: { $in: [1, 5] } })).toEqual([1, 5]);
		expect(await ids({ id: { $notin: [1, 3], $lt: 5 } })).toEqual([2, 4]);
		expect(await ids({ id: { $between: [2, 4] } })).toEqual([2, 3, 4]);
		expect(await ids({ title: { $like: "The Burr That*" } })).toEqual([1]);
		expect(await ids({ slug: { $isnull: true } })).toEqual([]);
		expect(await ids({ slug: { $isnull: false }, id: { $lt: 3 } })).toEqual([1, 2]);
		expect(await ids({ $or: { id: 1, title: "nothing" } })).toEqual([1]);
		expect(await ids({ id: { $lt: 4 }, $or: { id: 1, words: -1 } })).toEqual([1]);
	});

	test("reads relations along, by name and by query", async () => {
		const named = await data.readMany("posts", { with: ["author", "tags"], limit: 1 });
		const tags = expect.arrayContaining([expect.objectContaining({ name: "burrs" })]) as unknown;
		const author = { id: expect.any(Number) as unknown };
		expect(rowsOf(named)).toMatchObject([{ id: 1, author, tags }]);
		const asked = await data.readMany("posts", {
			with: { comments: { limit: 1, select: ["id"] } },
			where: { id: 1 },
		});
		expect(rowsOf(asked)).toMatchObject([{ id: 1, comments: [{ id: expect.any(Number) }] }]);
	});

	test("filters by related rows", async () => {
		const where = { "author.id": 1 };
		const dotted = await data.readMany("posts", { where, select: ["authorId"] });
		expect(new Set(rowsOf(dotted).map(({ authorId }) => authorId))).toEqual(new Set([1]));
		const joined = await data.readMany("authors", { join: ["posts"], limit: 100 });
		expect(new Set(rowsOf(joined).map(({ id }) => id)).size).toBe(rowsOf(joined).length);
	});

	test("reads many by POST when the query is long", async () => {
		const list = Array.from({ length: 300 }, (_, index) => index + 2);
		const query = { where: { id: { $in: list } }, select: ["id"], limit: 1, sort: "-id" };
		expect(rowsOf(await data.readMany("posts", query))).toEqual([{ id: 27 }]);
		expect(sent).toMatchObject([{ method: "POST" }]);
		expect(new URL(sent[0]?.url ?? "").pathname).toBe("/api/data/entity/posts/query");
	});

	test("reads one", async () => {
		expect(rowOf(await data.readOne("posts", 2))).toMatchObject({ id: 2 });
		const narrow = await data.readOne("posts", 2, { select: ["id", "slug"] });
		expect(Object.keys(rowOf(narrow))).toEqual(["id", "slug"]);
		const along = await data.readOne("posts", 2, { with: ["author"] });
		expect(rowOf(along)).toMatchObject({ id: 2, author: { name: expect.any(String) } });
	});

	test("reads one by a filter", async () => {
		const { slug } = rowOf(await data.readOne("posts", 3));
		const found = await data.readOneBy("posts", { where: { slug } });
		expect(rowOf(found)).toMatchObject({ id: 3, slug });
	});

	test("reads many by reference", async () => {
		const comments = await data.readManyByReference("posts", 1, "comments", { limit: 2 });
		for (const row of rowsOf(comments)) expect(row).toMatchObject({ postId: 1 });
		const author = await data.readManyByReference("posts", 1, "author");
		expect(author.ok).toBe(true);
	});

	test("creates one and many", async () => {
		const one = await data.createOne("posts", DRAFT);
		expect(one.status).toBe(201);
		expect(rowOf(one)).toMatchObject({ id: 28, slug: "a-draft-of-a-burr", status: "draft" });
		const many = await data.createMany("tags", [{ name: "first" }, { name: "second" }]);
		expect(many.status).toBe(201);
		expect(rowsOf(many).map(({ name }) => name)).toEqual(["first", "second"]);
	});

	test("updates one and many", async () => {
		const one = await data.updateOne("posts", 1, { title: "Renamed" });
		expect(rowOf(one)).toMatchObject({ id: 1, title: "Renamed" });
		const many = await data.updateMany("posts", { id: { $lte: 2 } }, { featured: true });
		expect(rowsOf(many)).toMatchObject([
			{ id: 1, featured: true },
			{ id: 2, featured: true },
		]);
	});

	test("deletes one", async () => {
		expect(rowOf(await data.deleteOne("comments", 1))).toMatchObject({ id: 1 });
		const gone = await data.readOne("comments", 1);
		expect([gone.ok, gone.status]).toEqual([false, 404]);
	});

	test("sends no filter when it deletes many, which is refused: nothing is deleted", async () => {
		const before = (await data.count("comments")).body;
		const answer = await data.deleteMany("comments", { id: 1 });
		expect(await sent.at(-1)?.text()).toBe("[object Object]");
		expect([answer.ok, answer.status]).toEqual([false, 400]);
		expect(answer.body).toMatchObject({ error: "The body is not JSON in UTF-8." });
		expect((await data.count("comments")).body).toEqual(before);
	});

	test("counts", async () => {
		expect((await data.count("posts")).body).toEqual({ entity: "posts", count: 27 });
		const some = await data.count("posts", { id: { $lte: 5 } });
		expect(some.data).toMatchObject({ count: 5 });
		expect((await data.exists("posts", { id: 99 })).body).toEqual({
			entity: "posts",
			exists: false,
		});
		expect((await data.exists("posts", { id: 1 })).data).toMatchObject({ exists: true });
	});

	test("is told what went wrong, and never throws for it", async () => {
		await data.createOne("tags", { name: "taken" });
		const answers = [
			await data.readOne("posts", 999),
			await data.readMany("pots"),
			await data.readMany("posts", { where: { wrods: 1 } }),
			await data.readMany("posts", { limit: 1000 }),
			await data.readManyByReference("posts", 1, "coments"),
			await data.createOne("posts", {}),
			await data.createOne("posts", { ...DRAFT, authorId: 999 }),
			await data.createOne("tags", { name: "taken" }),
			await data.updateOne("posts", 999, { title: "x" }),
			await data.updateMany("posts", { wrods: 1 }, { title: "x" }),
			await data.deleteOne("posts", 999),
			await data.createOne("comments", { postId: 1, author: "Sam", body: "see www.example.com" }),
		];
		expect(answers.map(({ status }) => status)).toEqual([
			404, 404, 400, 400, 404, 422, 409, 409, 404, 400, 404, 422,
		]);
		for (const { ok, body, res } of answers) {
			expect(ok).toBe(false);
			expect(body.error).toEqual(expect.any(String));
			expect(res.headers.get("content-type")).toMatch(/^application\/json/);
		}
	});
});
