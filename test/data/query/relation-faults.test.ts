import { describe, expect, test } from "vitest";
import type { FindOptions } from "../../../src/data/query/find-options.ts";
import { nested, relatedRows } from "../../support/related-rows.ts";

async function faultsOf(options: object): Promise<readonly string[]> {
	const { app } = await relatedRows();
	try {
		await app.em.reader("posts").findMany(options as FindOptions, "client");
	} catch (error) {
		expect(error).toMatchObject({ code: "bad_query", kind: "malformed" });
		return (error as { errors: { path: string; message: string }[] }).errors.map(
			({ path, message }) => `${path}: ${message}`,
		);
	}
	return [];
}

const mentors = (depth: number) =>
	nested(depth, (inner) => ({ with: { mentor: inner ?? {} } })) as { with: object };

test("conditions within relations that are too deep for the engine are the client's fault", async () => {
	const where = nested(9, (inner) => ({ $not: inner ?? { "author.mentor.name": "a" } }));
	const one = { limit: 1 };
	const options = nested(2, (inner) => ({
		...one,
		with: { tags: { ...one, with: { posts: inner ?? { where } } } },
	}));
	const { app } = await relatedRows();
	const posts = app.em.reader("posts");
	await expect((async () => posts.findMany(options, "client"))()).rejects.toMatchObject({
		code: "query_too_complex",
		kind: "malformed",
	});
});

describe("what is wrong is named by its path", () => {
	test.each<[object, string]>([
		[{ with: "autor" }, "with.autor: posts has no such relation. Did you mean author?"],
		[{ with: ["title"] }, "with.title: posts has no such relation."],
		[{ with: 5 }, "with: Expected relations: a list of names, or an object of options."],
		[
			{ with: { author: 1 } },
			"with: Expected relations: a list of names, or an object of options.",
		],
		[
			{ with: { comments: { where: { scor: 1 } } } },
			"with.comments.where.scor: comments has no such field. Did you mean score?",
		],
		[
			{ with: { comments: { where: { $or: [{}, { score: "x" }] } } } },
			"with.comments.where.$or[1].score: Expected a whole number.",
		],
		[
			{ with: { author: { with: { company: { select: ["nam"] } } } } },
			"with.author.with.company.select.nam: companies has no such field. Did you mean name?",
		],
		[
			{ with: { comments: { sort: "-body,x" } } },
			"with.comments.sort.x: comments has no such field.",
		],
		[{ with: { comments: { limit: 5 } } }, "with.comments.limit: At most 4."],
		[
			{ with: { comments: { limt: 1 } } },
			"with.comments.limt: There is no such option. Did you mean limit?",
		],
		[{ with: { comments: { cursor: "" } } }, "with.comments.cursor: There is no such option."],
		[
			{ with: { comments: { join: "nope" } } },
			"with.comments.join.nope: comments has no such relation.",
		],
		[
			{ with: { author: { select: "secret" } } },
			"with.author.select.secret: authors has no such field.",
		],
		[
			{ with: { author: { sort: "secret" } } },
			"with.author.sort.secret: authors has no such field.",
		],
		[{ where: { "author.secret": "s1" } }, "where.author.secret: authors has no such field."],
		[
			{ where: { $not: { "author.company.siz": 1 } } },
			"where.$not.author.company.siz: companies has no such field. Did you mean size?",
		],
		[
			{ where: { "autor.name": "a" } },
			"where.autor.name: posts has no such relation. Did you mean author?",
		],
		[{ where: { "author.": "a" } }, "where.author.: authors has no such field."],
		[{ where: { "author.name": 5 } }, "where.author.name: Expected text without NUL characters."],
		[
			{ where: { "comments.score": 1 } },
			"where.comments.score: comments are many rows: join them to filter by one of them.",
		],
		[
			{ join: "author", where: { "author.postsByAuthor.title": "x" } },
			"where.author.postsByAuthor.title: postsByAuthor are many rows: join them at the start of a path to filter by one of them.",
		],
		[{ join: "autor" }, "join.autor: posts has no such relation. Did you mean author?"],
		[{ join: { author: 1 } }, "join: Expected a list of relations."],
		[{ where: { "__proto__.name": 1 } }, "where.__proto__.name: posts has no such relation."],
		[{ sort: "author.name" }, "sort.author.name: posts has no such field."],
	])("%j", async (options, fault) => {
		expect(await faultsOf(options)).toEqual([fault]);
	});

	test.each<[string, object, string | undefined]>([
		["five relations deep", { with: { author: mentors(4) } }, undefined],
		[
			"six relations deep",
			{ with: { author: mentors(5) } },
			`with.author${".with.mentor".repeat(5)}: Relations nest over 5 deep.`,
		],
		["five hops", { where: { [`author.${"mentor.".repeat(4)}name`]: "a" } }, undefined],
		[
			"six hops",
			{ where: { [`author.${"mentor.".repeat(5)}name`]: "a" } },
			`where.author.${"mentor.".repeat(5)}name: Relations nest over 5 deep.`,
		],
		[
			"fifty thousand hops",
			{ where: { [`author.${"mentor.".repeat(50_000)}name`]: 1 } },
			"over 5 deep",
		],
		[
			"comparisons of all parts together",
			{
				where: { $or: Array.from({ length: 60 }, (_, id) => ({ id })) },
				with: { comments: { where: { $or: Array.from({ length: 60 }, (_, id) => ({ id })) } } },
			},
			"with.comments.where: At most 90 comparisons.",
		],
		[
			"ranges, which bind two values",
			{ where: { $or: Array.from({ length: 46 }, () => ({ views: { $between: [1, 2] } })) } },
			"where: At most 90 comparisons.",
		],
		[
			"twenty-one relations",
			{
				with: {
					author: {
						with: Object.fromEntries(
							["company", "mentor", "postsByAuthor"].map((name) => [
								name,
								{
									...(name === "company" ? { with: "authors" } : {}),
									...(name === "mentor"
										? { with: "company,mentor,authorsByMentor,postsByAuthor,postsByEditor" }
										: {}),
									...(name === "postsByAuthor"
										? { with: "author,editor,comments,postsTags,tags" }
										: {}),
								},
							]),
						),
					},
					editor: { with: "company,mentor,authorsByMentor,postsByAuthor,postsByEditor" },
					comments: {},
				},
			},
			"At most 20 relations.",
		],
		[
			"more rows than anybody reads",
			{
				limit: 100,
				with: {
					tags: { limit: 100, with: { posts: { limit: 6 } } },
				},
			},
			"with.tags.with.posts.limit: At most 50000 rows in all relations.",
		],
		[
			"single rows of many rows",
			{
				limit: 100,
				with: {
					tags: {
						limit: 100,
						with: {
							posts: { limit: 2, with: { author: { with: "company,mentor" }, editor: {} } },
						},
					},
				},
			},
			"At most 50000 rows in all relations.",
		],
		[
			"combinations of three joined rows",
			{
				join: "comments,tags,postsTags",
				where: {
					$or: [{ "comments.score": 1 }, { "tags.id": 1 }, { "postsTags.tagId": 1 }],
				},
			},
			"where: At most 2 relations to many rows in one combination.",
		],
		[
			"three joined rows, each by itself, and one that is single",
			{
				join: "comments,tags,postsTags,author",
				where: {
					$or: [{ "comments.score": 1 }, { "tags.id": 1 }, { "author.name": "a" }],
					"postsTags.tagId": 1,
				},
			},
			undefined,
		],
		[
			"conditions over ten deep",
			{
				with: { comments: { where: nested(11, (inner) => (inner ? { $not: inner } : { id: 1 })) } },
			},
			"Conditions nest over 10 deep.",
		],
		[
			"over a thousand values",
			{ where: { "author.id": { $in: Array.from({ length: 1001 }, String) } } },
			"where.author.id.$in: At most 1000 values.",
		],
	])("%s", async (_, options, fault) => {
		const faults = await faultsOf(options);
		if (fault === undefined) expect(faults).toEqual([]);
		else expect(faults).toEqual([expect.stringContaining(fault)]);
	});
});
