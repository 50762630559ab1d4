import fc from "fast-check";
import type { Effect, Effects } from "./forum-model.ts";

/** What is written of a topic. */
export interface TopicInput {
	readonly title?: string;
	readonly author?: { readonly set: number | null } | { readonly create: string };
	readonly comments?: readonly string[];
	readonly tags?: Readonly<Record<"set" | "attach" | "detach", readonly string[] | undefined>>;
	/** How far the version is off that was seen. */
	readonly versionOff?: number;
}

/** One call. */
export type Call =
	| { readonly kind: "insert"; readonly topics: readonly TopicInput[] }
	| { readonly kind: "update"; readonly id: number; readonly topic: TopicInput }
	| { readonly kind: "updateWhere"; readonly ids: readonly number[]; readonly title: string }
	| { readonly kind: "delete"; readonly id: number }
	| { readonly kind: "deleteWhere"; readonly ids: readonly number[] }
	| { readonly kind: "deleteAuthor"; readonly id: number }
	| { readonly kind: "author"; readonly name: string }
	/** A topic of the author that was inserted last in the same unit. */
	| { readonly kind: "topicOfLast"; readonly title: string };

/** A call, or several as a unit, and what listeners do meanwhile. */
export interface Step {
	readonly calls: readonly Call[];
	readonly atomic: boolean;
	/** Whether the callback of a unit throws at its end. */
	readonly throws: boolean;
	readonly effects: Effects;
}

const effectsOf = (some: readonly Effect[]) =>
	fc.array(
		fc.oneof(
			{ weight: 14, arbitrary: fc.constant<Effect>("pass") },
			{ weight: 1, arbitrary: fc.constantFrom(...some) },
		),
		{ maxLength: 12 },
	);
const effects = fc.record({
	before: effectsOf(["refuse", "prevent", "change", "prevent", "change"]),
	commit: effectsOf(["refuse", "append", "append", "append"]),
	after: effectsOf(["warn"]),
});

const id = fc.integer({ min: 1, max: 5 });
const title = fc.constantFrom("a", "b", "c");
const name = fc.constantFrom("Ada", "Ben", "Cy", "Dee", "Eve", "Flo");
const tagIds = fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 });
const author: fc.Arbitrary<TopicInput["author"]> = fc.oneof(
	fc.record({ set: fc.option(id) }),
	fc.record({ create: name }),
);
const comments = fc.array(title, { minLength: 1, maxLength: 2 });
const none = fc.constant(undefined);
const inserted: fc.Arbitrary<TopicInput> = fc.record(
	{
		title,
		author: author as fc.Arbitrary<{ readonly create: string }>,
		comments,
		tags: fc.record({ set: none, attach: tagIds, detach: none }),
	},
	{ requiredKeys: ["title"] },
);
const updated: fc.Arbitrary<TopicInput> = fc.record(
	{
		title,
		author: author as fc.Arbitrary<{ readonly create: string }>,
		comments,
		tags: fc.oneof(
			fc.record({ set: tagIds, attach: none, detach: none }),
			fc.record({ set: none, attach: tagIds, detach: tagIds }),
		),
		versionOff: fc.constantFrom(0, 0, 0, 1),
	},
	{ requiredKeys: [] },
);
const ids = fc.uniqueArray(id, { minLength: 1, maxLength: 3 });
const insert = fc.record({
	kind: fc.constant("insert" as const),
	topics: fc.array(inserted, { minLength: 1, maxLength: 3 }),
});
const update = fc.record({ kind: fc.constant("update" as const), id, topic: updated });
const updateWhere = fc.record({ kind: fc.constant("updateWhere" as const), ids, title });
const deleteOne = fc.record({ kind: fc.constant("delete" as const), id });
const deleteWhere = fc.record({ kind: fc.constant("deleteWhere" as const), ids });
const deleteAuthor = fc.record({ kind: fc.constant("deleteAuthor" as const), id });
const call: fc.Arbitrary<Call> = fc.oneof(
	{ weight: 4, arbitrary: insert },
	{ weight: 3, arbitrary: update },
	updateWhere,
	deleteOne,
	deleteWhere,
	deleteAuthor,
);
const unitCall: fc.Arbitrary<Call> = fc.oneof(
	{ weight: 3, arbitrary: call },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("author" as const), name }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("topicOfLast" as const), title }) },
);

/** Sequences of writes. */
export const forumSteps: fc.Arbitrary<readonly Step[]> = fc.array(
	fc.oneof(
		{
			weight: 3,
			arbitrary: fc.record({
				calls: call.map((one) => [one]),
				atomic: fc.constant(false),
				throws: fc.constant(false),
				effects,
			}),
		},
		{
			weight: 2,
			arbitrary: fc.record({
				calls: fc.array(unitCall, { minLength: 1, maxLength: 4 }),
				atomic: fc.constant(true),
				throws: fc.constantFrom(false, false, false, true),
				effects,
			}),
		},
	),
	{ minLength: 1, maxLength: 8 },
);
