import { isPlainObject } from "../../kernel/json.ts";
import { INVALID } from "../schema/codec.ts";
import type { Entity, EntityId, Relation, Row } from "../schema/entity.ts";
import { FaultList, shorten } from "../fault-list.ts";
import type { Field } from "../schema/field.ts";
import { isExpression } from "../schema/is-expression.ts";

/** The largest key that may be given: the database counts on from it, and JSON's numbers end at 2^53. */
const MAX_KEY = 2 ** 52;

/** Whether relations may stand in the data. */
export type RelationsManner = "refused" | "collected";

/** What stands under the name of a relation in the data of a row. */
export interface RelationData {
	readonly relation: Relation;
	readonly path: string;
	readonly value: unknown;
}

/** Reads the data of writes to one entity: types first, then defaults, then what a row must be. */
export class RowReader {
	readonly #entity: Entity;
	readonly #faults: FaultList;
	#relations: RelationData[] | undefined;
	/** Stand for inputs that were no objects: what they lack is not to be said. */
	#unreadable: Set<Row> | undefined;

	/** @param faults Where faults are noted; the readers of one input share it. */
	constructor(entity: Entity, faults: FaultList = new FaultList("invalid_data")) {
		this.#entity = entity;
		this.#faults = faults;
	}

	/** What stood under names of relations in the row that was read last; undefined for nothing. */
	takeRelations(): readonly RelationData[] | undefined {
		const relations = this.#relations;
		this.#relations = undefined;
		return relations;
	}

	/**
	 * Takes every value to its column's type. Unknown fields, generated ones and values of a wrong
	 * type are faults; an undefined value is one that was not sent.
	 *
	 * @param path What stands before a field's name in a fault: nothing, or `[3].`.
	 * @param relations Whether relations may be written here; then {@link takeRelations} has them.
	 */
	read(data: unknown, path: string, relations: RelationsManner = "refused"): Row {
		const row: Row = {};
		if (!isPlainObject(data)) {
			this.#faults.add(path.replace(/\.$/, ""), "Expected an object of fields.");
			(this.#unreadable ??= new Set()).add(row);
			return row;
		}
		for (const name of Object.keys(data)) {
			const field = this.#entity.field(name);
			const input = data[name];
			if (!field) this.#relation(name, input, path, relations);
			else if (input === undefined) continue;
			else if (field.generated) {
				this.#faults.add(path + name, "The database computes this field.", "read_only");
			} else row[name] = this.#value(field, input, path);
		}
		return row;
	}

	/** Reads the data of an update; the key may stand in it, but not change. */
	readUpdate(
		data: unknown,
		path: string,
		id?: EntityId,
		relations: RelationsManner = "refused",
	): Row {
		const row = this.read(data, path, relations);
		for (const { name } of this.#entity.key) {
			if (!(name in row)) continue;
			const current = typeof id === "object" ? id[name] : id;
			if (row[name] !== current) {
				this.#faults.add(path + name, "The primary key cannot be changed.", "read_only");
			}
			delete row[name];
		}
		return row;
	}

	/** Checks a row that is to be inserted: required fields, lengths, enums. */
	checkInsert(row: Row, path: string): void {
		this.checkUpdate(row, path);
		this.#require(row, path);
	}

	/** Checks the fields that are to be updated. */
	checkUpdate(row: Row, path: string): void {
		for (const name of Object.keys(row)) {
			this.#check(this.#entity.field(name) as Field, row[name], path);
		}
	}

	/**
	 * Complains of rows that are to be inserted, and then also of what they lack. Alone that is no
	 * fault yet: a listener may still supply it.
	 *
	 * @param supplied Fields that relations give their values.
	 * @throws `invalid_data` if any fault was found so far.
	 */
	complainOfInserts(
		rows: readonly { readonly path: string; readonly data: Row }[],
		supplied?: ReadonlySet<string>,
	): void {
		if (this.#faults.empty) return;
		for (const { path, data } of rows) {
			if (!this.#unreadable?.has(data)) this.#require(data, path, supplied);
		}
		this.complain();
	}

	/** @throws `invalid_data` with every fault found so far. */
	complain(): void {
		this.#faults.complain();
	}

	#value(field: Field, input: unknown, path: string): unknown {
		const value = field.read(input);
		// Which integer an expression becomes nobody knows until it is stored, so no `rowId` could name it.
		if (value === INVALID || (this.#assignsKey(field) && isExpression(value))) {
			this.#faults.add(path + field.name, `Expected ${field.expected}.`);
			return null;
		}
		return value;
	}

	#check(field: Field, value: unknown, path: string): void {
		const fault = field.check(value, path + field.name);
		if (fault) this.#faults.add(fault.path, fault.message, fault.code);
		else if (this.#assignsKey(field) && Number(value) > MAX_KEY) {
			this.#faults.add(path + field.name, `At most ${MAX_KEY}.`, "too_large");
		}
	}

	#require(row: Row, path: string, supplied?: ReadonlySet<string>): void {
		for (const field of this.#entity.fields) {
			if (field.name in row || field.optional || this.#assignsKey(field)) continue;
			if (field === this.#entity.version || supplied?.has(field.name)) continue;
			this.#faults.add(path + field.name, "A value is required.", "required");
		}
	}

	#assignsKey(field: Field): boolean {
		return field === this.#entity.singleKey && field.type === "integer";
	}

	#relation(name: string, value: unknown, path: string, manner: RelationsManner): void {
		const relation = this.#entity.relation(name);
		if (!relation) this.#unknown(name, path);
		else if (value === undefined) return;
		else if (manner === "collected") {
			(this.#relations ??= []).push({ relation, path: path + name, value });
		} else {
			this.#faults.add(
				path + name,
				"Relations are written with inserts, or with the update of one row.",
				"read_only",
			);
		}
	}

	#unknown(name: string, path: string): void {
		const hint = this.#faults.hint(name, () => [
			...this.#entity.fields.map((field) => field.name),
			...this.#entity.relations.keys(),
		]);
		const message = `${this.#entity.name} has no such field.${hint}`;
		this.#faults.add(path + shorten(name), message, "unknown_field");
	}
}

/** Adds what the schema computes for a new row: `$defaultFn`, and `$onUpdate` where nothing else does. */
export function withInsertDefaults(entity: Entity, row: Row): Row {
	const { version } = entity;
	if (version && version.column.default === undefined) row[version.name] ??= 1;
	for (const { name, column } of entity.fields) {
		if (name in row) continue;
		if (column.defaultFn) row[name] = column.defaultFn();
		else if (column.default === undefined && column.onUpdateFn) row[name] = column.onUpdateFn();
	}
	return row;
}

/** Adds what the schema computes for each update: `$onUpdate`. */
export function withUpdateDefaults(entity: Entity, row: Row): Row {
	for (const { name, column } of entity.fields) {
		if (!(name in row) && column.onUpdateFn) row[name] = column.onUpdateFn();
	}
	return row;
}
