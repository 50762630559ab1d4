import { expect, test } from "vitest";
import { askRenames } from "../../src/cli/ask-renames.ts";
import { shapesOf } from "../../src/data/migrate/read-shapes.ts";
import { SchemaDifference } from "../../src/data/migrate/schema-difference.ts";

test("asks for everything new beside which something is gone, and offers nothing twice", async () => {
	const difference = new SchemaDifference(
		shapesOf([
			"create table posts (id integer primary key, headline text, teaser text, lead text)",
			"create table people (id integer primary key, nick text)",
			"create table users (id integer primary key)",
		]),
		shapesOf([
			"create table posts (id integer primary key, title text, intro text)",
			"create table people (id integer primary key)",
			"create table members (id integer primary key)",
		]),
		new Set(["posts", "people", "members"]),
	);
	const questions: string[] = [];
	const answers = ["2", "1", "1"];
	const renames = await askRenames(difference, async (question) => {
		questions.push(question);
		return answers[questions.length - 1] ?? "";
	});
	expect(questions).toEqual([
		"posts.headline:\n  0  it is new\n  1  it was posts.title\n  2  it was posts.intro\n[0] ",
		"posts.teaser:\n  0  it is new\n  1  it was posts.title\n[0] ",
		"users:\n  0  it is new\n  1  it was members\n[0] ",
	]);
	expect(renames).toEqual([
		{ table: "posts", column: "intro", to: "headline" },
		{ table: "posts", column: "title", to: "teaser" },
		{ table: "members", to: "users" },
	]);
});

test("asks again after an answer that is none of the choices", async () => {
	const difference = new SchemaDifference(
		shapesOf(["create table posts (id integer primary key, headline text)"]),
		shapesOf(["create table posts (id integer primary key, title text)"]),
		new Set(["posts"]),
	);
	const answers = ["7", "-1", "title", "1.0", " 1 "];
	const renames = await askRenames(difference, async () => answers.shift() ?? "");
	expect(answers).toEqual([]);
	expect(renames).toEqual([{ table: "posts", column: "title", to: "headline" }]);
});
