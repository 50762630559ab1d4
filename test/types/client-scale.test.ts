import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const TABLES = 50;
/** Types that the compiler may instantiate; two thirds are Drizzle's, each use costs about 6 000. */
const MAX_INSTANTIATIONS = 1_200_000;

const name = (index: number) => `table${(index + TABLES) % TABLES}`;

/** A table of ten columns that refers to the two tables before it, and relations both ways. */
function tableOf(index: number): string {
	const [own, one, two] = [name(index), name(index - 1), name(index - 2)];
	return `
export const ${own} = sqliteTable("sql_${own}", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull(),
	state: text("state", { enum: ["draft", "live"] }).notNull().default("draft"),
	views: integer("views").notNull().default(0),
	rating: real("rating"),
	pinned: integer("pinned", { mode: "boolean" }).notNull().default(false),
	at: integer("at", { mode: "timestamp_ms" }),
	extra: text("extra", { mode: "json" }).$type<{ readonly a: string }>(),
	oneId: integer("one_id").notNull(),
	twoId: integer("two_id"),
});
export const ${own}Relations = relations(${own}, ({ one, many }) => ({
	one: one(${one}, { fields: [${own}.oneId], references: [${one}.id], relationName: "one${index}" }),
	two: one(${two}, { fields: [${own}.twoId], references: [${two}.id], relationName: "two${index}" }),
	ones: many(${name(index + 1)}, { relationName: "one${(index + 1) % TABLES}" }),
	twos: many(${name(index + 2)}, { relationName: "two${(index + 2) % TABLES}" }),
}));
`;
}

/** Uses of one table: nested relations, filters of several kinds, writes. */
function useOf(index: number): string {
	const own = name(index);
	return `
export async function use${index}() {
	const { data } = await client.${own}.findMany({
		where: { title: { $like: "a%" }, "one.title": "b", "one.two.views": { $gt: 1 }, $or: [{ id: 1 }] },
		select: ["id", "title"],
		sort: ["-id", "title"],
		with: { one: { with: { two: true } }, ones: { select: ["id"], where: { views: 1 }, limit: 1 } },
	});
	const first = data[0];
	const title: string | undefined = first?.one.two?.title;
	const ids: number[] = first?.ones.map(({ id }) => id) ?? [];
	await client.${own}.insertOne({ title: "x", one: { $create: { title: "y", oneId: 1 } } });
	await client.${own}.updateOne(1, { twos: { $attach: ids } });
	// @ts-expect-error there is no such field
	await client.${own}.findMany({ with: { ones: { where: { viws: 1 } } } });
	return title;
}
`;
}

test(
	`the types of ${TABLES} tables with ${4 * TABLES} relations stay cheap`,
	{ timeout: 60_000 },
	() => {
		mkdirSync(".burdock", { recursive: true });
		const folder = mkdtempSync(resolve(".burdock/scale-"));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		const indexes = Array.from({ length: TABLES }, (_, index) => index);
		writeFileSync(
			join(folder, "schema.ts"),
			`import { relations } from "drizzle-orm";
import { integer, real, sqliteTable, text } from "drizzle-orm/sqlite-core";
${indexes.map(tableOf).join("")}`,
		);
		writeFileSync(
			join(folder, "program.ts"),
			`import { createClient } from "../../src/client/index.ts";
import type * as schema from "./schema.ts";
const client = createClient<typeof schema>({ url: "" });
${indexes.map(useOf).join("")}`,
		);
		const project = { extends: resolve("tsconfig.node.json"), include: ["*.ts"], exclude: [] };
		writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(project));
		const args = ["-p", folder, "--extendedDiagnostics", "--pretty", "false"];
		const output = execFileSync(resolve("node_modules/.bin/tsc"), args, { encoding: "utf8" });
		const instantiations = Number(/Instantiations:\s+(\d+)/.exec(output)?.[1]);
		expect(instantiations).toBeGreaterThan(0);
		expect(instantiations).toBeLessThan(MAX_INSTANTIATIONS);
	},
);
