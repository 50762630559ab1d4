import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Casing } from "./casing.ts";
import type { SqlRow } from "../database.ts";
import { dataErrors } from "../errors.ts";
import { shorten } from "../fault-list.ts";
import { DEFAULT_MAX_LIMIT, type EntityOptions } from "./entity-options.ts";
import type { Field } from "./field.ts";
import { INVALID } from "./codec.ts";
import type { Sort } from "./sort.ts";

/** A row as code sees it: property keys to JavaScript values. */
export type Row = Record<string, unknown>;

/** The value of a primary key; of a composite one, an object of its fields. */
export type EntityId = number | string | Readonly<Record<string, number | string>>;

/** What the database does to rows that refer to one that is deleted, or whose key changes. */
export type ReferenceAction = "cascade" | "restrict" | "no action" | "set null" | "set default";

/** A foreign key: fields here that refer to columns of another table. */
export interface Reference {
	readonly fields: readonly Field[];
	readonly table: SQLiteTable;
	/** The columns of that table, in the order of the fields; {@link Entity.fieldOf} finds its fields. */
	readonly columns: readonly SQLiteColumn[];
	readonly onUpdate: ReferenceAction;
	readonly onDelete: ReferenceAction;
}

/** Two fields of two entities whose values are equal where rows belong together. */
export interface FieldPair {
	readonly from: Field;
	readonly to: Field;
}

/** The entity in the middle of a many-to-many relation: `posts` → `postsTags` → `tags`. */
export interface Through {
	readonly entity: Entity;
	/** From the source to the entity in the middle. */
	readonly source: readonly FieldPair[];
	/** From the entity in the middle to the target. */
	readonly target: readonly FieldPair[];
}

/**
 * How rows of one entity belong to rows of another, seen from one side. Relations come from Drizzle's
 * `relations()`; where none is declared, from foreign keys, in both directions.
 *
 * @example
 * ```ts
 * app.em.entity("posts").relation("author")?.target.name; // "users"
 * ```
 */
export interface Relation {
	/** The name in `with`, `join`, dotted fields and URLs. */
	readonly name: string;
	/** How many rows of the target belong to one of the source: at most one, or any number. */
	readonly cardinality: "one" | "many";
	readonly source: Entity;
	readonly target: Entity;
	/** The pairs that join source and target; empty when the relation goes through another entity. */
	readonly pairs: readonly FieldPair[];
	/** Set for a many-to-many relation. */
	readonly through?: Through;
	/**
	 * Where the foreign key is: in the source (`posts.authorId` for `author`), in the target (for
	 * `users.posts`), or in the entity that the relation goes through.
	 */
	readonly keyIn: "source" | "target" | "through";
}

/** Everything about an entity, as read from its Drizzle table. */
export interface EntityDefinition<T extends SQLiteTable> {
	readonly name: string;
	readonly table: T;
	readonly tableName: string;
	readonly fields: readonly Field[];
	readonly key: readonly Field[];
	/** The sets of fields whose values no two rows share, the primary key first. */
	readonly uniqueKeys: readonly (readonly Field[])[];
	readonly autoIncrement: boolean;
	/** The field that counts the updates of a row. */
	readonly version: Field | undefined;
	readonly options: EntityOptions;
	readonly casing?: Casing | undefined;
	readonly references: readonly Reference[];
	/** The relations of the entity; asked for once all entities are there. */
	readonly relations: (entity: Entity) => readonly Relation[];
}

/**
 * A table that Burdock serves. Its name is the name under which the schema module exports it.
 *
 * @example
 * ```ts
 * app.emgr.onEvent(DatabaseEvents.MutatorInsertBefore, (event) => {
 *   console.log(event.params.entity.name, event.params.entity.fields.map((field) => field.name));
 * });
 * ```
 */
export class Entity<T extends SQLiteTable = SQLiteTable> {
	readonly name: string;
	readonly table: T;
	readonly tableName: string;
	/** The quoted SQL identifier of the table. */
	readonly identifier: string;
	readonly fields: readonly Field[];
	/** The fields of the primary key, one unless it is composite. */
	readonly key: readonly Field[];
	/** The sets of fields whose values no two rows share, the primary key first. */
	readonly uniqueKeys: readonly (readonly Field[])[];
	/** Whether the key is an AUTOINCREMENT integer. */
	readonly autoIncrement: boolean;
	/** The field that counts the updates of a row, or undefined when nothing does. */
	readonly version: Field | undefined;
	/** How columns that were declared without a name are named in SQL; undefined: as they are. */
	readonly casing: Casing | undefined;
	readonly label: string;
	readonly limit: number;
	readonly maxLimit: number;
	readonly references: readonly Reference[];
	/** The fields that are read when a query selects none: all but the hidden ones. */
	readonly visible: readonly Field[];
	/** The default sort as it was configured. */
	readonly defaultSort: string | undefined;
	/** Sort by primary key, ascending. */
	readonly keySort: readonly Sort[];
	/** The sort of a query that names none: the default one, then the primary key. */
	readonly sort: readonly Sort[];
	readonly #byName: ReadonlyMap<string, Field>;
	readonly #byColumn: ReadonlyMap<object, Field>;
	readonly #readRelations: (entity: Entity) => readonly Relation[];
	#relations: ReadonlyMap<string, Relation> | undefined;

	constructor(definition: EntityDefinition<T>) {
		const { options } = definition;
		this.name = definition.name;
		this.table = definition.table;
		this.tableName = definition.tableName;
		this.identifier = `"${definition.tableName.replaceAll('"', '""')}"`;
		this.fields = definition.fields;
		this.key = definition.key;
		this.uniqueKeys = definition.uniqueKeys;
		this.autoIncrement = definition.autoIncrement;
		this.casing = definition.casing;
		this.version = definition.version;
		this.references = definition.references;
		this.label = options.label ?? definition.name;
		this.maxLimit = options.maxLimit ?? DEFAULT_MAX_LIMIT;
		this.limit = options.limit ?? Math.min(10, this.maxLimit);
		this.defaultSort = options.sort;
		this.visible = definition.fields.filter((field) => !field.hidden);
		this.#byName = new Map(definition.fields.map((field) => [field.name, field]));
		this.#byColumn = new Map(definition.fields.map((field) => [field.column, field]));
		this.#readRelations = definition.relations;
		this.keySort = definition.key.map((field) => ({ field, direction: "asc" }));
		this.sort = this.#readSort(options.sort);
		// Listeners get it: what one of them does to it would be done to everybody.
		Object.freeze(this);
	}

	/** What stands for it in JSON, as in copies of events: its name. */
	toJSON(): string {
		return this.name;
	}

	/** The field of this name, or undefined. */
	field(name: string): Field | undefined {
		return this.#byName.get(name);
	}

	/** The field of this Drizzle column, or undefined when it is a column of another table. */
	fieldOf(column: object): Field | undefined {
		return this.#byColumn.get(column);
	}

	/** The relations to other entities, by name. */
	get relations(): ReadonlyMap<string, Relation> {
		this.#relations ??= new Map(
			this.#readRelations(this as Entity).map((relation) => [relation.name, relation]),
		);
		return this.#relations;
	}

	/** The relation of this name, or undefined. */
	relation(name: string): Relation | undefined {
		return this.relations.get(name);
	}

	/** The one field of a primary key that is not composite, or undefined. */
	get singleKey(): Field | undefined {
		return this.key.length === 1 ? this.key[0] : undefined;
	}

	/** The id of a row that has all fields of the key. */
	idOf(row: Row): EntityId {
		const single = this.singleKey;
		if (single) return row[single.name] as EntityId;
		return Object.fromEntries(this.key.map(({ name }) => [name, row[name] as string | number]));
	}

	/**
	 * Takes an id as it stands in a URL, or as code gives it, to the key's type.
	 * @throws `bad_id` when it is not of that type, `no_single_key` when the key is composite.
	 */
	readId(input: unknown): number | string {
		const key = this.singleKey;
		if (!key) throw dataErrors.create("no_single_key", { entity: this.name });
		const value = key.read(
			key.type === "integer" && typeof input === "string" && /^(?:0|-?[1-9]\d{0,15})$/.test(input)
				? Number(input)
				: input,
		);
		if (value === INVALID || value === null || typeof value === "object") {
			throw dataErrors.create("bad_id", {
				id: typeof input === "object" && input !== null ? "An object" : shorten(String(input)),
				entity: this.name,
				expected: key.expected,
			});
		}
		return value as number | string;
	}

	/** The path of an event about a row: `<entity>/<id>`, a composite id as comma-separated values. */
	pathOf(id: EntityId): string {
		return `${this.name}/${typeof id === "object" ? Object.values(id).join(",") : id}`;
	}

	#readSort(sort: string | undefined): readonly Sort[] {
		const result: Sort[] = [];
		for (const part of sort?.split(",") ?? []) {
			const name = part.trim();
			const field = this.#byName.get(name.replace(/^-/, ""));
			if (field) result.push({ field, direction: name.startsWith("-") ? "desc" : "asc" });
		}
		const sorted = new Set(result.map((rule) => rule.field));
		return [...result, ...this.keySort.filter((rule) => !sorted.has(rule.field))];
	}
}

/** Makes a row object of the values of these fields, in their order. */
export function hydrate(fields: readonly Field[], values: SqlRow): Row {
	const row: Row = {};
	for (let index = 0; index < fields.length; index++) {
		const field = fields[index] as Field;
		const value = values[index] ?? null;
		row[field.name] = field.fromSql === undefined ? value : field.fromSql(value);
	}
	return row;
}
