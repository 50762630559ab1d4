import { isPlainObject } from "../../kernel/json.ts";
import { INVALID } from "../schema/codec.ts";
import type { Entity, EntityId, FieldPair, Relation, Row } from "../schema/entity.ts";
import { shorten, type FaultList } from "../fault-list.ts";
import type { InsertRow } from "./insert-plan.ts";
import { isExpression } from "../schema/is-expression.ts";
import { RowReader, type RelationData } from "./row-reader.ts";

/** How deep rows may be created within rows. */
export const MAX_CREATE_DEPTH = 5;

const TO_ONE = ["$create", "$set"];
const TO_MANY = ["$create", "$attach", "$detach", "$set"];

/** A row to insert, and what is written of its relations. */
export interface RowTree {
	readonly row: InsertRow;
	readonly relations: readonly RelationWrite[];
}

/** A row of the other side of a relation, by its id. */
export interface TargetRef {
	readonly id: EntityId;
	readonly path: string;
}

/** What is written of one relation of one row. */
export interface RelationWrite {
	readonly relation: Relation;
	/** Rows to insert on the other side. */
	readonly create: readonly RowTree[];
	readonly attach: readonly TargetRef[];
	readonly detach: readonly TargetRef[];
	/** The only rows to be left on the other side. */
	readonly set?: readonly TargetRef[];
}

/** Reads what data says of relations: rows within rows, before any listener is called. */
export class RelationWrites {
	readonly #faults: FaultList;
	readonly #maxRows: number;
	readonly #tooMany: () => Error;
	#rows = 0;

	/**
	 * @param faults Where faults are noted.
	 * @param maxRows Rows that one input may be about; more throw what `tooMany` makes.
	 */
	constructor(faults: FaultList, maxRows: number, tooMany: () => Error) {
		this.#faults = faults;
		this.#maxRows = maxRows;
		this.#tooMany = tooMany;
	}

	/** Reads a row that is to be inserted, and all within it. */
	readTree(reader: RowReader, input: unknown, index: number, path: string, depth = 0): RowTree {
		this.count(1);
		const data = reader.read(input, path, "collected");
		const inputs = reader.takeRelations();
		const row: InsertRow = { index, path, data, prevented: false };
		return { row, relations: inputs ? this.read(inputs, data, depth) : [] };
	}

	/** Reads what stood under the names of relations; ids that the row itself refers to go into its data. */
	read(inputs: readonly RelationData[], data: Row, depth = 0): readonly RelationWrite[] {
		return inputs.flatMap((input) => this.#relation(input, data, depth) ?? []);
	}

	/** Counts rows that are written. @throws What `tooMany` makes. */
	count(rows: number): void {
		this.#rows += rows;
		if (this.#rows > this.#maxRows) throw this.#tooMany();
	}

	#relation({ relation, path, value }: RelationData, data: Row, depth: number) {
		const known = relation.cardinality === "one" ? TO_ONE : TO_MANY;
		const named = isPlainObject(value)
			? Object.keys(value).filter((name) => value[name] !== undefined)
			: [];
		if (!isPlainObject(value) || named.length === 0) {
			return this.#faults.add(path, `Expected an object of ${known.join(", ")}.`);
		}
		for (const name of named.filter((one) => !known.includes(one))) {
			const hint = this.#faults.hint(name, () => known) || ` Known are ${known.join(", ")}.`;
			this.#faults.add(
				`${path}.${shorten(name)}`,
				`There is no such operation.${hint}`,
				"unknown_operator",
			);
		}
		const alone = relation.cardinality === "one" ? named.length > 1 : this.#setsAndMoves(named);
		if (alone) {
			return this.#faults.add(path, "These operations exclude each other.", "exclusive");
		}
		if (relation.keyIn === "source") return this.#toOne(relation, value, data, path, depth);
		const write: RelationWrite = {
			relation,
			create: this.#create(relation, value.$create, `${path}.$create`, depth),
			attach: this.#refs(relation, value.$attach, `${path}.$attach`),
			detach: this.#refs(relation, value.$detach, `${path}.$detach`),
			...(value.$set === undefined
				? {}
				: { set: value.$set === null ? [] : this.#refs(relation, value.$set, `${path}.$set`) }),
		};
		return write;
	}

	#setsAndMoves(named: readonly string[]): boolean {
		return named.includes("$set") && (named.includes("$attach") || named.includes("$detach"));
	}

	/** The row itself refers: an id goes into its own data, a new row is inserted before it. */
	#toOne(
		relation: Relation,
		value: Readonly<Record<string, unknown>>,
		data: Row,
		path: string,
		depth: number,
	): RelationWrite | undefined {
		const double = relation.pairs.find(({ from }) => from.name in data);
		if (double) {
			return this.#faults.add(path, `Write either this or ${double.from.name}.`, "exclusive");
		}
		if (value.$set !== undefined) {
			for (const pair of relation.pairs) {
				data[pair.from.name] = this.#referred(relation, pair, value.$set, `${path}.$set`);
			}
		}
		const create = this.#create(relation, value.$create, `${path}.$create`, depth);
		return { relation, create, attach: [], detach: [] };
	}

	#referred({ pairs, target }: Relation, pair: FieldPair, input: unknown, path: string): unknown {
		const { from, to } = pair;
		if (input === null) return null;
		const given = isPlainObject(input) ? input[to.name] : pairs.length === 1 ? input : undefined;
		const value = given === undefined ? INVALID : from.read(given);
		if (value !== INVALID) return value;
		return this.#faults.add(path, `Expected ${to.name} of ${target.name}: ${to.expected}.`);
	}

	#create(relation: Relation, input: unknown, path: string, depth: number): readonly RowTree[] {
		if (input === undefined) return [];
		if (depth >= MAX_CREATE_DEPTH) {
			this.#faults.add(path, `At most ${MAX_CREATE_DEPTH} deep.`, "too_deep");
			return [];
		}
		const many = Array.isArray(input);
		if (many && relation.cardinality === "one") {
			this.#faults.add(path, "Expected an object of fields.");
			return [];
		}
		const reader = new RowReader(relation.target, this.#faults);
		const rows: readonly unknown[] = many ? input : [input];
		return rows.map((row, index) => {
			const at = many ? `${path}[${index}].` : `${path}.`;
			const tree = this.readTree(reader, row, index, at, depth + 1);
			if (relation.keyIn === "target") this.#leaveToRelation(relation, tree.row);
			return tree;
		});
	}

	#leaveToRelation({ pairs }: Relation, { data, path }: InsertRow): void {
		for (const { to } of pairs) {
			if (!(to.name in data)) continue;
			this.#faults.add(path + to.name, "The relation gives it its value.", "read_only");
		}
	}

	#refs({ target, cardinality }: Relation, input: unknown, path: string): readonly TargetRef[] {
		if (input === undefined) return [];
		const many = Array.isArray(input);
		if (many && cardinality === "one") {
			this.#faults.add(path, "Expected one id.");
			return [];
		}
		const inputs: readonly unknown[] = many ? input : [input];
		this.count(inputs.length);
		return inputs.flatMap((one, index) => {
			const at = many ? `${path}[${index}]` : path;
			const id = idIn(target, one);
			if (id !== undefined) return { id, path: at };
			const expected = target.key.map(({ name, expected: what }) => `${name}, ${what}`).join(", ");
			this.#faults.add(at, `Expected an id of ${target.name}: ${expected}.`);
			return [];
		});
	}
}

/** An id as it stands in data, alone or as an object of the key's fields; undefined when it is none. */
function idIn(target: Entity, input: unknown): EntityId | undefined {
	const values: Row = {};
	for (const field of target.key) {
		const given = isPlainObject(input) ? input[field.name] : input;
		if (!isPlainObject(input) && target.key.length > 1) return undefined;
		const value =
			given === undefined || given === null || isExpression(given) ? INVALID : field.read(given);
		if (value === INVALID) return undefined;
		values[field.name] = value;
	}
	return target.idOf(values);
}
