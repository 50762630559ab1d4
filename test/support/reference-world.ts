import type { FindOptions } from "../../src/data/query/find-options.ts";
import { compareBy, isTrue, rulesOf } from "./reference-query.ts";

type Row = Readonly<Record<string, unknown>>;
type Options = FindOptions & {
	readonly with?: Readonly<Record<string, Options>>;
	readonly join?: readonly string[];
};

/** All rows of a world, by entity. */
export type World = Readonly<Record<string, readonly Row[]>>;

/** How rows belong together: the field here, the entity there, the field there. */
interface Link {
	readonly many: boolean;
	readonly entity: string;
	readonly field: string;
	readonly toField: string;
	/** For many-to-many: the entity between, its field for the one side and for the other. */
	readonly through?: readonly [entity: string, near: string, far: string];
}

const one = (field: string, entity: string): Link => ({
	many: false,
	entity,
	field,
	toField: "id",
});
const many = (entity: string, toField: string): Link => ({
	many: true,
	entity,
	field: "id",
	toField,
});

/** The relations of `world-schema.ts`, written down by hand. */
export const LINKS: Readonly<Record<string, Readonly<Record<string, Link>>>> = {
	companies: { authors: many("authors", "companyId") },
	authors: {
		company: one("companyId", "companies"),
		mentor: one("mentorId", "authors"),
		authorsByMentor: many("authors", "mentorId"),
		postsByAuthor: many("posts", "authorId"),
		postsByEditor: many("posts", "editorId"),
	},
	posts: {
		author: one("authorId", "authors"),
		editor: one("editorId", "authors"),
		comments: many("comments", "postId"),
		postsTags: many("postsTags", "postId"),
		tags: { ...many("tags", "id"), through: ["postsTags", "postId", "tagId"] },
	},
	comments: { post: one("postId", "posts") },
	tags: {
		postsTags: many("postsTags", "tagId"),
		posts: { ...many("posts", "id"), through: ["postsTags", "tagId", "postId"] },
	},
	postsTags: { post: one("postId", "posts"), tag: one("tagId", "tags") },
};

const KEYS: Readonly<Record<string, readonly string[]>> = { postsTags: ["postId", "tagId"] };
const HIDDEN: ReadonlySet<string> = new Set(["secret"]);

/** What queries over related rows mean, said as slowly and plainly as possible. */
export class ReferenceWorld {
	readonly #world: World;

	constructor(world: World) {
		this.#world = world;
	}

	/** The rows of a query, as its answer has them. */
	find(entity: string, options: Options): readonly Row[] {
		return this.#page(entity, this.matching(entity, options), options);
	}

	/** The rows that `where` and `join` let through, in the order of their keys. */
	matching(entity: string, { where = {}, join = [] }: Options): readonly Row[] {
		return (this.#world[entity] ?? []).filter((row) =>
			this.#combinations(entity, row, join).some((joined) =>
				isTrue(this.#readable(entity, row, joined), where),
			),
		);
	}

	/** The rows that belong to a row. */
	related(entity: string, row: Row, name: string): readonly Row[] {
		const link = LINKS[entity]?.[name] as Link;
		const there = this.#world[link.entity] ?? [];
		if (link.through === undefined) {
			const value = row[link.field] ?? null;
			return value === null ? [] : there.filter((other) => other[link.toField] === value);
		}
		const [between, near, far] = link.through;
		const pairs = (this.#world[between] ?? []).filter((pair) => pair[near] === row["id"]);
		return there.filter((other) => pairs.some((pair) => pair[far] === other["id"]));
	}

	/** Sorts, cuts and shapes rows that were found. */
	#page(entity: string, rows: readonly Row[], options: Options): readonly Row[] {
		const { limit = 10, offset = 0 } = options;
		const rules = rulesOf(options.sort, KEYS[entity]);
		return rows
			.toSorted((a, b) => compareBy(a, b, rules))
			.slice(offset, offset + limit)
			.map((row) => this.#shape(entity, row, options));
	}

	#shape(entity: string, row: Row, { select, with: relations = {} }: Options): Row {
		const names = (select as readonly string[] | undefined) ?? Object.keys(row);
		const shaped: Record<string, unknown> = {};
		for (const name of names) if (!HIDDEN.has(name)) shaped[name] = row[name] ?? null;
		for (const [name, options] of Object.entries(relations)) {
			const link = LINKS[entity]?.[name] as Link;
			const visible = this.related(entity, row, name).filter((other) =>
				isTrue(this.#readable(link.entity, other, {}), options.where ?? {}),
			);
			const page = this.#page(link.entity, visible, options);
			shaped[name] = link.many ? page : (page[0] ?? null);
		}
		return shaped;
	}

	/** Every way to choose one related row of each joined relation, as an inner join does. */
	#combinations(
		entity: string,
		row: Row,
		join: readonly string[],
	): readonly Readonly<Record<string, Row>>[] {
		let all: readonly Readonly<Record<string, Row>>[] = [{}];
		for (const name of new Set(join)) {
			const related = this.related(entity, row, name);
			all = all.flatMap((chosen) => related.map((other) => ({ ...chosen, [name]: other })));
		}
		return all;
	}

	/** A row that also answers to dotted names; what hangs on a missing row is null. */
	#readable(entity: string, row: Row, joined: Readonly<Record<string, Row>>): Row {
		return new Proxy(row, {
			get: (_, name) => (typeof name === "string" ? this.#value(entity, row, name, joined) : null),
		});
	}

	#value(entity: string, row: Row, path: string, joined: Readonly<Record<string, Row>>): unknown {
		const dot = path.indexOf(".");
		if (dot === -1) return row[path] ?? null;
		const name = path.slice(0, dot);
		const link = LINKS[entity]?.[name] as Link;
		const other = joined[name] ?? this.related(entity, row, name)[0];
		return other === undefined ? null : this.#value(link.entity, other, path.slice(dot + 1), {});
	}
}
