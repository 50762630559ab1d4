import { describe, expect, test } from "vitest";
import { readSchema } from "../../../src/data/schema/read-schema.ts";
import { ModelView } from "../../../src/server/model/model-view.ts";
import * as schema from "../../support/scenario-schema.ts";

const entities = readSchema(schema, {});
const [authors, posts, tags, postTags] = entities;

describe("a view of the model", () => {
	test("makes each text once", () => {
		const view = new ModelView(entities);
		const made: string[] = [];
		const make = (name: string) => () => {
			made.push(name);
			return name;
		};
		const texts = ["one", "other", "one", "other"].map((name) => view.text(name, make(name)));
		expect(texts).toEqual(["one", "other", "one", "other"]);
		expect(made).toEqual(["one", "other"]);
	});

	test("knows relations between its own entities, through its own entities", () => {
		const names = (...known: typeof entities) =>
			new ModelView(known).relationsOf(posts as NonNullable<typeof posts>).map(({ name }) => name);
		expect(names(...entities)).toEqual(["author", "postTags", "tags"]);
		expect(names(...[posts, tags, postTags].filter((one) => one !== undefined))).toEqual([
			"postTags",
			"tags",
		]);
		expect(names(...[posts, tags, authors].filter((one) => one !== undefined))).toEqual(["author"]);
	});
});
