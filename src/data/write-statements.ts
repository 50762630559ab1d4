import type { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import type { SqlParameter, Statement } from "./database.ts";
import type { Entity, EntityId, Row } from "./entity.ts";
import type { Field } from "./field.ts";
import { isExpression } from "./is-expression.ts";
import { packRows, unpack } from "./packed-rows.ts";
import type { Condition } from "./query/ast.ts";
import { bindCondition, conditionShape, conditionSql } from "./query/condition-sql.ts";
import { columns, keyIs } from "./query/query-plans.ts";

/** Shapes of one entity's writes that are kept. */
const CACHED_SHAPES = 128;

/**
 * The SQL of one entity's writes. Like reads, a write has a shape (which fields it sets), compiled
 * once. Every statement returns the stored rows, all fields in the order of the entity.
 */
export class WriteStatements {
	readonly #entity: Entity;
	readonly #dialect: SQLiteSyncDialect;
	readonly #sql = new BoundedCache<string, string>(CACHED_SHAPES);
	readonly #returning: string;

	/** @param dialect Compiles Drizzle's `sql` expressions, which code may give as values. */
	constructor(entity: Entity, dialect: SQLiteSyncDialect) {
		this.#entity = entity;
		this.#dialect = dialect;
		this.#returning = `returning ${columns(entity.fields)}`;
	}

	/** Inserts one row. */
	insert(row: Row): Statement {
		const fields = this.#fieldsOf(row);
		const { identifier } = this.#entity;
		if (fields.length === 0) {
			return { sql: `insert into ${identifier} default values ${this.#returning}`, params: [] };
		}
		return this.#cached("insert", fields, row, this.#bind(fields, row), () => {
			const values = fields.map((field) => this.#source(row[field.name])).join(", ");
			return `insert into ${identifier} (${columns(fields)}) values (${values}) ${this.#returning}`;
		});
	}

	/** Inserts rows that set the same fields, none of them by an expression. */
	insertMany(rows: readonly Row[]): Statement {
		const fields = this.#fieldsOf(rows[0] ?? {});
		const sql = this.#sql.getOrMake(`insertMany${shape(fields)}`, () => {
			const values = fields.map((field, place) => unpack(field, place)).join(", ");
			return `insert into ${this.#entity.identifier} (${columns(fields)}) select ${values} from json_each(?) where 1 ${this.#returning}`;
		});
		return { sql, params: [packRows(rows.map((row) => stored(fields, row)))] };
	}

	/** Updates the row with this id; the data sets at least one field. */
	update(id: EntityId, data: Row): Statement {
		const fields = this.#fieldsOf(data);
		const params = this.#bind(fields, data);
		params.push(...this.keyOf(id));
		return this.#cached("update", fields, data, params, () => {
			const { identifier } = this.#entity;
			return `update ${identifier} set ${this.#sets(fields, data)} where ${keyIs(this.#entity)} ${this.#returning}`;
		});
	}

	/** Updates rows by id, all setting the same fields, none of them by an expression. */
	updateMany(rows: readonly { readonly id: EntityId; readonly data: Row }[]): Statement {
		const { identifier, key } = this.#entity;
		const fields = this.#fieldsOf(rows[0]?.data ?? {});
		const sql = this.#sql.getOrMake(`updateMany${shape(fields)}`, () => {
			const source = [...key, ...fields].map(
				(field, place) => `${unpack(field, place)} as burdock_${place}`,
			);
			const sets = fields.map(
				(field, index) => `${field.identifier} = burdock_${key.length + index}`,
			);
			const match = key.map((field, place) => `${field.identifier} = burdock_${place}`);
			return `update ${identifier} set ${sets.join(", ")} from (select ${source.join(", ")} from json_each(?)) where ${match.join(" and ")} ${this.#returning}`;
		});
		const packed = rows.map(({ id, data }) => [...this.keyOf(id), ...stored(fields, data)]);
		return { sql, params: [packRows(packed)] };
	}

	/** Updates all rows that match. */
	updateWhere(where: Condition, data: Row): Statement {
		const fields = this.#fieldsOf(data);
		const params = this.#bind(fields, data);
		bindCondition(where, params);
		return this.#cached(`updateWhere${conditionShape(where)}`, fields, data, params, () => {
			const { identifier } = this.#entity;
			return `update ${identifier} set ${this.#sets(fields, data)} where ${conditionSql(where)} ${this.#returning}`;
		});
	}

	/** Deletes the row with this id. */
	delete(id: EntityId): Statement {
		const { identifier } = this.#entity;
		const sql = this.#sql.getOrMake(
			"delete",
			() => `delete from ${identifier} where ${keyIs(this.#entity)} ${this.#returning}`,
		);
		return { sql, params: this.keyOf(id) };
	}

	/** Deletes rows by id. */
	deleteMany(ids: readonly EntityId[]): Statement {
		const { identifier, key } = this.#entity;
		const sql = this.#sql.getOrMake("deleteMany", () => {
			const packed = key.map((field, place) => unpack(field, place)).join(", ");
			return `delete from ${identifier} where (${columns(key)}) in (select ${packed} from json_each(?)) ${this.#returning}`;
		});
		return { sql, params: [packRows(ids.map((id) => this.keyOf(id)))] };
	}

	/** Deletes all rows that match. */
	deleteWhere(where: Condition): Statement {
		const params: SqlParameter[] = [];
		bindCondition(where, params);
		const sql = this.#sql.getOrMake(
			`deleteWhere${conditionShape(where)}`,
			() =>
				`delete from ${this.#entity.identifier} where ${conditionSql(where)} ${this.#returning}`,
		);
		return { sql, params };
	}

	/** Reads the whole row with this id, in the fields' order. */
	read(id: EntityId): Statement {
		const { fields, identifier } = this.#entity;
		const sql = this.#sql.getOrMake(
			"read",
			() => `select ${columns(fields)} from ${identifier} where ${keyIs(this.#entity)}`,
		);
		return { sql, params: this.keyOf(id), first: true };
	}

	/** Reads whole rows by id, in no particular order. */
	readMany(ids: readonly EntityId[]): Statement {
		const { fields, identifier, key } = this.#entity;
		const sql = this.#sql.getOrMake("readMany", () => {
			const packed = key.map((field, place) => unpack(field, place)).join(", ");
			return `select ${columns(fields)} from ${identifier} where (${columns(key)}) in (select ${packed} from json_each(?))`;
		});
		return { sql, params: [packRows(ids.map((id) => this.keyOf(id)))] };
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

	/** The stored values of a key. */
	keyOf(id: EntityId): readonly SqlParameter[] {
		return this.#entity.key.map((field) =>
			field.toSql(typeof id === "object" ? id[field.name] : id),
		);
	}

	/** The entity's fields that this row sets, in the order of the entity. */
	#fieldsOf(row: Row): readonly Field[] {
		return this.#entity.fields.filter((field) => field.name in row);
	}

	/** The values that a row binds, in the order of the fields. */
	#bind(fields: readonly Field[], row: Row): SqlParameter[] {
		const params: SqlParameter[] = [];
		for (const field of fields) {
			const value = row[field.name];
			if (isExpression(value)) {
				params.push(...(this.#dialect.sqlToQuery(value).params as readonly SqlParameter[]));
			} else params.push(field.toSql(value));
		}
		return params;
	}

	/** What stands for a value in SQL: a placeholder, or its expression. */
	#source(value: unknown): string {
		return isExpression(value) ? `(${this.#dialect.sqlToQuery(value).sql})` : "?";
	}

	#sets(fields: readonly Field[], row: Row): string {
		return fields
			.map((field) => `${field.identifier} = ${this.#source(row[field.name])}`)
			.join(", ");
	}

	/** The statement of a shape; SQL that holds an expression is not kept. */
	#cached(
		kind: string,
		fields: readonly Field[],
		row: Row,
		params: readonly SqlParameter[],
		compile: () => string,
	): Statement {
		if (hasExpression(row)) return { sql: compile(), params };
		return { sql: this.#sql.getOrMake(`${kind}${shape(fields)}`, compile), params };
	}
}

/** Whether a row sets a field by a Drizzle `sql` expression instead of a value. */
export function hasExpression(row: Row): boolean {
	for (const name of Object.keys(row)) {
		const value = row[name];
		if (isExpression(value)) return true;
	}
	return false;
}

function stored(fields: readonly Field[], row: Row): readonly SqlParameter[] {
	return fields.map((field) => field.toSql(row[field.name]));
}

function shape(fields: readonly Field[]): string {
	return fields.map((field) => field.index).join();
}
