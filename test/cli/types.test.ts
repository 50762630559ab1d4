import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { integer, sqliteTable, text, type AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import * as blog from "../../blog/schema.ts";
import type { Config } from "../../src/app/config.ts";
import { clientTypes } from "../../src/cli/client-types.ts";
import { createClient } from "../../src/client/index.ts";
import { CliProject, config } from "../support/cli-project.ts";
import * as library from "../support/library-schema.ts";
import { testApp } from "../support/test-app.ts";
import * as wide from "../support/wide-schema.ts";

/** A program in the words of a project that has the types, but not the schema. */
const BLOG_PROGRAM = `
import type { Client } from "../../src/client/index.ts";
import type { Schema } from "./schema.d.ts";

export async function main(client: Client<Schema>): Promise<readonly unknown[]> {
	const author = await client.authors.insertOne({ name: "Ada", email: "ada@example.org" });
	const post = await client.posts.insertOne({ title: "Burrs", body: "…", authorId: author.data.id });
	const status: "draft" | "published" = post.data.status;
	const { data } = await client.posts.findMany({
		select: ["title", "publishedAt"],
		where: { status, createdAt: { $lte: new Date() }, publishedAt: null },
		sort: "-id",
	});
	const [first] = data;
	const title: string | undefined = first?.title;
	const at: string | null | undefined = first?.publishedAt;
	// @ts-expect-error it was not selected
	void first?.body;
	// @ts-expect-error a body is required
	void (() => client.posts.insertOne({ title: "x", authorId: 1 }));
	// @ts-expect-error there is no such status
	void (() => client.posts.count({ status: "lost" }));
	const tag = await client.tags.insertOne({ name: "hooks" });
	await client.posts.updateOne(post.data.id, { tags: { $attach: [tag.data.id] } });
	const full = await client.posts.findOne(1, { with: { author: true, tags: true, comments: {} } });
	const name: string = full.data.author.name;
	const names: readonly string[] = full.data.tags.map((one) => one.name);
	// @ts-expect-error there is no such relation
	void (() => client.posts.findOne(1, { with: { autor: true } }));
	return [title, at, name, names, full.data.comments.length];
}
`;

const LIBRARY_PROGRAM = `
import type { Client } from "../../src/client/index.ts";
import type { Schema } from "./schema.d.ts";

export async function main(client: Client<Schema>): Promise<readonly unknown[]> {
	const { data: ada } = await client.authors.insertOne({ id: "ada", name: "Ada", passwordHash: "x" });
	// @ts-expect-error it can be written, but never read
	void ada.passwordHash;
	const { data } = await client.books.insertOne({
		title: "Burrs",
		authorId: ada.id,
		sold: 10n,
		isbn: 11n,
		printedAt: new Date(0),
		cover: new Uint8Array([1]),
		keywords: ["any", "form"],
	});
	const sold: string | null = data.sold;
	const extra: unknown = data.extra;
	// @ts-expect-error bytes have no order
	void (() => client.books.count({ isbn: { $gt: 1n } }));
	// @ts-expect-error a composite key has no routes by id
	void (() => client.loans.findOne(1));
	const one = await client.books.findOne(1, { with: ["author", "editor"] });
	const name: string = one.data.author.name;
	// @ts-expect-error a book may have no editor
	void (() => one.data.editor.name);
	await client.books.insertOne({ title: "x", author: { $set: { id: "ada" } } });
	return [sold, extra, name, data.printedAt, data.cover, data.keywords];
}
`;

const WIDE_PROGRAM = `
import type { Client } from "../../src/client/index.ts";
import type { Schema } from "./schema.d.ts";

export async function main(client: Client<Schema>): Promise<readonly unknown[]> {
	const { data: person } = await client.people.insertOne({ fullName: "Ada" });
	const { data } = await client.articles.insertOne({ title: "Burrs", slug: "burrs", authorId: person.id });
	const words: number | null = data.words;
	// @ts-expect-error the database computes it
	void (() => client.articles.updateOne(1, { words: 1 }));
	const value = await client.values.insertOne({ decimalBig: 5n, decimal: 1.5, custom: "LOUD" });
	return [words, data.status, value.data.decimalBig, value.data.decimal, value.data.custom];
}
`;

/** Names that are no identifiers, a key that is an enum, two ways to one table, and one to itself. */
const sizes = sqliteTable("sizes", { code: text("code", { enum: ["s", "l"] }).primaryKey() });
const lineItems = sqliteTable("line_items", {
	id: integer("id").primaryKey(),
	"unit-price": integer("unit_price").notNull(),
	été: text("ete"),
	innerSize: text("inner_size").references(() => sizes.code),
	outerSize: text("outer_size").references(() => sizes.code),
	parentId: integer("parent_id").references((): AnySQLiteColumn => lineItems.id),
});
const oddities = { sizes, "line-items": lineItems };

const ODD_PROGRAM = `
import type { Client } from "../../src/client/index.ts";
import type { Schema } from "./schema.d.ts";

export async function main(client: Client<Schema>): Promise<readonly unknown[]> {
	await client.sizes.insertOne({ code: "s" });
	const items = client["line-items"];
	const { data: box } = await items.insertOne({ "unit-price": 5, été: "x", outerSize: "s" });
	await items.insertOne({ "unit-price": 1, parentId: box.id });
	// @ts-expect-error there is no such size
	void (() => client.sizes.findOne("m"));
	const { data } = await items.findMany({
		select: ["unit-price"],
		where: { "parent.outerSizeRef.code": "s" },
		with: { parent: { select: ["été"], with: { outerSizeRef: true, innerSizeRef: true } } },
	});
	const code: "s" | "l" | undefined = data[0]?.parent?.outerSizeRef?.code;
	const size = await client.sizes.findOne("s", { with: ["line-itemsByOuterSize"] });
	return [data, code, size.data["line-itemsByOuterSize"].length];
}
`;

/** Compiles a program beside the types of a config's entities, and runs it against the app. */
async function compileAndRun(program: string, settings: Config): Promise<unknown> {
	const { app } = await testApp(settings);
	mkdirSync(".burdock", { recursive: true });
	const folder = mkdtempSync(resolve(".burdock/types-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, "schema.d.ts"), clientTypes(app.em.entities));
	writeFileSync(join(folder, "program.ts"), program);
	const project = {
		extends: resolve("tsconfig.node.json"),
		compilerOptions: { skipLibCheck: false, types: [], lib: ["ES2024", "DOM"] },
		include: ["*.ts"],
		exclude: [],
	};
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
	expect(compile(folder)).toBe("");
	const { main } = (await import(/* @vite-ignore */ join(folder, "program.ts"))) as {
		main(client: unknown): Promise<unknown>;
	};
	const fetch = (request: Request) => app.fetch(request);
	return main(createClient({ url: "http://localhost", fetch }));
}

/** What the compiler says of a project, nothing when it is right. */
function compile(folder: string): string {
	try {
		execFileSync(resolve("node_modules/.bin/tsc"), ["-p", folder], { stdio: "pipe" });
		return "";
	} catch (error) {
		return String((error as { stdout?: Buffer }).stdout);
	}
}

describe("the types of a schema", () => {
	it("serve a client of the blog, relations of foreign keys included", async () => {
		expect(await compileAndRun(BLOG_PROGRAM, { schema: blog })).toEqual([
			"Burrs",
			null,
			"Ada",
			["hooks"],
			0,
		]);
	});

	it("tell what the schema's own types do not: hidden fields and composite keys", async () => {
		const settings = { schema: library, entities: { authors: { hidden: ["passwordHash"] } } };
		expect(await compileAndRun(LIBRARY_PROGRAM, settings)).toEqual([
			"10",
			null,
			"Ada",
			"1970-01-01T00:00:00.000Z",
			"AQ==",
			["any", "form"],
		]);
	});

	it("know every kind of column", async () => {
		expect(await compileAndRun(WIDE_PROGRAM, { schema: wide })).toEqual([
			5,
			"it's out",
			"5",
			"1.5",
			"loud",
		]);
	});

	it("name what no identifier can name", async () => {
		const parent = { été: "x", outerSizeRef: { code: "s" }, innerSizeRef: null };
		expect(await compileAndRun(ODD_PROGRAM, { schema: oddities })).toEqual([
			[{ "unit-price": 1, parent }],
			"s",
			1,
		]);
	});

	it("do not depend on the order of the schema", async () => {
		const tables = Object.entries({ ...blog });
		const [one, other] = await Promise.all(
			[tables, tables.toReversed()].map(async (order) => {
				const { app } = await testApp({ schema: Object.fromEntries(order) });
				return clientTypes(app.em.entities);
			}),
		);
		expect(one).toBe(other);
	});
});

describe("burdock types", () => {
	let project: CliProject;
	const read = (path: string) => readFileSync(join(project.folder, path), "utf8");

	beforeAll(() => {
		project = new CliProject({ "bknd.config.ts": config() });
	});
	afterAll(() => project.remove());

	it("prints the types", async () => {
		const { code, stdout, stderr } = await project.run(["types"]);
		expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
		expect(stdout).toMatch(/^\/\/ What the entities of this server are/);
		expect(stdout.slice(stdout.indexOf("export"))).toBe(`export interface Schema {
	notes: {
		id: number;
		fields: {
			id: { type: "integer"; optional: true };
			title: { type: "text" };
		};
		relations: {};
	};
}
`);
	});

	it("writes them to a file, and checks whether it is up to date", async () => {
		const missing = await project.run(["types", "--out", "api.d.ts", "--check"]);
		expect(missing).toEqual({
			code: 1,
			stdout: "",
			stderr: "error: api.d.ts is out of date.\nhint:  burdock types --out api.d.ts\n",
		});
		expect(await project.run(["types", "--out", "api.d.ts"])).toEqual({
			code: 0,
			stdout: "",
			stderr: "",
		});
		expect(read("api.d.ts")).toBe((await project.run(["types"])).stdout);
		expect((await project.run(["types", "--out", "api.d.ts", "--check"])).code).toBe(0);
		project.write({ "api.d.ts": read("api.d.ts").replaceAll("\n", "\r\n") });
		expect((await project.run(["types", "--out", "api.d.ts", "--check"])).code).toBe(0);
		project.write({ "api.d.ts": read("api.d.ts").replace("title", "titel") });
		expect((await project.run(["types", "-o", "api.d.ts", "--check"])).code).toBe(1);
		expect(read("api.d.ts")).toContain("titel");
	});

	it("says what is wrong with its options", async () => {
		expect(await project.run(["types", "--check"])).toMatchObject({
			code: 2,
			stderr: "error: --check needs a file to look at.\nhint:  burdock types --out FILE --check\n",
		});
		const nowhere = await project.run(["types", "--out", "no/such/folder.d.ts"]);
		expect(nowhere.code).toBe(1);
		expect(nowhere.stderr).toContain("error: no/such/folder.d.ts cannot be written:");
	});
});
