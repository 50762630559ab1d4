import type { SqlParameter, Statement } from "../database.ts";
import type { Entity, EntityId } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { refuseWhen } from "./guard.ts";
import { packRows, unpack } from "./packed-rows.ts";
import type { Condition } from "../query/ast.ts";
import { bindCondition, conditionShape, conditionSql } from "../query/condition-sql.ts";
import { columns, keyIs } from "../query/query-plans.ts";
import { SelectList } from "../query/select-list.ts";
import { SqlCache } from "../query/sql-cache.ts";
import type { WritingEngine } from "../query/writing-engine.ts";

/**
 * The SQL by which writes look at stored rows of one entity: reads of whole rows, all fields in the
 * order of the entity, and guards that refuse a batch.
 */
export class RowStatements {
	readonly #entity: Entity;
	readonly #sql = new SqlCache();
	readonly #list: SelectList;

	constructor(entity: Entity, engine: WritingEngine) {
		this.#entity = entity;
		this.#list = new SelectList(engine);
	}

	/** Reads the whole row with this id, in the fields' order. */
	read(id: EntityId): Statement {
		const { fields, identifier } = this.#entity;
		const sql = this.#sql.getOrMake(
			"read",
			() => `select ${this.#list.of(fields)} from ${identifier} where ${keyIs(this.#entity)}`,
		);
		return { sql, params: keyValues(this.#entity, id), first: true };
	}

	/** Reads whole rows by id, in no particular order. */
	readMany(ids: readonly EntityId[]): Statement {
		const { fields, identifier, key } = this.#entity;
		const sql = this.#sql.getOrMake("readMany", () => {
			return `select ${this.#list.of(fields)} from ${identifier} where ${isAmong(key)}`;
		});
		return { sql, params: [packRows(ids.map((id) => keyValues(this.#entity, id)))] };
	}

	/** Reads the values of these fields that any row has of the given ones. */
	readValues(fields: readonly Field[], values: readonly (readonly SqlParameter[])[]): Statement {
		const { identifier } = this.#entity;
		const sql = this.#sql.getOrMake(
			`readValues${fieldShape(fields)}`,
			() => `select ${this.#list.of(fields)} from ${identifier} where ${isAmong(fields)}`,
		);
		return { sql, params: [packRows(values)] };
	}

	/** Reads whole rows whose fields have one of the given sets of values, by key, at most `limit`. */
	readBy(
		fields: readonly Field[],
		values: readonly (readonly SqlParameter[])[],
		limit: number,
	): Statement {
		const { identifier, key } = this.#entity;
		const sql = this.#sql.getOrMake(
			`readBy${fieldShape(fields)}`,
			() =>
				`select ${this.#list.of(this.#entity.fields)} from ${identifier} where ${isAmong(fields)} order by ${columns(key)} limit ?`,
		);
		return { sql, params: [packRows(values), limit] };
	}

	/**
	 * Rolls the batch back unless all of these rows are there.
	 * @param versions And their version is one of these.
	 */
	refuseMissing(ids: readonly EntityId[], versions?: readonly number[]): Statement {
		const { identifier, key, version } = this.#entity;
		const sql = this.#sql.getOrMake(versions ? "refuseStale" : "refuseMissing", () => {
			const current = versions && version ? ` and ${hasVersion(version)}` : "";
			return refuseWhen(
				`(select count(*) from ${identifier} where ${isAmong(key)}${current}) <> ?`,
			);
		});
		const packed = packRows(ids.map((id) => keyValues(this.#entity, id)));
		const params = versions ? [packed, JSON.stringify(versions)] : [packed];
		return { sql, params: [...params, ids.length] };
	}

	/** Rolls the batch back unless as many rows as sets of values have just these. */
	refuseOtherValues(
		fields: readonly Field[],
		values: readonly (readonly SqlParameter[])[],
	): Statement {
		const { identifier } = this.#entity;
		const sql = this.#sql.getOrMake(`refuseOtherValues${fieldShape(fields)}`, () =>
			refuseWhen(`(select count(*) from ${identifier} where ${isAmong(fields)}) <> ?`),
		);
		return { sql, params: [packRows(values), values.length] };
	}

	/** Rolls the batch back if rows beside the known ones have one of these sets of values. */
	refuseOthers(
		fields: readonly Field[],
		values: readonly (readonly SqlParameter[])[],
		known: readonly EntityId[],
	): Statement {
		const { identifier, key } = this.#entity;
		const sql = this.#sql.getOrMake(`refuseOthers${fieldShape(fields)}`, () =>
			refuseWhen(
				`exists (select 1 from ${identifier} where ${isAmong(fields)} and not (${isAmong(key)}))`,
			),
		);
		return {
			sql,
			params: [packRows(values), packRows(known.map((id) => keyValues(this.#entity, id)))],
		};
	}

	/** Reads the keys of all rows that match, by key, at most `limit` of them. */
	keysWhere(where: Condition, limit: number): Statement {
		const { identifier, key } = this.#entity;
		const params: SqlParameter[] = [];
		bindCondition(where, params);
		params.push(limit);
		const sql = this.#sql.getOrMake(
			`keysWhere${conditionShape(where)}`,
			() =>
				`select ${columns(key)} from ${identifier} where ${conditionSql(where)} order by ${columns(key)} limit ?`,
		);
		return { sql, params };
	}
}

/** The stored values of a key. */
export function keyValues(entity: Entity, id: EntityId): readonly SqlParameter[] {
	return entity.key.map((field) => field.toSql(typeof id === "object" ? id[field.name] : id));
}

/** A condition: the fields have one of the sets of values that a parameter packs. */
export function isAmong(fields: readonly Field[]): string {
	const packed = fields.map((field, place) => unpack(field, place)).join(", ");
	return `(${columns(fields)}) in (select ${packed} from json_each(?))`;
}

/** A condition: the version is one of those in a parameter. */
export function hasVersion(version: Field): string {
	return `${version.identifier} in (select value from json_each(?))`;
}

/** A text that is the same for the same fields only. */
export function fieldShape(fields: readonly Field[]): string {
	return fields.map((field) => field.index).join();
}
