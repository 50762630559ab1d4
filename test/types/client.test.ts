import { expectTypeOf, test } from "vitest";
import type { Client } from "../../src/client/create-client.ts";
import type { ReadMeta, WriteMeta } from "../../src/data/index.ts";
import type { FieldError } from "../../src/kernel/error.ts";
import type * as contract from "../../src/server/contract.ts";
import type * as schema from "../support/library-schema.ts";

/** Type-checked, never run. */
const client = {} as Client<typeof schema>;
const never = (body: () => unknown): void => void expectTypeOf(body).toBeFunction();

interface WireBook {
	id: number;
	title: string;
	state: "draft" | "live";
	pages: number;
	rating: number | null;
	price: string | null;
	sold: string | null;
	isbn: string | null;
	pinned: boolean;
	printedAt: string | null;
	extra: { readonly shelf: string } | null;
	cover: string | null;
	keywords: string[] | null;
	version: number;
	authorId: string;
	editorId: string | null;
}

interface WireAuthor {
	id: string;
	name: string;
	bornAt: string | null;
	passwordHash: string | null;
	leaderId: string | null;
}

interface WireReview {
	id: number;
	bookId: number;
	body: string;
	stars: number | null;
}

test("a client has the tables of the schema, and nothing else", () => {
	expectTypeOf<keyof Client<typeof schema>>().toEqualTypeOf<
		"authors" | "books" | "reviews" | "loans"
	>();
	never(() => {
		// @ts-expect-error there is no such table
		void client.bocks;
	});
});

test("rows are as they are on the wire", () => {
	never(async () => {
		const { data, meta } = await client.books.findMany();
		expectTypeOf(data).toEqualTypeOf<WireBook[]>();
		expectTypeOf(meta.cursor).toEqualTypeOf<string | null | undefined>();
		expectTypeOf((await client.books.findOne(1)).data).toEqualTypeOf<WireBook>();
		expectTypeOf((await client.books.deleteOne(1)).data).toEqualTypeOf<WireBook>();
		expectTypeOf((await client.loans.findMany()).data).toEqualTypeOf<
			{ bookId: number; reader: string }[]
		>();
	});
});

test("ids have the type of the key", () => {
	never(async () => {
		await client.authors.findOne("ada");
		// @ts-expect-error a book's id is a number
		await client.books.findOne("1");
		// @ts-expect-error an author's id is text
		await client.authors.deleteOne(1);
	});
});

test("a select narrows the row", () => {
	never(async () => {
		const { data } = await client.books.findMany({ select: ["id", "title"] });
		expectTypeOf(data).toEqualTypeOf<{ id: number; title: string }[]>();
		const one = await client.books.findOne(1, { select: ["state"] });
		expectTypeOf(one.data).toEqualTypeOf<{ state: "draft" | "live" }>();
		// @ts-expect-error there is no such field
		await client.books.findMany({ select: ["titel"] });
	});
});

test("relations that are read along are objects, null where the key may be, or arrays", () => {
	never(async () => {
		const { data } = await client.books.findMany({
			select: ["id"],
			with: { author: true, editor: { select: ["name"] }, reviews: true },
		});
		expectTypeOf(data).toEqualTypeOf<
			{
				id: number;
				author: WireAuthor;
				editor: { name: string } | null;
				reviews: WireReview[];
			}[]
		>();
		const named = await client.books.findOne(1, { select: ["id"], with: ["author"] });
		expectTypeOf(named.data).toEqualTypeOf<{ id: number; author: WireAuthor }>();
	});
});

test("relations nest", () => {
	never(async () => {
		const { data } = await client.authors.findOne("ada", {
			select: ["name"],
			with: {
				written: {
					select: ["title"],
					where: { pages: { $gt: 10 } },
					sort: "-title",
					limit: 2,
					with: { reviews: { select: ["body"] } },
				},
				leader: { with: ["followers"] },
			},
		});
		expectTypeOf(data.written).toEqualTypeOf<{ title: string; reviews: { body: string }[] }[]>();
		expectTypeOf(data.leader?.followers).toEqualTypeOf<WireAuthor[] | undefined>();
		// @ts-expect-error nobody asked for it
		void data.edited;
	});
});

test("an unknown name is found at every depth of with", () => {
	never(async () => {
		// @ts-expect-error there is no such relation
		await client.books.findMany({ with: { autor: true } });
		// @ts-expect-error there is no such relation
		await client.books.findMany({ with: ["autor"] });
		// @ts-expect-error there is no such option
		await client.books.findMany({ with: { reviews: { limt: 1 } } });
		// @ts-expect-error reviews have no such field
		await client.books.findMany({ with: { reviews: { select: ["title"] } } });
		// @ts-expect-error reviews have no such field
		await client.books.findMany({ with: { reviews: { where: { title: "x" } } } });
		// @ts-expect-error there is no such operator
		await client.books.findMany({ with: { reviews: { where: { body: { $lik: "x" } } } } });
		// @ts-expect-error authors have no such relation
		await client.books.findMany({ with: { author: { with: { reviews: true } } } });
		// @ts-expect-error a to-one relation's rows have no such field either
		await client.books.findMany({ with: { author: { where: { pages: 1 } } } });
	});
});

test("filters take what their fields take", () => {
	never(async () => {
		await client.books.findMany({
			where: {
				title: { $ilike: "%burr%", $ne: "x" },
				state: { $in: ["draft", "live"] },
				pages: { $between: [1, 2] },
				rating: null,
				price: "1.50",
				sold: { $gt: 10n },
				pinned: true,
				printedAt: { $lt: new Date(0), $gte: "2020-01-01" },
				extra: { $isnull: false },
				cover: null,
				$or: [{ id: 1 }, { $not: { $and: { id: 2, title: { $startsWith: "B" } } } }],
			},
		});
		// @ts-expect-error there is no such field
		await client.books.findMany({ where: { titel: "x" } });
		// @ts-expect-error there is no such operator
		await client.books.findMany({ where: { title: { $contain: "x" } } });
		// @ts-expect-error a title is text
		await client.books.findMany({ where: { title: 1 } });
		// @ts-expect-error only text can be matched with a pattern
		await client.books.findMany({ where: { pages: { $like: "1%" } } });
		// @ts-expect-error dates are no text
		await client.books.findMany({ where: { printedAt: { $contains: "2020" } } });
		// @ts-expect-error there is no such state
		await client.books.findMany({ where: { state: "lost" } });
		// @ts-expect-error there is no such state
		await client.books.findMany({ where: { state: { $in: ["lost"] } } });
		// @ts-expect-error between takes two
		await client.books.findMany({ where: { pages: { $between: [1] } } });
		// @ts-expect-error JSON can only be tested for null
		await client.books.findMany({ where: { extra: { shelf: "A" } } });
		// @ts-expect-error bytes have no order
		await client.books.findMany({ where: { isbn: { $gt: 1n } } });
		// @ts-expect-error at every depth
		await client.books.findMany({ where: { $or: [{ $not: { titel: "x" } }] } });
		// @ts-expect-error not for counts either
		await client.books.count({ titel: "x" });
		// @ts-expect-error not for deletes either
		await client.books.deleteWhere({ pages: "1" });
	});
});

test("filters reach fields of related rows by dots", () => {
	never(async () => {
		await client.books.findMany({
			join: ["reviews"],
			where: {
				"author.name": { $startsWith: "A" },
				"editor.leader.name": "Ada",
				"editor.leader.leader.leader.name": "Bob",
				"reviews.stars": { $gte: 4 },
			},
		});
		// @ts-expect-error authors have no such field
		await client.books.findMany({ where: { "author.title": "x" } });
		// @ts-expect-error a name is text
		await client.books.findMany({ where: { "author.name": 1 } });
		// @ts-expect-error there is no such relation
		await client.books.findMany({ where: { "autor.name": "x" } });
		// @ts-expect-error the leader has no such field
		await client.books.findMany({ where: { "editor.leader.title": "x" } });
		// @ts-expect-error there is no such relation
		await client.books.findMany({ join: ["autor"] });
	});
});

test("sorts name fields", () => {
	never(async () => {
		await client.books.findMany({ sort: "-id" });
		await client.books.findMany({ sort: ["title", "-id", { by: "pages", dir: "desc" }] });
		// @ts-expect-error there is no such field
		await client.books.findMany({ sort: "-titel" });
		// @ts-expect-error there is no such direction
		await client.books.findMany({ sort: { by: "id", dir: "down" } });
		// @ts-expect-error there is no such option
		await client.books.findMany({ filter: {} });
	});
});

test("inserts need what a row needs, and take values in all their forms", () => {
	never(async () => {
		const { data } = await client.books.insertOne({ title: "Burrs", authorId: "ada" });
		expectTypeOf(data).toEqualTypeOf<WireBook>();
		await client.books.insertMany([
			{
				title: "All of it",
				authorId: "ada",
				state: "live",
				price: 1.5,
				sold: 10n,
				isbn: "9780000000000",
				printedAt: new Date(0),
				extra: { shelf: "A" },
				cover: new Uint8Array(2),
				keywords: ["hooks"],
				editorId: null,
			},
			{ title: "Dates as numbers", authorId: "ada", printedAt: 0, cover: "AA==" },
		]);
		// @ts-expect-error a title is required
		await client.books.insertOne({ authorId: "ada" });
		// @ts-expect-error an author is required
		await client.books.insertOne({ title: "x" });
		// @ts-expect-error there is no such field
		await client.books.insertOne({ title: "x", authorId: "ada", titel: "x" });
		// @ts-expect-error a title is text
		await client.books.insertOne({ title: 1, authorId: "ada" });
		// @ts-expect-error a title is never null
		await client.books.insertOne({ title: null, authorId: "ada" });
		// @ts-expect-error there is no such state
		await client.books.insertOne({ title: "x", authorId: "ada", state: "lost" });
		// @ts-expect-error a shelf is text
		await client.books.insertOne({ title: "x", authorId: "ada", extra: { shelf: 1 } });
	});
});

test("updates take any fields", () => {
	never(async () => {
		const { data } = await client.books.updateOne(1, { rating: null }, { ifMatch: 3 });
		expectTypeOf(data).toEqualTypeOf<WireBook>();
		const many = await client.books.updateWhere({ pages: 1 }, { state: "draft" });
		expectTypeOf(many.data).toEqualTypeOf<WireBook[]>();
		// @ts-expect-error there is no such field
		await client.books.updateOne(1, { titel: "x" });
		// @ts-expect-error pages are never null
		await client.books.updateWhere({ pages: null }, { id: 1 });
	});
});

test("writes bring relations along", () => {
	never(async () => {
		await client.books.insertOne({ title: "x", author: { $set: { id: "ada" } } });
		await client.books.insertOne({
			title: "x",
			author: { $create: { id: "eve", name: "Eve" } },
			reviews: { $create: [{ body: "Good." }, { body: "Bad.", stars: 1 }] },
		});
		await client.authors.updateOne("ada", { written: { $attach: [1], $detach: [2] } });
		await client.books.updateOne(1, { author: { $set: "ada" }, editor: { $set: null } });
		await client.authors.updateOne("ada", { written: { $attach: [{ id: 1 }] } });
		await client.authors.updateOne("ada", { edited: { $set: [1] }, leader: { $set: null } });
		// @ts-expect-error an author's id is text
		await client.books.insertOne({ title: "x", author: { $set: { id: 1 } } });
		// @ts-expect-error a new author has a name
		await client.books.insertOne({ title: "x", author: { $create: { id: "eve" } } });
		// @ts-expect-error there is no such write
		await client.books.insertOne({ title: "x", author: { $add: { id: "eve" } } });
		// @ts-expect-error a book's id is a number
		await client.authors.updateOne("ada", { written: { $attach: ["1"] } });
		// @ts-expect-error reviews have no such field
		await client.books.updateOne(1, { reviews: { $create: { title: "x" } } });
	});
});

test("related rows are those of the relation's other side", () => {
	never(async () => {
		const { data } = await client.authors.related("ada", "written", {
			select: ["title"],
			with: { reviews: true },
			where: { pages: 1 },
		});
		expectTypeOf(data).toEqualTypeOf<{ title: string; reviews: WireReview[] }[]>();
		// @ts-expect-error there is no such relation
		await client.authors.related("ada", "books");
		// @ts-expect-error reviews have no such field
		await client.books.related(1, "reviews", { where: { title: "x" } });
	});
});

test("pages are those of the query", () => {
	never(async () => {
		for await (const { data } of client.books.pages({ select: ["id"], limit: 100 })) {
			expectTypeOf(data).toEqualTypeOf<{ id: number }[]>();
		}
		// @ts-expect-error pages follow each other by cursor
		client.books.pages({ offset: 10 });
		expectTypeOf((await client.books.count()).count).toEqualTypeOf<number>();
		expectTypeOf((await client.books.exists({ id: 1 })).exists).toEqualTypeOf<boolean>();
	});
});

test("the contract says what the server's own types say", () => {
	expectTypeOf<ReadMeta>().toExtend<contract.ReadMeta>();
	expectTypeOf<WriteMeta>().toExtend<contract.WriteMeta>();
	expectTypeOf<FieldError>().toEqualTypeOf<contract.Fault>();
});
