import type { SQLiteSyncDialect } from "drizzle-orm/sqlite-core";
import type { SqlParameter, Statement } from "../database.ts";
import type { Entity, EntityId, Row } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { isExpression } from "../schema/is-expression.ts";
import { fitsBytes } from "../parameters.ts";
import { packRows, unpack } from "./packed-rows.ts";
import { fieldShape, hasVersion, isAmong, keyValues } from "./row-statements.ts";
import type { Condition } from "../query/ast.ts";
import { bindCondition, conditionShape, conditionSql } from "../query/condition-sql.ts";
import { columns, keyIs } from "../query/query-plans.ts";
import { SelectList } from "../query/select-list.ts";
import { SqlCache } from "../query/sql-cache.ts";
import type { WritingEngine } from "../query/writing-engine.ts";
import { referenceSql, RowReference } from "./row-reference.ts";

/** Units of UTF-16 that every engine holds in one value. */
const SMALL = 500_000;

/**
 * The SQL of one entity's writes. Like reads, a write has a shape (which fields it sets), compiled
 * once. Every statement returns the stored rows, all fields in the order of the entity.
 */
export class WriteStatements {
	readonly #entity: Entity;
	readonly #dialect: SQLiteSyncDialect;
	readonly #sql = new SqlCache();
	readonly #engine: WritingEngine;
	readonly #list: SelectList;
	#returns: string | undefined;

	/** @param dialect Compiles Drizzle's `sql` expressions, which code may give as values. */
	constructor(entity: Entity, dialect: SQLiteSyncDialect, engine: WritingEngine) {
		this.#entity = entity;
		this.#dialect = dialect;
		this.#engine = engine;
		this.#list = new SelectList(engine);
	}

	/** Whether the engine can hold the rows that a statement for many packs into one value. */
	fits({ params: [packed] }: Statement): boolean {
		if (typeof packed !== "string" || packed.length <= SMALL) return true;
		return fitsBytes(packed, this.#engine.capabilities.maxValueBytes);
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

	/** Inserts rows that set the same fields, by values or by the ids of other new rows. */
	insertMany(rows: readonly Row[]): Statement {
		const [first = {}] = rows;
		const fields = this.#fieldsOf(first);
		const sql = this.#sql.getOrMake(`insertMany${packedShape(fields, first)}`, () => {
			const values = fields
				.map((field, place) => unpackAs(first[field.name], field, place))
				.join(", ");
			return `insert into ${this.#entity.identifier} (${columns(fields)}) select ${values} from json_each(?) where 1 ${this.#returning}`;
		});
		return { sql, params: [packRows(rows.map((row) => stored(fields, row)))] };
	}

	/**
	 * Updates the row with this id; the data sets at least one field.
	 * @param versions Only if the row's version is one of these.
	 */
	update(id: EntityId, data: Row, versions?: readonly number[]): Statement {
		const fields = this.#fieldsOf(data);
		const params = this.#bind(fields, data);
		params.push(...keyValues(this.#entity, id));
		if (versions) params.push(JSON.stringify(versions));
		const kind = versions ? "updateVersion" : "update";
		return this.#cached(kind, fields, data, params, () => {
			const { identifier } = this.#entity;
			return `update ${identifier} set ${this.#sets(fields, data)} where ${this.#keyIs(versions)} ${this.#returning}`;
		});
	}

	/** Updates rows by id, all setting the same fields, by values or by the ids of new rows. */
	updateMany(rows: readonly { readonly id: EntityId; readonly data: Row }[]): Statement {
		const { identifier, key, version } = this.#entity;
		const { data: first = {} } = rows[0] ?? {};
		const fields = this.#fieldsOf(first);
		const sql = this.#sql.getOrMake(`updateMany${packedShape(fields, first)}`, () => {
			const source = [
				...key.map((field, place) => unpack(field, place)),
				...fields.map((field, index) => unpackAs(first[field.name], field, key.length + index)),
			].map((value, place) => `${value} as burdock_${place}`);
			const sets = fields.map(
				(field, index) => `${field.identifier} = burdock_${key.length + index}`,
			);
			if (version) sets.push(`${version.identifier} = ${version.identifier} + 1`);
			const match = key.map((field, place) => `${field.identifier} = burdock_${place}`);
			return `update ${identifier} set ${sets.join(", ")} from (select ${source.join(", ")} from json_each(?)) where ${match.join(" and ")} ${this.#returning}`;
		});
		const packed = rows.map(({ id, data }) => [
			...keyValues(this.#entity, id),
			...stored(fields, data),
		]);
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

	/**
	 * Deletes the row with this id.
	 * @param versions Only if its version is one of these.
	 */
	delete(id: EntityId, versions?: readonly number[]): Statement {
		const { identifier } = this.#entity;
		const sql = this.#sql.getOrMake(
			versions ? "deleteVersion" : "delete",
			() => `delete from ${identifier} where ${this.#keyIs(versions)} ${this.#returning}`,
		);
		const params = keyValues(this.#entity, id);
		return { sql, params: versions ? [...params, JSON.stringify(versions)] : params };
	}

	/** Deletes rows by id. */
	deleteMany(ids: readonly EntityId[]): Statement {
		const { identifier, key } = this.#entity;
		const sql = this.#sql.getOrMake("deleteMany", () => {
			return `delete from ${identifier} where ${isAmong(key)} ${this.#returning}`;
		});
		return { sql, params: [packRows(ids.map((id) => keyValues(this.#entity, id)))] };
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

	get #returning(): string {
		return (this.#returns ??= `returning ${this.#list.of(this.#entity.fields)}`);
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

	/** Every update of a row counts one up, whatever else it sets. */
	#sets(fields: readonly Field[], row: Row): string {
		const { version } = this.#entity;
		const sets = fields.map((field) => `${field.identifier} = ${this.#source(row[field.name])}`);
		if (version) sets.push(`${version.identifier} = ${version.identifier} + 1`);
		return sets.join(", ");
	}

	#keyIs(versions: readonly number[] | undefined): string {
		const { version } = this.#entity;
		const key = keyIs(this.#entity);
		return versions && version ? `${key} and ${hasVersion(version)}` : key;
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
		return { sql: this.#sql.getOrMake(`${kind}${fieldShape(fields)}`, compile), params };
	}
}

/** Whether a row sets a field by a Drizzle `sql` expression instead of a value. */
function hasExpression(row: Row): boolean {
	for (const name of Object.keys(row)) {
		const value = row[name];
		if (isExpression(value)) return true;
	}
	return false;
}

/** What is packed of a row: its stored values, and for the id of another new row, where that is kept. */
function stored(fields: readonly Field[], row: Row): readonly SqlParameter[] {
	return fields.map((field) => {
		const value = row[field.name];
		return value instanceof RowReference ? value.slot : field.toSql(value);
	});
}

/** Takes a value out of a packed row that is like this one. */
function unpackAs(like: unknown, field: Field, place: number): string {
	return like instanceof RowReference ? referenceSql(`value ->> ${place}`) : unpack(field, place);
}

function packedShape(fields: readonly Field[], like: Row): string {
	return fields
		.map(({ index, name }) => (like[name] instanceof RowReference ? `${index}*` : index))
		.join();
}
