import { expectTypeOf, test } from "vitest";
import type { Config } from "../../src/app/config.ts";
import type { Relation, Through } from "../../src/data/schema/entity.ts";
import type { EntityOptions } from "../../src/data/schema/entity-options.ts";
import type { EntityManager } from "../../src/data/entity-manager.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { Mutator } from "../../src/data/write/mutator.ts";
import type { Repository } from "../../src/data/read/repository.ts";
import { EventManager } from "../../src/events/event-manager.ts";
import { comments, posts } from "../support/journal-schema.ts";

type Post = typeof posts.$inferSelect;
type NewPost = typeof posts.$inferInsert;
type Comment = typeof comments.$inferSelect;

const emgr = new EventManager(DatabaseEvents);

test("an insert of a table has the table's insert type, and is answered with it", () => {
	emgr.onEvent(
		DatabaseEvents.MutatorInsertBefore,
		(event) => {
			expectTypeOf(event.params.data).toEqualTypeOf<NewPost>();
			expectTypeOf(event.params.entity.table).toEqualTypeOf<typeof posts>();
			return { ...event.params.data, views: 1 };
		},
		{ mode: "sync", entity: posts },
	);
	// @ts-expect-error a number is no title
	emgr.onEvent(DatabaseEvents.MutatorInsertBefore, () => ({ title: 1 }), {
		mode: "sync",
		entity: posts,
	});
});

test("an update has a part of it, an after-event the stored row", () => {
	emgr.onEvent(
		DatabaseEvents.MutatorUpdateBefore,
		({ params }) => {
			expectTypeOf(params.data).toEqualTypeOf<Partial<NewPost>>();
			expectTypeOf(params.previous).returns.resolves.toEqualTypeOf<Post | undefined>();
		},
		{ mode: "sync", entity: posts },
	);
	emgr.onEvent(
		DatabaseEvents.MutatorUpdateAfter,
		({ params }) => {
			expectTypeOf(params.data).toEqualTypeOf<Post>();
			expectTypeOf(params.changed).toEqualTypeOf<Partial<NewPost>>();
			expectTypeOf(params.previous).toEqualTypeOf<Post | undefined>();
		},
		{ mode: "sync", entity: posts, previous: true },
	);
	emgr.onEvent(
		DatabaseEvents.MutatorDeleteAfter,
		({ params }) => {
			expectTypeOf(params.data).toEqualTypeOf<Post>();
		},
		{ entity: posts },
	);
});

test("commit and failed events have the data of their rows", () => {
	emgr.onEvent(
		DatabaseEvents.MutatorInsertCommit,
		({ params }) => {
			expectTypeOf(params.rows[0]?.data).toEqualTypeOf<NewPost | undefined>();
		},
		{ mode: "sync", entity: posts },
	);
	emgr.onEvent(
		DatabaseEvents.MutatorInsertFailed,
		({ params }) => {
			expectTypeOf(params.rows[0]?.data).toEqualTypeOf<NewPost | undefined>();
			expectTypeOf(params.error).toBeUnknown();
		},
		{ entity: posts },
	);
});

test("reads have the rows of the table", () => {
	emgr.onEvent(
		DatabaseEvents.RepositoryFindManyAfter,
		({ params }) => {
			expectTypeOf(params.data).toEqualTypeOf<readonly Post[]>();
			return params.data;
		},
		{ mode: "sync", entity: posts },
	);
	emgr.onEvent(
		DatabaseEvents.RepositoryFindOneAfter,
		({ params }) => {
			expectTypeOf(params.data).toEqualTypeOf<Post | undefined>();
		},
		{ entity: posts },
	);
});

test("several tables give the union of their events", () => {
	emgr.onEvent(
		DatabaseEvents.MutatorInsertAfter,
		({ params }) => {
			expectTypeOf(params.data).toEqualTypeOf<Post | Comment>();
		},
		{ entity: [posts, comments] },
	);
});

test("a name, or none, gives data of any table", () => {
	emgr.onEvent(
		DatabaseEvents.MutatorInsertBefore,
		({ params }) => {
			expectTypeOf(params.data).toEqualTypeOf<Record<string, unknown>>();
			return { ...params.data, title: String(params.data.title) };
		},
		{ mode: "sync", entity: "posts" },
	);
	emgr.onEvent(DatabaseEvents.MutatorUpdateBefore, ({ params }) => {
		expectTypeOf(params.data.title).toBeUnknown();
		expectTypeOf(params.entity.name).toBeString();
	});
});

test("repositories and mutators are typed by their table, not by a name", () => {
	const em = {} as EntityManager;
	const types = () => {
		const repository = em.repository(posts);
		expectTypeOf(repository).toEqualTypeOf<Repository<typeof posts>>();
		expectTypeOf(repository.findOne)
			.returns.resolves.toHaveProperty("data")
			.toEqualTypeOf<Post | undefined>();
		expectTypeOf(repository.findMany)
			.returns.resolves.toHaveProperty("data")
			.toEqualTypeOf<readonly Post[]>();
		expectTypeOf(repository.count).returns.resolves.toEqualTypeOf<{ readonly count: number }>();
		const mutator = em.mutator(posts);
		expectTypeOf(mutator).toEqualTypeOf<Mutator<typeof posts>>();
		expectTypeOf(mutator.insertOne).parameter(0).toEqualTypeOf<NewPost>();
		expectTypeOf(mutator.insertOne).returns.resolves.toHaveProperty("data").toEqualTypeOf<Post>();
		expectTypeOf(mutator.insertMany).parameter(0).toEqualTypeOf<readonly NewPost[]>();
		expectTypeOf(mutator.updateOne).parameter(1).toEqualTypeOf<Partial<NewPost>>();
		expectTypeOf(mutator.deleteOne).returns.resolves.toHaveProperty("data").toEqualTypeOf<Post>();
		// @ts-expect-error a title is required
		void mutator.insertOne({ views: 1 });
		expectTypeOf(em.repository("posts").findMany)
			.returns.resolves.toHaveProperty("data")
			.items.toBeObject();
		void em.mutator("posts").insertOne({ anything: 1 });
	};
	expectTypeOf(types).toBeFunction();
});

test("an entity's relations lead to entities, by name", () => {
	const check = (em: EntityManager) => {
		const relation = em.entity(posts).relation("comments");
		expectTypeOf(relation).toEqualTypeOf<Relation | undefined>();
		if (!relation) return;
		expectTypeOf(relation.target.relations).toEqualTypeOf<ReadonlyMap<string, Relation>>();
		expectTypeOf(relation.cardinality).toEqualTypeOf<"one" | "many">();
		expectTypeOf(relation.through).toEqualTypeOf<Through | undefined>();
		// @ts-expect-error a relation is not for changing
		relation.name = "other";
	};
	expectTypeOf(check).returns.toEqualTypeOf<void>();
});

test("the config knows the options of an entity, and the casings", () => {
	expectTypeOf<{ version: "edition"; hidden: ["secret"] }>().toExtend<EntityOptions>();
	expectTypeOf<{ version: false }>().toExtend<EntityOptions>();
	expectTypeOf<{ version: true }>().not.toExtend<EntityOptions>();
	expectTypeOf<NonNullable<Config["casing"]>>().toEqualTypeOf<"snake_case" | "camelCase">();
});
