import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { CountedDatabase } from "./counted-database.ts";
import { testApp } from "./test-app.ts";
import * as schema from "./world-schema.ts";

const entities = { authors: { hidden: ["secret"] }, comments: { limit: 2, maxLimit: 4 } };

/** Posts, their authors, comments and tags, behind a database that counts. */
export async function relatedRows() {
	const database = new CountedDatabase(openDatabase({ url: ":memory:" }));
	const tested = await testApp({ schema, entities, connection: database });
	const { em } = tested.app;
	await em.mutator(schema.companies).insertMany([{ name: "one" }, { name: "two" }]);
	await em.mutator(schema.authors).insertMany([
		{ id: "a", name: "Ann", secret: "s1", companyId: 1 },
		{ id: "b", name: "Ben", secret: "s2", companyId: 2, mentorId: "a" },
	]);
	await em
		.mutator(schema.posts)
		.insertMany([
			{ title: "p1", authorId: "a", big: 2n ** 60n },
			{ title: "p2", authorId: "b", editorId: "a" },
			{ title: "p3" },
		]);
	const bodies = ["c1", "c2", "c3", "c4", "c5"];
	await em
		.mutator(schema.comments)
		.insertMany(bodies.map((body, score) => ({ body, score, postId: score === 4 ? 2 : 1 })));
	await em.mutator(schema.tags).insertMany([{ name: "t1" }, { name: "t2" }]);
	await em.mutator(schema.postsTags).insertMany([
		{ postId: 1, tagId: 1 },
		{ postId: 1, tagId: 2 },
		{ postId: 2, tagId: 2 },
	]);
	database.reset();
	const get = async (path: string) => {
		const response = await tested.request("GET", `/api/data/entity/${path}`);
		return { status: response.status, text: await response.text() };
	};
	return { ...tested, database, get, posts: em.repository(schema.posts) };
}

/** A value under so many keys of the same kind. */
export function nested(depth: number, wrap: (inner: object | undefined) => object): object {
	let inner: object | undefined;
	for (let at = 0; at < depth; at++) inner = wrap(inner);
	return inner ?? {};
}
