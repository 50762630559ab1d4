import type { SQLiteSyncDialect, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { EventManager } from "../events/event-manager.ts";
import { dialectFor } from "./casing.ts";
import { DatabaseEvents } from "./database-events.ts";
import type { Database } from "./database.ts";
import type { Entity } from "./entity.ts";
import { Mutator } from "./mutator.ts";
import { QueryPlans } from "./query/query-plans.ts";
import { Reader } from "./reader.ts";
import type { EntityRef, Registry } from "./registry.ts";
import { Repository } from "./repository.ts";
import { WriteStatements } from "./write-statements.ts";
import { Writer } from "./writer.ts";

/** The most rows that one bulk write may touch, unless configured otherwise. */
export const MAX_BULK_ROWS = 1000;

/** What the data layer of an app stands on. */
export interface EntityManagerOptions {
	readonly registry: Registry;
	readonly database: Database;
	readonly events: EventManager;
	/** The most rows that one bulk write may touch; default {@link MAX_BULK_ROWS}. */
	readonly maxBulkRows?: number;
}

interface EntityAccess {
	readonly reader: Reader;
	readonly writer: Writer;
	readonly repository: Repository;
	readonly mutator: Mutator;
}

type TableOf<Ref> = Ref extends SQLiteTable ? Ref : SQLiteTable;

/**
 * All reads and writes of an app: `app.em`.
 *
 * @example
 * ```ts
 * const { data: post } = await app.em.repository(posts).findOne(1);
 * await app.em.mutator("comments").insertOne({ postId: 1, body: "Well said." });
 * ```
 */
export class EntityManager {
	static readonly Events = DatabaseEvents;

	readonly #registry: Registry;
	readonly #access: ReadonlyMap<Entity, EntityAccess>;

	constructor(options: EntityManagerOptions) {
		const dialect = dialectFor(options.registry.casing);
		this.#registry = options.registry;
		this.#access = new Map(
			options.registry.all.map((entity) => [entity, accessTo(entity, dialect, options)]),
		);
	}

	/** All entities, in the order of the schema. */
	get entities(): readonly Entity[] {
		return this.#registry.all;
	}

	/** The entity of this name or table. @throws `unknown_entity`. */
	entity(ref: EntityRef): Entity {
		return this.#registry.get(ref);
	}

	/** Reads rows of an entity, typed by its table. @throws `unknown_entity`. */
	repository<Ref extends EntityRef>(ref: Ref): Repository<TableOf<Ref>> {
		return this.#of(ref).repository as unknown as Repository<TableOf<Ref>>;
	}

	/** Writes rows of an entity, typed by its table. @throws `unknown_entity`. */
	mutator<Ref extends EntityRef>(ref: Ref): Mutator<TableOf<Ref>> {
		return this.#of(ref).mutator as unknown as Mutator<TableOf<Ref>>;
	}

	/** Reads on behalf of clients, without promises where the database needs none. */
	reader(ref: EntityRef): Reader {
		return this.#of(ref).reader;
	}

	/** Writes on behalf of clients, without promises where the database needs none. */
	writer(ref: EntityRef): Writer {
		return this.#of(ref).writer;
	}

	#of(ref: EntityRef): EntityAccess {
		return this.#access.get(this.#registry.get(ref)) as EntityAccess;
	}
}

function accessTo(
	entity: Entity,
	dialect: SQLiteSyncDialect,
	options: EntityManagerOptions,
): EntityAccess {
	const { database, events, maxBulkRows: maxRows = MAX_BULK_ROWS } = options;
	const reader = new Reader({ entity, plans: new QueryPlans(entity), database, events });
	const statements = new WriteStatements(entity, dialect);
	const writer = new Writer({ entity, statements, database, events, dialect, maxRows });
	return { reader, writer, repository: new Repository(reader), mutator: new Mutator(writer) };
}
