import { isPlainObject } from "../../kernel/json.ts";
import type { Entity, Relation } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import { shorten } from "../fault-list.ts";
import { always } from "./always.ts";
import type { Comparison, Condition, Related } from "./ast.ts";
import { operators, readOperator, valuesOf } from "./operators.ts";
import { MAX_COMPARISONS, type QueryReading } from "./query-reading.ts";
import { readPath, type FieldPath } from "./read-path.ts";

/** How deeply conditions may nest. */
const MAX_DEPTH = 10;

/** What a filter is about. */
export interface WhereOf {
	readonly entity: Entity;
	/** The relations whose rows are joined. */
	readonly joined: ReadonlyMap<string, Relation>;
	/** Where it stands in the query: `where`, `with.comments.where`. */
	readonly path: string;
}

/** Reads a `where` into a condition; what is wrong with it is added to the faults. */
export function readWhere(
	where: unknown,
	of: WhereOf,
	reading: QueryReading,
): Condition | undefined {
	if (where === undefined || where === null) return undefined;
	const condition = new WhereWalk(of, reading).object(where, of.path, 1);
	return condition.type === "and" && condition.of.length === 0 ? undefined : condition;
}

class WhereWalk {
	readonly #of: WhereOf;
	readonly #reading: QueryReading;
	readonly #maxDepth: number;
	readonly #maxList: number;

	constructor(of: WhereOf, reading: QueryReading) {
		this.#of = of;
		this.#reading = reading;
		this.#maxDepth = reading.bound(MAX_DEPTH);
		this.#maxList = reading.bound(MAX_COMPARISONS);
	}

	object(where: unknown, path: string, depth: number): Condition {
		const of = this.#entries(where, path, depth);
		const [only] = of;
		return of.length === 1 && only ? only : { type: "and", of };
	}

	#entries(where: unknown, path: string, depth: number): readonly Condition[] {
		if (!isPlainObject(where)) return this.#fault(path, "Expected an object of conditions.");
		if (depth > this.#maxDepth) {
			const message = `Conditions nest over ${this.#maxDepth} deep.`;
			return this.#fault(shorten(path), message, "too_deep");
		}
		if (this.#reading.object(this.#of.path)) return [];
		const conditions: Condition[] = [];
		for (const key of Object.keys(where)) {
			if (this.#reading.isFull) break;
			conditions.push(this.#entry(key, where[key], path, depth));
		}
		return conditions;
	}

	#entry(key: string, value: unknown, path: string, depth: number): Condition {
		const here = `${path}.${shorten(key)}`;
		switch (key) {
			case "$and":
				return { type: "and", of: this.#list(value, here, depth) };
			case "$or":
				return { type: "or", of: this.#list(value, here, depth) };
			case "$not":
				return { type: "not", of: this.object(value, here, depth + 1) };
			default:
				return this.#tests(key, value, here);
		}
	}

	#list(value: unknown, path: string, depth: number): readonly Condition[] {
		if (!Array.isArray(value)) return this.#entries(value, path, depth + 1);
		if (value.length > this.#maxList) {
			return this.#fault(path, `At most ${this.#maxList} conditions.`, "too_many");
		}
		return value.map((item, index) => this.object(item, `${path}[${index}]`, depth + 1));
	}

	/** The tests of one field, a dotted one included. */
	#tests(name: string, value: unknown, path: string): Condition {
		const found = this.#field(name, path);
		if (found === undefined) return always;
		if (!isPlainObject(value)) return this.#compare(found, "$eq", value, path);
		const names = Object.keys(value);
		if (names.length === 0) this.#reading.compare(1, this.#of.path);
		const of = names.map((operator) =>
			this.#compare(found, operator, value[operator], `${path}.${shorten(operator)}`),
		);
		const [only] = of;
		return of.length === 1 && only ? only : { type: "and", of };
	}

	#field(name: string, path: string): FieldPath | undefined {
		const { entity, joined } = this.#of;
		const field = entity.field(name);
		if (field && this.#mayName(field)) return { field, hops: [] };
		if (field === undefined && name.includes(".")) {
			return readPath(name, { entity, joined, path }, this.#reading);
		}
		const visible = () => entity.visible.map((other) => other.name);
		const hint = this.#reading.faults.hint(name, visible);
		this.#fault(path, `${entity.name} has no such field.${hint}`, "unknown_field");
		return undefined;
	}

	#mayName(field: Field): boolean {
		return !field.hidden || this.#reading.access !== "client";
	}

	#compare({ field, hops }: FieldPath, operator: string, value: unknown, path: string): Condition {
		if (this.#reading.compare(1, this.#of.path)) return always;
		const result = readOperator(field, operator, value);
		if (typeof result === "string") {
			this.#fault(path, result, Object.hasOwn(operators, operator) ? "type" : "unknown_operator");
			return always;
		}
		// A comparison counts as one, whether it binds a value or not.
		const values = valuesOf(result);
		if (values > 1) this.#reading.compare(values - 1, this.#of.path);
		return hops.length === 0 ? result : this.#follow(result, hops);
	}

	/** The test of a field at the end of a path. */
	#follow(test: Comparison, hops: readonly Relation[]): Condition {
		const [first] = hops;
		const joined = first !== undefined && this.#of.joined.has(first.name);
		let of: Comparison | Related = test;
		for (const relation of hops.slice(joined ? 1 : 0).toReversed()) of = related(relation, of);
		return joined ? { type: "joined", relation: first, of } : of;
	}

	#fault(path: string, message: string, code = "type"): readonly Condition[] {
		this.#reading.faults.add(path, message, code);
		return [];
	}
}

function related(relation: Relation, of: Comparison | Related): Related {
	return { type: "related", relation, filter: undefined, of };
}
