import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import { didYouMean } from "../../kernel/nearest.ts";
import type { Casing } from "./casing.ts";
import type { Entity } from "./entity.ts";
import { dataErrors } from "../errors.ts";
import { shorten } from "../fault-list.ts";

/** An entity by its name or by its Drizzle table. */
export type EntityRef = string | SQLiteTable;

/** The entities of one app. */
export class Registry {
	readonly #byName: ReadonlyMap<string, Entity>;
	readonly #byTable: ReadonlyMap<object, Entity>;

	constructor(entities: readonly Entity[]) {
		this.#byName = new Map(entities.map((entity) => [entity.name, entity]));
		this.#byTable = new Map(entities.map((entity) => [entity.table, entity]));
	}

	/** All entities, in the order of the schema. */
	get all(): readonly Entity[] {
		return [...this.#byName.values()];
	}

	/** How columns that were declared without a name are named in SQL; undefined: as they are. */
	get casing(): Casing | undefined {
		return this.all[0]?.casing;
	}

	/** The entity of this name or table, or undefined. */
	find(ref: string | object): Entity | undefined {
		return typeof ref === "string" ? this.#byName.get(ref) : this.#byTable.get(ref);
	}

	/** The entity of this name or table. @throws `unknown_entity`, a 404. */
	get(ref: EntityRef): Entity {
		const entity = this.find(ref);
		if (entity) return entity;
		if (typeof ref !== "string") {
			throw dataErrors.create("unknown_entity", { entity: "for this table" });
		}
		const hint = didYouMean(ref, this.#byName.keys());
		throw dataErrors.create(
			"unknown_entity",
			{ entity: shorten(ref) },
			hint ? { details: { hint: hint.trim() } } : {},
		);
	}
}
