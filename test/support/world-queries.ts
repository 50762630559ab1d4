import fc from "fast-check";
import { LINKS } from "./reference-world.ts";

type Arbitrary = fc.Arbitrary<unknown>;

const text = fc.constantFrom("", "a", "A", "b", "é", "a'b");
const small = fc.integer({ min: 0, max: 3 });
const real = fc.constantFrom(0, 0.1, 0.2, 0.1 + 0.2, -1.5, 1e21, 5e-324);
const date = fc.integer({ min: -2, max: 2 }).map((day) => new Date(day * 86_400_000));
/** What every engine passes on exactly; that some do more is tested elsewhere. */
const big = fc.constantFrom(-1n, 0n, 2n ** 52n, 2n ** 52n + 1n, -(2n ** 53n) + 1n);

/** Values of the fields that a query may name; ids are few, so that they meet. */
const FIELDS: Readonly<Record<string, Readonly<Record<string, Arbitrary>>>> = {
	companies: { id: small, name: text, size: small },
	authors: { id: text, name: text, rank: small, companyId: small, mentorId: text },
	posts: {
		id: small,
		title: text,
		views: small,
		ratio: real,
		pinned: fc.boolean(),
		at: date,
		big,
		authorId: text,
		editorId: text,
	},
	comments: { id: small, body: text, score: small, postId: small },
	tags: { id: small, name: text },
	postsTags: { postId: small, tagId: small },
};

/** JSON that comes back as it went: its text has no negative zero. */
const stored = fc
	.jsonValue({ maxDepth: 1 })
	.map((value) => JSON.parse(JSON.stringify(value)) as unknown);

/** Fields whose values no condition may test. */
const UNTESTED: Readonly<Record<string, readonly string[]>> = { posts: ["extra"] };

/** The rows of a world; foreign keys point at rows that are there, or nowhere. */
export const worldRows = fc
	.record({
		companies: rows("companies", ["name", "size"], 3),
		authors: rows("authors", ["name", "rank"], 5),
		posts: rows("posts", ["title", "views", "ratio", "pinned", "at", "big"], 7),
		comments: rows("comments", ["body", "score"], 9),
		tags: rows("tags", ["name"], 3),
		choices: fc.array(fc.nat(999), { minLength: 60, maxLength: 60 }),
		extras: fc.array(fc.option(stored), { minLength: 7, maxLength: 7 }),
	})
	.map(({ companies, authors, posts, comments, tags, choices, extras }) => {
		const next = chooser(choices);
		const names = ["a", "A", "b", "é", "a'b"];
		const companyIds = companies.map((_, index) => index + 1);
		const authorIds = authors.map((_, index) => names[index] as string);
		const postIds = posts.map((_, index) => index + 1);
		const tagIds = tags.map((_, index) => index + 1);
		const pairs = postIds.flatMap((postId) =>
			tagIds.filter(() => next([true, false]) === true).map((tagId) => ({ postId, tagId })),
		);
		return {
			companies: companies.map((row, index) => ({ id: index + 1, ...row })),
			authors: authors.map((row, index) => ({
				id: authorIds[index],
				...row,
				secret: "s",
				companyId: next(companyIds),
				mentorId: next(authorIds.slice(0, index + 1)),
			})),
			posts: posts.map((row, index) => ({
				id: index + 1,
				...row,
				extra: extras[index] ?? null,
				authorId: next(authorIds),
				editorId: next(authorIds),
			})),
			comments: comments.map((row, index) => ({ id: index + 1, ...row, postId: next(postIds) })),
			tags: tags.map((row, index) => ({ id: index + 1, ...row })),
			postsTags: pairs,
		};
	});

function rows(entity: string, names: readonly string[], maxLength: number) {
	const values = names.map((name) => [name, fc.option(FIELDS[entity]?.[name] as Arbitrary)]);
	return fc.array(fc.record(Object.fromEntries(values) as Record<string, Arbitrary>), {
		minLength: 0,
		maxLength,
		size: "max",
	});
}

/** Chooses from lists by numbers that were drawn before; sometimes nothing. */
function chooser(choices: readonly number[]) {
	let at = 0;
	return <T>(list: readonly T[]): T | null => {
		const choice = choices[at++ % choices.length] ?? 0;
		return list[choice % (list.length + 1)] ?? null;
	};
}

/** Paths to fields through to-one relations, at most so many hops, with the values they take. */
function paths(entity: string, hops: number): readonly (readonly [string, Arbitrary])[] {
	const own = Object.entries(FIELDS[entity] ?? {}).filter(
		([name]) => !UNTESTED[entity]?.includes(name),
	);
	if (hops === 0) return own;
	const through = Object.entries(LINKS[entity] ?? {})
		.filter(([, link]) => !link.many)
		.flatMap(([name, link]) =>
			paths(link.entity, hops - 1).map(([path, values]) => [`${name}.${path}`, values] as const),
		);
	return [...own, ...through];
}

/** The paths of a query that joins these relations, to-many ones included. */
function joinedPaths(entity: string, join: readonly string[]) {
	const joined = join.flatMap((name) => {
		const target = LINKS[entity]?.[name]?.entity ?? "";
		return paths(target, 1).map(([path, values]) => [`${name}.${path}`, values] as const);
	});
	return [...paths(entity, 2), ...joined, ...joined];
}

function comparison(value: Arbitrary): Arbitrary {
	const operators = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte"];
	return fc.oneof(
		value,
		fc.constant(null),
		...operators.map((key) => value.map((operand) => ({ [key]: operand }))),
		...["$in", "$notin"].map((key) =>
			fc.array(value, { maxLength: 3 }).map((list) => ({ [key]: list })),
		),
		fc.tuple(value, value).map((range) => ({ $between: range })),
		fc.boolean().map((yes) => ({ $isnull: yes })),
	);
}

function whereOf(fields: readonly (readonly [string, Arbitrary])[]): fc.Arbitrary<object> {
	const leaf = fc
		.constantFrom(...fields)
		.chain(([path, values]) => comparison(values).map((test) => ({ [path]: test })));
	return fc.letrec<{ node: object }>((tie) => ({
		node: fc.oneof(
			{ maxDepth: 2, depthSize: "small" },
			leaf,
			fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })),
			tie("node").map((node) => ({ $not: node })),
			fc.array(tie("node"), { maxLength: 3 }).map((nodes) => ({ $and: nodes })),
			fc.array(tie("node"), { maxLength: 3 }).map((nodes) => ({ $or: nodes })),
		),
	})).node;
}

/** The sorts of an entity. */
export function sortOf(entity: string): fc.Arbitrary<readonly string[]> {
	const names = Object.keys(FIELDS[entity] ?? {});
	return fc.uniqueArray(fc.constantFrom(...names.flatMap((name) => [name, `-${name}`])), {
		maxLength: 3,
		selector: (rule) => rule.replace("-", ""),
	});
}

/** Queries of an entity with related rows nested so deep. */
export function queryOf(entity: string, depth = 2): fc.Arbitrary<QueryInput> {
	const links = Object.entries(LINKS[entity] ?? {});
	const names = links.map(([name]) => name);
	const relations =
		depth === 0 || names.length === 0
			? fc.constant({})
			: fc.uniqueArray(fc.constantFrom(...links), { maxLength: 2 }).chain((chosen) => {
					const nested = chosen.map(
						([name, link]) => [name, queryOf(link.entity, depth - 1)] as const,
					);
					return fc.record(Object.fromEntries(nested) as Record<string, fc.Arbitrary<object>>);
				});
	const joins =
		depth === 2 ? fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }) : fc.constant([]);
	return joins.chain((join) =>
		fc.record(
			{
				where: whereOf(joinedPaths(entity, join)),
				sort: sortOf(entity),
				select: fc.uniqueArray(fc.constantFrom(...Object.keys(FIELDS[entity] ?? {})), {
					minLength: 1,
				}),
				limit: fc.integer({ min: 0, max: 9 }),
				...(depth === 2 ? { offset: fc.integer({ min: 0, max: 3 }) } : {}),
				with: relations,
				...(join.length > 0 ? { join: fc.constant(join) } : {}),
			},
			{ requiredKeys: join.length > 0 ? ["join"] : [] },
		),
	) as fc.Arbitrary<QueryInput>;
}

/** A query as {@link queryOf} makes it. */
export interface QueryInput {
	readonly where?: object;
	readonly sort?: readonly string[];
	readonly select?: readonly string[];
	readonly limit?: number;
	readonly offset?: number;
	readonly with?: Readonly<Record<string, QueryInput>>;
	readonly join?: readonly string[];
}
