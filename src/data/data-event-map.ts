import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type {
	RepositoryFindManyAfter,
	RepositoryFindManyBefore,
	RepositoryFindOneAfter,
	RepositoryFindOneBefore,
} from "./read/read-events.ts";
import type {
	MutatorDeleteAfter,
	MutatorDeleteBefore,
	MutatorDeleteCommit,
	MutatorDeleteFailed,
} from "./write/delete-events.ts";
import type {
	MutatorInsertAfter,
	MutatorInsertBefore,
	MutatorInsertCommit,
	MutatorInsertFailed,
} from "./write/insert-events.ts";
import type {
	MutatorUpdateAfter,
	MutatorUpdateBefore,
	MutatorUpdateCommit,
	MutatorUpdateFailed,
} from "./write/update-events.ts";

/** The events of one table, by what follows `data.<entity>.` in their topics. */
interface TableEvents<T extends SQLiteTable> {
	"insert.before": MutatorInsertBefore<T>;
	"insert.commit": MutatorInsertCommit<T>;
	"insert.after": MutatorInsertAfter<T>;
	"insert.failed": MutatorInsertFailed<T>;
	"update.before": MutatorUpdateBefore<T>;
	"update.commit": MutatorUpdateCommit<T>;
	"update.after": MutatorUpdateAfter<T>;
	"update.failed": MutatorUpdateFailed<T>;
	"delete.before": MutatorDeleteBefore<T>;
	"delete.commit": MutatorDeleteCommit<T>;
	"delete.after": MutatorDeleteAfter<T>;
	"delete.failed": MutatorDeleteFailed<T>;
	"find-one.before": RepositoryFindOneBefore<T>;
	"find-one.after": RepositoryFindOneAfter<T>;
	"find-many.before": RepositoryFindManyBefore<T>;
	"find-many.after": RepositoryFindManyAfter<T>;
}

type Phase = keyof TableEvents<SQLiteTable>;

type TableName<Schema> = {
	[Name in keyof Schema & string]: Schema[Name] extends SQLiteTable ? Name : never;
}[keyof Schema & string];

/**
 * The data events of a Drizzle schema by topic, for `EventMap`: `on("data.posts.insert.before", …)`
 * then has the table's own types.
 *
 * @example
 * ```ts
 * import type { DataEventMap } from "burdock/data";
 * import type * as schema from "./schema.ts";
 *
 * declare module "burdock/events" {
 *   interface EventMap extends DataEventMap<typeof schema> {}
 * }
 * ```
 */
export type DataEventMap<Schema> = {
	[Topic in `data.${TableName<Schema>}.${Phase}`]: Topic extends `data.${infer Name}.${infer Rest}`
		? Name extends keyof Schema
			? Schema[Name] extends infer Table extends SQLiteTable
				? Rest extends Phase
					? TableEvents<Table>[Rest]
					: never
				: never
			: never
		: never;
};
