import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { EventOf } from "../events/event-class.ts";
import type { DatabaseEvents } from "./database-events.ts";

/** The classes of data events, by what follows `data.<entity>.` in their topics. */
interface Phases {
	"insert.before": "MutatorInsertBefore";
	"insert.commit": "MutatorInsertCommit";
	"insert.after": "MutatorInsertAfter";
	"insert.failed": "MutatorInsertFailed";
	"update.before": "MutatorUpdateBefore";
	"update.commit": "MutatorUpdateCommit";
	"update.after": "MutatorUpdateAfter";
	"update.failed": "MutatorUpdateFailed";
	"delete.before": "MutatorDeleteBefore";
	"delete.commit": "MutatorDeleteCommit";
	"delete.after": "MutatorDeleteAfter";
	"delete.failed": "MutatorDeleteFailed";
	"find-one.before": "RepositoryFindOneBefore";
	"find-one.after": "RepositoryFindOneAfter";
	"find-many.before": "RepositoryFindManyBefore";
	"find-many.after": "RepositoryFindManyAfter";
}

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
	[
		Topic in `data.${TableName<Schema>}.${keyof Phases}`
	]: Topic extends `data.${infer Name extends keyof Schema & string}.${infer Phase extends keyof Phases}`
		? EventOf<(typeof DatabaseEvents)[Phases[Phase]], Schema[Name]>
		: never;
};
