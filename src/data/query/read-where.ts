import { isPlainObject } from "../../kernel/json.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import type { Entity } from "../entity.ts";
import type { Field } from "../field.ts";
import type { Access, Condition } from "./ast.ts";
import { shorten, type FaultList } from "../fault-list.ts";
import { operators, readOperator } from "./operators.ts";

/** How deeply conditions may nest. */
const MAX_DEPTH = 10;
/** How many comparisons one query may hold: each binds a parameter, and D1 takes 100. */
const MAX_COMPARISONS = 90;
/** How many objects of conditions one query may hold, empty ones among them: they are SQL, too. */
const MAX_OBJECTS = 500;

/** A filter as written: fields to values or operators, `$and`, `$or`, `$not`. */
export interface Where {
	readonly [key: string]: unknown;
}

/** Reads a `where` into a condition; what is wrong with it is added to the faults. */
export function readWhere(
	where: unknown,
	entity: Entity,
	access: Access,
	faults: FaultList,
): Condition | undefined {
	if (where === undefined || where === null) return undefined;
	const condition = new WhereWalk(entity, access, faults).object(where, "where", 1);
	return condition.type === "and" && condition.of.length === 0 ? undefined : condition;
}

const NOTHING: Condition = { type: "and", of: [] };

class WhereWalk {
	readonly #entity: Entity;
	readonly #access: Access;
	readonly #faults: FaultList;
	#comparisons = 0;
	#objects = 0;

	constructor(entity: Entity, access: Access, faults: FaultList) {
		this.#entity = entity;
		this.#access = access;
		this.#faults = faults;
	}

	object(where: unknown, path: string, depth: number): Condition {
		const of = this.#entries(where, path, depth);
		const [only] = of;
		return of.length === 1 && only ? only : { type: "and", of };
	}

	#entries(where: unknown, path: string, depth: number): readonly Condition[] {
		if (!isPlainObject(where)) return this.#fault(path, "Expected an object of conditions.");
		if (depth > MAX_DEPTH) {
			return this.#fault(shorten(path), `Conditions nest over ${MAX_DEPTH} deep.`, "too_deep");
		}
		if (++this.#objects > MAX_OBJECTS) return this.#tooMany();
		const conditions: Condition[] = [];
		for (const key of Object.keys(where)) {
			if (this.#comparisons > MAX_COMPARISONS) break;
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
				return this.#field(key, value, here);
		}
	}

	#list(value: unknown, path: string, depth: number): readonly Condition[] {
		if (!Array.isArray(value)) return this.#entries(value, path, depth + 1);
		if (value.length > MAX_COMPARISONS) {
			return this.#fault(path, `At most ${MAX_COMPARISONS} conditions.`, "too_many");
		}
		return value.map((item, index) => this.object(item, `${path}[${index}]`, depth + 1));
	}

	#field(name: string, value: unknown, path: string): Condition {
		const field = this.#entity.field(name);
		if (!field || (field.hidden && this.#access === "client")) {
			this.#fault(path, this.#unknown(name), "unknown_field");
			return NOTHING;
		}
		if (!isPlainObject(value)) {
			return value === null ? this.#null(field) : this.#compare(field, "$eq", value, path);
		}
		const names = Object.keys(value);
		if (names.length === 0) this.#count();
		const of = names.map((operator) =>
			this.#compare(field, operator, value[operator], `${path}.${shorten(operator)}`),
		);
		const [only] = of;
		return of.length === 1 && only ? only : { type: "and", of };
	}

	#null(field: Field): Condition {
		this.#count();
		return { type: "null", field };
	}

	#compare(field: Field, operator: string, value: unknown, path: string): Condition {
		this.#count();
		if (this.#comparisons > MAX_COMPARISONS) return NOTHING;
		const result = readOperator(field, operator, value);
		if (typeof result !== "string") return result;
		this.#fault(path, result, Object.hasOwn(operators, operator) ? "type" : "unknown_operator");
		return NOTHING;
	}

	#count(): void {
		if (++this.#comparisons === MAX_COMPARISONS + 1) {
			this.#fault("where", `At most ${MAX_COMPARISONS} comparisons.`, "too_many");
		}
	}

	#tooMany(): readonly Condition[] {
		return this.#objects === MAX_OBJECTS + 1
			? this.#fault("where", `At most ${MAX_OBJECTS} objects of conditions.`, "too_many")
			: [];
	}

	#unknown(name: string): string {
		const visible = this.#entity.visible.map((field) => field.name);
		return `${this.#entity.name} has no such field.${didYouMean(name, visible)}`;
	}

	#fault(path: string, message: string, code = "type"): readonly Condition[] {
		this.#faults.add(path, message, code);
		return [];
	}
}
