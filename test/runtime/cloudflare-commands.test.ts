import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../support/installed-package.ts";
import { FreshClone, type RunningWorker } from "../support/fresh-clone.ts";

const MINUTE = 60_000;
/** What `.dev.vars` has as the token. */
const DEV_TOKEN = "only-for-development";
const AS_ADMIN = { authorization: `Bearer ${DEV_TOKEN}` };
/** Bytes that a Worker may have, compressed, on the free plan. */
const FREE_KIB = 3 * 1024;

type Json = Record<string, unknown>;

let clone: FreshClone;
let applied: Outcome;

beforeAll(async () => {
	clone = new FreshClone();
	applied = await clone.run("npx wrangler d1 migrations apply DB --local");
}, 2 * MINUTE);
afterAll(() => clone.remove());

describe("in a fresh clone", () => {
	it("wrangler d1 migrations apply makes the tables, once", { timeout: MINUTE }, async () => {
		const files = readdirSync(join(clone.folder, "blog/migrations"));
		expect(applied.code, applied.output).toBe(0);
		for (const file of files.filter((name) => name.endsWith(".sql"))) {
			expect(applied.output).toMatch(new RegExp(`${file} +│ ✅`));
		}
		const second = await clone.run("npx wrangler d1 migrations apply DB --local");
		expect(second.output).toContain("No migrations to apply");
	});

	it(
		"wrangler deploy --dry-run binds what the blog needs, and stays small",
		{ timeout: MINUTE },
		async () => {
			const { code, output } = await clone.run("npx wrangler deploy --dry-run");
			expect(code, output).toBe(0);
			expect(output).toMatch(/env\.DB \(burdock-blog\) +D1 Database/);
			expect(output).toMatch(/env\.BUCKET \(burdock-blog\) +R2 Bucket/);
			expect(output).toMatch(/env\.IMAGES +Images/);
			expect(output).toMatch(/env\.ASSETS +Assets/);
			const [, size] = /gzip: ([\d.]+) KiB/.exec(output) ?? [];
			expect(Number(size)).toBeLessThan(FREE_KIB / 10);
			expect(output).not.toContain("WARNING");
		},
	);
});

describe("wrangler dev without asynchronous context", () => {
	it("says which flag is missing", { timeout: MINUTE }, async () => {
		const settings = readFileSync(join(clone.folder, "wrangler.toml"), "utf8")
			.replace(/^compatibility_date = .*$/m, 'compatibility_date = "2026-08-03"')
			.replace(/^compatibility_flags = .*$/m, "");
		writeFileSync(join(clone.folder, "flagless.toml"), settings);
		const said = 'Burdock needs AsyncLocalStorage: set compatibility_flags = ["nodejs_als"]';
		const worker = await clone.dev("flagless.toml", said);
		await worker.stop();
	});
});

describe("wrangler dev", () => {
	let worker: RunningWorker;

	beforeAll(async () => {
		await clone.run(`echo BURDOCK_TOKEN=${DEV_TOKEN} > .dev.vars`);
		worker = await clone.dev();
	}, 2 * MINUTE);
	afterAll(() => worker?.stop(), MINUTE);

	async function send(method: string, path: string, body?: Json, headers = {}) {
		const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
		const response = await fetch(`${worker.url}/api/data/entity/${path}`, init);
		const { data } = (await response.json()) as { data: Json };
		return { status: response.status, headers: response.headers, data };
	}

	it("shows its bindings, and the token's name alone", () => {
		expect(worker.output).toMatch(/env\.DB \(burdock-blog\) +D1 Database +local/);
		expect(worker.output).toMatch(/env\.BURDOCK_TOKEN \("\(hidden\)"\)/);
		expect(worker.output).not.toContain(DEV_TOKEN);
	});

	it("answers with the rows of the seed, and a hook's header", async () => {
		const { status, headers, data } = await send("GET", "posts?select=id,title&sort=id&limit=1");
		expect([status, data]).toEqual([200, [{ id: 1, title: "The Burr That Started It" }]]);
		expect(headers.get("x-hooked-by")).toBe("bknd.config.ts");
	});

	it("has the covers of the seed in R2, from assets that nobody else can ask for", async () => {
		const { data } = await send("GET", "posts?with=cover&limit=1");
		const [post] = data as unknown as readonly { readonly cover: Json }[];
		expect(post).toMatchObject({ coverWidth: 960, coverHeight: 540, cover: { key: "burr.webp" } });
		const sent = await fetch(`${worker.url}/api/media/file/burr.webp`);
		const bytes = new Uint8Array(await sent.arrayBuffer());
		const picture = readFileSync(join(clone.folder, "blog/covers/burr.webp"));
		expect(Buffer.compare(bytes, picture)).toBe(0);
		const object = String(post?.cover["object"]);
		const get = `npx wrangler r2 object get burdock-blog/${object} --local --file stored.webp`;
		const { code, output } = await clone.run(get);
		expect(code, output).toBe(0);
		expect(Buffer.compare(readFileSync(join(clone.folder, "stored.webp")), picture)).toBe(0);
		expect((await fetch(`${worker.url}/burr.webp`)).status).toBe(404);
	});

	it("takes a cover along with the post, in its size, and no other files", async () => {
		const send = (body: string | Uint8Array<ArrayBuffer>) =>
			fetch(`${worker.url}/api/media/entity/posts/2/cover`, {
				method: "POST",
				headers: AS_ADMIN,
				body,
			});
		expect((await send("No image.")).status).toBe(422);
		const picture = readFileSync(join(clone.folder, "blog/covers/dog.webp"));
		expect((await send(picture)).status).toBe(201);
		const post = await fetch(`${worker.url}/api/data/entity/posts/2`);
		const { data } = (await post.json()) as { data: Json };
		expect(data).toMatchObject({ coverWidth: 960, coverHeight: 540 });
	});

	it("makes images smaller by the binding of Cloudflare Images", async () => {
		const sent = await fetch(`${worker.url}/api/media/file/dog.webp?width=320&format=webp`);
		expect([sent.status, sent.headers.get("content-type")]).toEqual([200, "image/webp"]);
		expect((await sent.arrayBuffer()).byteLength).toBeLessThan(5_000);
	});

	it("refuses a write without the token", async () => {
		const post = { title: "Nobody's", authorId: 1 };
		expect((await send("POST", "posts", post)).status).toBe(401);
		const wrong = { authorization: "Bearer wrong" };
		expect((await send("POST", "posts", post, wrong)).status).toBe(403);
	});

	it("takes one with it, which hooks complete", async () => {
		const post = { title: "A Burr on Every Sock", body: "Three words here.", authorId: 1 };
		const { status, data } = await send("POST", "posts", post, AS_ADMIN);
		expect(status).toBe(201);
		expect(data).toMatchObject({ slug: "a-burr-on-every-sock", words: 3 });
	});

	it("runs an async listener after the response, and logs its line", async () => {
		const comment = { postId: 1, author: "Somebody New", body: "Kind words." };
		expect((await send("POST", "comments", comment, AS_ADMIN)).status).toBe(201);
		await worker.printed('"by":"Somebody New"');
		expect(worker.output).toMatch(
			/\{"time":"[^"]+","level":"info","msg":"The author was told of a comment\.".*"by":"Somebody New"\}/,
		);
	});

	it("runs the duties when a cron trigger is fired by hand", async () => {
		const publishedAt = "2020-01-01T00:00:00.000Z";
		const late = { title: "Due Long Ago", body: "At last.", authorId: 1, publishedAt };
		const { data } = await send("POST", "posts", late, AS_ADMIN);
		expect(data).toMatchObject({ status: "draft" });
		const fired = await fetch(`${worker.url}/cdn-cgi/local/scheduled?format=json`);
		expect(await fired.json()).toMatchObject({ outcome: "ok" });
		const after = await send("GET", `posts/${String(data["id"])}`);
		expect(after.data["status"]).toBe("published");
	});

	it("prints no warning but that cron triggers wait to be fired", () => {
		const warnings = worker.output.match(/(?:▲ \[WARNING\]|\[wrangler:warn\]).*/g);
		expect(warnings).toEqual([expect.stringContaining("Scheduled Workers are not automatically")]);
	});
});

describe("an export of the Worker's database", () => {
	beforeAll(async () => {
		const exported = await clone.run("npx wrangler d1 export DB --local --output backup.sql");
		if (exported.code !== 0) throw new Error(exported.output);
	}, MINUTE);

	it("is a database on Node, for every command", { timeout: MINUTE }, async () => {
		mkdirSync(join(clone.folder, ".burdock"));
		const database = new DatabaseSync(join(clone.folder, ".burdock/data.db"));
		database.exec(readFileSync(join(clone.folder, "backup.sql"), "utf8"));
		database.close();
		const status = await clone.run("node dist/cli/main.js migrate status");
		expect(status.output).toContain("The database fits the schema.");
		const { code, output } = await clone.run("node dist/cli/main.js export --out backup.jsonl");
		expect(code, output).toBe(0);
		const rows = readFileSync(join(clone.folder, "backup.jsonl"), "utf8");
		expect(rows).toContain('"title":"The Burr That Started It"');
	});

	it("can be stored in an empty database", { timeout: MINUTE }, async () => {
		const execute = "npx wrangler d1 execute DB --local --persist-to other --yes";
		const stored = await clone.run(`${execute} --file backup.sql`);
		expect(stored.code, stored.output).toBe(0);
		const counted = await clone.run(`${execute} --json --command 'select count(*) n from posts'`);
		expect(Number(/"n": (\d+)/.exec(counted.output)?.[1])).toBeGreaterThan(20);
	});
});

describe("what the runtimes share", () => {
	it("is one folder of migrations", () => {
		const toml = readFileSync("wrangler.toml", "utf8");
		const config = readFileSync("bknd.config.ts", "utf8");
		const [, dir] = /migrations_dir = "([^"]+)"/.exec(toml) ?? [];
		expect(config).toContain(`migrations: { dir: "${dir}" }`);
	});
});
