import { readFileSync } from "node:fs";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { EntityOptions } from "../src/data/schema/entity-options.ts";
import { snippetsOf, typeErrors, writeSnippets } from "./support/snippets.ts";
import { testApp } from "./support/test-app.ts";

const PAGE = "docs/data.md";
const page = readFileSync(PAGE, "utf8");
const [code = "", ...snippets] = snippetsOf(PAGE);
/** The page begins with the schema that all its snippets use. */
const schema = { code, tables: ["users", "posts", "comments", "tags", "postsTags"] };

/** The cells of a table's rows, by the heading of its first column. */
function cellsOf(heading: string): readonly (readonly string[])[] {
	const lines = page.slice(page.indexOf(`| ${heading} |`)).split("\n");
	const end = lines.findIndex((line) => !line.startsWith("|"));
	return lines.slice(2, end).map((line) =>
		line
			.slice(1, -1)
			.split("|")
			.map((cell) => cell.trim()),
	);
}

/** The pieces of code in a cell. */
function codeIn(cell = ""): readonly string[] {
	return [...cell.matchAll(/`([^`]+)`/g)].map(([, piece]) => piece as string);
}

async function moduleOf(file: string | undefined): Promise<Record<string, SQLiteTable>> {
	return (await import(/* @vite-ignore */ file as string)) as Record<string, SQLiteTable>;
}

describe("docs/data.md", () => {
	test("its snippets compile", { timeout: 120_000 }, () => {
		expect(snippets.length).toBeGreaterThan(2);
		expect(typeErrors(writeSnippets(snippets, schema))).toBe("");
	});

	test("its schema has the relations that it names", async () => {
		const [file] = writeSnippets(snippets, schema);
		const tables = await moduleOf(file?.replace(/snippet-0/, "schema"));
		const { app } = await testApp({ schema: tables });
		const named = (name: string) => [...app.em.entity(name).relations.keys()].toSorted();
		expect(named("posts")).toEqual(["author", "comments", "postsTags", "tags"]);
		expect(named("users")).toEqual(["posts"]);
		expect(named("tags")).toEqual(["posts", "postsTags"]);
		expect(app.em.entity("posts").version?.name).toBe("version");
	});

	test("its example of relations in a row is stored with all of them", async () => {
		const [file] = writeSnippets(snippets, schema);
		const tables = await moduleOf(file?.replace(/snippet-0/, "schema"));
		const { app, request, counts } = await testApp({ schema: tables });
		await app.em.mutator("users").insertOne({ name: "Ada", email: "ada@example.org" });
		await app.em.mutator("tags").insertOne({ name: "hooks" });
		const [body] =
			/(?<=^```json\n)[^]*?(?=^```$)/m.exec(
				page.slice(page.indexOf("### Relations\n\nA row may")),
			) ?? [];
		const response = await request("POST", "/api/data/entity/posts", JSON.parse(body as string));
		expect(response.status, await response.text()).toBe(201);
		expect(await counts()).toMatchObject({ posts: 1, comments: 2, tags: 2, postsTags: 2 });
	});

	test("its table of column types says what is served", async () => {
		const rows = cellsOf("Column");
		expect(rows.length).toBeGreaterThan(14);
		const columns = rows.map(([column], index) => `column${index}: ${codeIn(column)[0]},`);
		const [file] = writeSnippets([
			`import type {} from "burdock";
import { blob, integer, numeric, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
export const all = sqliteTable("all", { id: integer().primaryKey(), ${columns.join("\n")} });`,
		]);
		const { app, request } = await testApp({ schema: await moduleOf(file) });
		for (const [index, [column, type, wire, also]] of rows.entries()) {
			const name = `column${index}`;
			const [expected] = codeIn(wire).map((text) => JSON.parse(text) as unknown);
			for (const text of [...codeIn(wire), ...codeIn(also)]) {
				const response = await request("POST", "/api/data/entity/all", {
					[name]: JSON.parse(text) as unknown,
				});
				expect([column, text, response.status]).toEqual([column, text, 201]);
				const { data } = (await response.json()) as { data: Record<string, unknown> };
				if (!/bigint/.test(column ?? "") || codeIn(wire).includes(text)) {
					expect([column, data[name]]).toEqual([column, expected]);
				}
				const stored = await app.em.repository("all").findOne(data["id"] as number);
				expect([column, typeName(stored.data?.[name])]).toEqual([column, type]);
			}
		}
	});

	test("its table of options names them all", () => {
		const options: Readonly<Record<keyof EntityOptions, true>> = {
			label: true,
			hidden: true,
			sort: true,
			limit: true,
			maxLimit: true,
			version: true,
		};
		const said = cellsOf("Option").map(([option]) => codeIn(option)[0]);
		expect(said).toEqual(Object.keys(options));
	});
});

/** What a value is called in the table: its type, or the class that matters to who handles it. */
function typeName(value: unknown): string {
	if (value instanceof Date) return "Date";
	if (value instanceof Uint8Array) return "Buffer";
	return typeof value;
}
