import type { SqlParameter, Statement } from "../database.ts";
import type { Entity } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { Aliases } from "./aliases.ts";
import type { Condition, Query, With } from "./ast.ts";
import { bindCondition, conditionShape, conditionSql } from "./condition-sql.ts";
import { SelectList } from "./select-list.ts";
import { SqlCache } from "./sql-cache.ts";
import {
	bindCount,
	bindQuery,
	bindWith,
	countSql,
	queryShape,
	querySql,
	withShape,
	withSql,
} from "./with-sql.ts";
import type { WritingEngine } from "./writing-engine.ts";

/** The rows of one relation of the row with a key, and how many there are. */
export interface ReferenceQuery {
	readonly key: SqlParameter;
	/** What must hold for the row itself. */
	readonly where: Condition | undefined;
	readonly rows: With;
	/** Relations whose rows are counted only. */
	readonly counts: readonly With[];
}

/**
 * The SQL of one entity's reads. A query's shape (everything but its values) is compiled once and
 * looked up from then on; values only ever travel as parameters.
 */
export class QueryPlans {
	readonly #entity: Entity;
	readonly #sql = new SqlCache();
	readonly #engine: WritingEngine;
	readonly #list: SelectList;
	#byId: string | undefined;

	constructor(entity: Entity, engine: WritingEngine) {
		this.#entity = entity;
		this.#engine = engine;
		this.#list = new SelectList(engine);
	}

	/** How many shapes are kept. */
	get size(): number {
		return this.#sql.size;
	}

	/** Reads the visible fields of the row with this id. */
	byId(id: SqlParameter): Statement {
		this.#byId ??= this.#compileById();
		return { sql: this.#byId, params: [id], first: true };
	}

	/**
	 * Reads the rows of a query: its fields, then one column of JSON for each relation, then those of
	 * the cursor.
	 */
	find(query: Query): Statement {
		const { select, where, sort } = query;
		if (query.with.length > 0 || query.page !== undefined) return this.#findRelated(query);
		const shape = `${shapeOfFields(select)}|${where ? conditionShape(where) : ""}|${sort
			.map(({ field, direction }) => (direction === "asc" ? field.index : -field.index - 1))
			.join()}`;
		const sql = this.#sql.getOrMake(shape, () => this.#compile(query));
		const params: SqlParameter[] = [];
		if (where) bindCondition(where, params);
		params.push(query.limit, query.offset);
		return { sql, params };
	}

	/** Reads rows of a relation, as one column of JSON, and their numbers; no row when there is no such id. */
	reference({ key, where, rows, counts }: ReferenceQuery): Statement {
		const shape = `of|${where ? conditionShape(where) : ""}|${[rows, ...counts].map(withShape).join("|")}`;
		const sql = this.#sql.getOrMake(shape, () => {
			const aliases = new Aliases(this.#engine);
			const { identifier } = this.#entity;
			const outer = `${identifier}.`;
			const parts = [
				withSql(rows, outer, aliases),
				...counts.map((part) => countSql(part, outer, aliases)),
			];
			const filters = where ? ` and ${conditionSql(where, "", aliases)}` : "";
			return `select ${parts.map((part) => `(${part})`).join(", ")} from ${identifier} where ${keyIs(this.#entity)}${filters}`;
		});
		const params: SqlParameter[] = [];
		bindWith(rows, params);
		for (const part of counts) bindCount(part, params);
		params.push(key);
		if (where) bindCondition(where, params);
		return { sql, params, first: true };
	}

	/** Counts the rows that match; one row, one column. */
	count(where: Condition | undefined): Statement {
		return this.#aggregate("count", where);
	}

	/** Answers 1 or 0; one row, one column. */
	exists(where: Condition | undefined): Statement {
		return this.#aggregate("exists", where);
	}

	#findRelated(query: Query): Statement {
		const sql = this.#sql.getOrMake(`with|${queryShape(query)}`, () =>
			querySql(query, this.#list, new Aliases(this.#engine)),
		);
		const params: SqlParameter[] = [];
		bindQuery(query, params);
		return { sql, params };
	}

	#aggregate(kind: "count" | "exists", where: Condition | undefined): Statement {
		const sql = this.#sql.getOrMake(`${kind}|${where ? conditionShape(where) : ""}`, () => {
			const source = `from ${this.#entity.identifier}${filter(where)}`;
			return kind === "count" ? `select count(*) ${source}` : `select exists(select 1 ${source})`;
		});
		const params: SqlParameter[] = [];
		if (where) bindCondition(where, params);
		return { sql, params, first: true };
	}

	#compileById(): string {
		const { visible, identifier } = this.#entity;
		return `select ${this.#list.of(visible)} from ${identifier} where ${keyIs(this.#entity)}`;
	}

	#compile({ select, where, sort }: Query): string {
		const order = sort.map(({ field, direction }) => `${field.identifier} ${direction}`).join(", ");
		return `select ${this.#list.of(select)} from ${this.#entity.identifier}${filter(where)} order by ${order} limit ? offset ?`;
	}
}

/** The names of the columns of these fields. */
export function columns(fields: readonly Field[]): string {
	return fields.map((field) => field.identifier).join(", ");
}

/** The condition that picks one row by its key. */
export function keyIs(entity: Entity): string {
	return entity.key.map((field) => `${field.identifier} = ?`).join(" and ");
}

/** The where clause of a condition, with a leading space; nothing for none. */
export function filter(where: Condition | undefined): string {
	return where ? ` where ${conditionSql(where)}` : "";
}

function shapeOfFields(fields: readonly Field[]): string {
	let shape = "";
	for (const field of fields) shape += `${field.index},`;
	return shape;
}
