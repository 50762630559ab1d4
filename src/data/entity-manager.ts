import type { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import type { EventManager } from "../events/event-manager.ts";
import { noContext } from "../kernel/platform.ts";
import { dialectFor } from "./schema/casing.ts";
import { DatabaseEvents } from "./database-events.ts";
import type { Database } from "./database.ts";
import type { Entity } from "./schema/entity.ts";
import { Mutator } from "./write/mutator.ts";
import { QueryPlans } from "./query/query-plans.ts";
import { Reader } from "./read/reader.ts";
import type { EntityRef, Registry } from "./schema/registry.ts";
import type { TableOf } from "./schema/row-of.ts";
import { Repository } from "./read/repository.ts";
import { RowStatements } from "./write/row-statements.ts";
import { WriteStatements } from "./write/write-statements.ts";
import { AtomicUnit, type UnitContext } from "./write/atomic-unit.ts";
import { dependentsOf } from "./write/dependents.ts";
import { dataErrors } from "./errors.ts";
import { Write, type WriteEnvironment, type WriteResult, type WriteTarget } from "./write/write.ts";
import { Writer } from "./write/writer.ts";

/** The most rows that one bulk write may touch, unless configured otherwise. */
export const MAX_BULK_ROWS = 1000;

/** What the data layer of an app stands on. */
export interface EntityManagerOptions {
	readonly registry: Registry;
	readonly database: Database;
	readonly events: EventManager;
	/** The most rows that one bulk write may touch; default {@link MAX_BULK_ROWS}. */
	readonly maxBulkRows?: number;
	/** Carries the unit of {@link EntityManager.atomic}, so that one within another is noticed. */
	readonly units?: UnitContext;
}

interface EntityAccess {
	readonly reader: Reader;
	readonly writer: Writer;
	readonly repository: Repository;
	readonly mutator: Mutator;
}

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
	readonly #environment: WriteEnvironment;
	readonly #units: UnitContext;

	constructor(options: EntityManagerOptions) {
		const dialect = dialectFor(options.registry.casing);
		const environment = environmentOf(options, dialect);
		this.#registry = options.registry;
		this.#environment = environment;
		this.#units = options.units ?? noContext();
		this.#access = new Map(
			options.registry.all.map((entity) => [entity, accessTo(entity, environment, options)]),
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

	/**
	 * Stores several writes together, or none of them. The calls on `unit` run their before-listeners
	 * and checks at once, and are queued; when the callback resolves, they are stored in one batch, and
	 * their after-events follow in the order of the calls. What the callback throws stores nothing.
	 *
	 * `data` is what the callback returned, `meta` tells warnings of listeners. Reads within the
	 * callback, and wheres of its bulk writes, see what was stored before it.
	 *
	 * @throws `unit_nested`, `unit_not_awaited`, and what writes throw.
	 * @example
	 * ```ts
	 * const { data: post } = await app.em.atomic(async (unit) => {
	 *   const author = await unit.mutator(authors).insertOne({ name: "Ada" });
	 *   return unit.mutator(posts).insertOne({ title: "Burrs", authorId: author.id });
	 * });
	 * post.row?.title; // "Burrs"
	 * ```
	 */
	async atomic<T>(callback: (unit: AtomicUnit) => T | Promise<T>): Promise<WriteResult<T>> {
		if (this.#units.get()) throw dataErrors.create("unit_nested", {});
		const write = new Write(this.#environment);
		const unit = new AtomicUnit(write, (ref) => this.writer(ref), this.#units);
		return unit.run(callback);
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

function environmentOf(
	{ registry, database, events, maxBulkRows: maxRows = MAX_BULK_ROWS }: EntityManagerOptions,
	dialect: SQLiteSyncDialect,
): WriteEnvironment {
	const dependents = dependentsOf(registry.all);
	const targets = new Map<Entity, WriteTarget>(
		registry.all.map((entity) => {
			const statements = new WriteStatements(entity, dialect, database);
			const stored = new RowStatements(entity, database);
			const own = dependents.get(entity) ?? [];
			return [entity, { entity, statements, stored, dependents: own }];
		}),
	);
	const target = (entity: Entity) => targets.get(entity) as WriteTarget;
	return { database, events, dialect, maxRows, target };
}

function accessTo(
	entity: Entity,
	environment: WriteEnvironment,
	{ database, events }: EntityManagerOptions,
): EntityAccess {
	const reader = new Reader({ entity, plans: new QueryPlans(entity, database), database, events });
	const writer = new Writer(environment, environment.target(entity));
	return { reader, writer, repository: new Repository(reader), mutator: new Mutator(writer) };
}
