import type { Entity, Relation } from "../schema/entity.ts";
import { shorten } from "../fault-list.ts";
import type { Field } from "../schema/field.ts";
import type { Condition, Page, Query, With } from "./ast.ts";
import type { Sort } from "../schema/sort.ts";
import { bindingOf } from "./cursor.ts";
import { joinInto, mostTogether } from "./join.ts";
import type { FindOptions } from "./find-options.ts";
import type { QueryReading } from "./query-reading.ts";
import { MAX_HOPS, unknownRelation } from "./read-path.ts";
import { sortRules } from "./sort-rules.ts";
import { readWhere } from "./read-where.ts";
import { relationNames, relationOptions } from "./relation-input.ts";

/** What a query of related rows may say. */
const WITH_OPTIONS = ["select", "where", "sort", "limit", "offset", "with", "join"];
const NOTHING_JOINED: ReadonlyMap<string, Relation> = new Map();
const NO_RELATIONS: readonly With[] = Object.freeze([]);

/** Where the options of related rows stand in the query. */
interface Place {
	/** What stands before an option's name in a fault: nothing, or `with.comments.`. */
	readonly path: string;
	/** How many relations lead here. */
	readonly depth: number;
	/** How many rows may come with theirs. */
	readonly rows: number;
	/** How many rows each of those may come with, whatever limit is named. */
	readonly most: number;
}

const TOP: Place = { path: "", depth: 0, rows: 1, most: Infinity };

/** Reads the options of one entity's rows, and of the rows related to them. */
export class OptionsWalk {
	readonly #entity: Entity;
	readonly #reading: QueryReading;
	readonly #place: Place;

	constructor(entity: Entity, reading: QueryReading, place = TOP) {
		this.#entity = entity;
		this.#reading = reading;
		this.#place = place;
	}

	read(options: FindOptions): Query {
		const entity = this.#entity;
		const select = this.#select(options.select);
		const where = this.filter(options);
		const sort = this.#sort(options.sort);
		const limit = this.#number(options.limit, "limit", entity.limit);
		const offset = this.#number(options.offset, "offset", 0);
		const page = options.cursor === undefined ? undefined : this.#page(options, where, sort, limit);
		const parts = options.with === undefined ? NO_RELATIONS : this.#with(options.with, limit);
		const related = this.#reading.related;
		return {
			entity,
			select,
			where,
			sort,
			limit,
			offset,
			with: parts,
			related,
			page,
			after: undefined,
		};
	}

	filter({ where, join }: Pick<FindOptions, "where" | "join">): Condition | undefined {
		const joined = join === undefined ? NOTHING_JOINED : this.#join(join);
		const of = { entity: this.#entity, joined, path: `${this.#place.path}where` };
		const condition = readWhere(where, of, this.#reading);
		if (joined.size === 0) return condition;
		const whole = joinInto(condition, [...joined.values()]);
		this.#reading.together(mostTogether(whole), of.path);
		return whole;
	}

	#select(select: unknown): readonly Field[] {
		if (select === undefined) return this.#entity.visible;
		const names = typeof select === "string" ? select.split(",") : select;
		if (!Array.isArray(names)) {
			this.#fault("select", "Expected a list of fields.");
			return [];
		}
		const most = this.#entity.fields.length;
		if (names.length > most) this.#fault("select", `At most ${most} fields.`, "too_many");
		const fields = new Set<Field>();
		for (const name of names.slice(0, most)) {
			const field = this.#field(typeof name === "string" ? name.trim() : name, "select");
			if (field) fields.add(field);
		}
		return [...fields];
	}

	#sort(sort: unknown): readonly Sort[] {
		if (sort === undefined || sort === "") return this.#entity.sort;
		const rules = sortRules(sort);
		if (typeof rules === "string") {
			this.#fault("sort", rules, "too_many");
			return [];
		}
		const result: Sort[] = [];
		for (const rule of rules) {
			if (typeof rule === "string") this.#fault("sort", rule);
			else {
				const field = this.#field(rule.name, "sort");
				if (field) result.push({ field, direction: rule.direction });
			}
		}
		const sorted = new Set(result.map((rule) => rule.field));
		return [...result, ...this.#entity.keySort.filter((rule) => !sorted.has(rule.field))];
	}

	#field(name: unknown, path: string): Field | undefined {
		const field = typeof name === "string" ? this.#entity.field(name) : undefined;
		if (field && (!field.hidden || this.#reading.access !== "client")) return field;
		const visible = () => this.#entity.visible.map((other) => other.name);
		const hint = typeof name === "string" ? this.#reading.faults.hint(name, visible) : "";
		const message = `${this.#entity.name} has no such field.${hint}`;
		return this.#fault(`${path}.${shorten(String(name))}`, message, "unknown_field");
	}

	#number(value: unknown, path: "limit" | "offset", fallback: number): number {
		if (value === undefined) return fallback;
		if (!Number.isSafeInteger(value) || (value as number) < 0) {
			this.#fault(path, "Expected a whole number, 0 or more.");
			return fallback;
		}
		const { maxLimit } = this.#entity;
		if (path === "limit" && this.#reading.access === "client" && (value as number) > maxLimit) {
			this.#fault("limit", `At most ${maxLimit}.`, "too_many");
		}
		return value as number;
	}

	#page(
		{ cursor, offset }: FindOptions,
		where: Condition | undefined,
		sort: readonly Sort[],
		limit: number,
	): Page {
		if (typeof cursor !== "string") this.#fault("cursor", "Expected text.");
		if (offset !== undefined && (offset !== 0 || this.#reading.access === "client")) {
			this.#fault("offset", "A page by cursor has no offset.", "conflict");
		}
		if (limit === 0) this.#fault("limit", "A page by cursor has at least one row.");
		if (sort.some(({ field }) => field.hidden)) {
			this.#fault("cursor", "Pages by cursor cannot be sorted by a hidden field.", "hidden_sort");
		}
		this.#reading.compare(2 * sort.length, `${this.#place.path}cursor`);
		return { cursor: String(cursor), binding: bindingOf(this.#entity.name, where) };
	}

	#join(input: unknown): ReadonlyMap<string, Relation> {
		const joined = new Map<string, Relation>();
		const names = relationNames(input);
		if (names === undefined) this.#fault("join", "Expected a list of relations.");
		for (const name of names ?? []) {
			const path = `join.${shorten(name)}`;
			const relation = this.#entity.relation(name);
			if (joined.has(name)) continue;
			if (relation === undefined) {
				this.#fault(path, unknownRelation(this.#entity, name, this.#reading), "unknown_relation");
			} else if (this.#reading.relation(this.#place.path + path)) break;
			else joined.set(name, relation);
		}
		return joined;
	}

	#with(input: unknown, limit: number): readonly With[] {
		const relations = relationOptions(input);
		if (relations === undefined) {
			this.#fault("with", "Expected relations: a list of names, or an object of options.");
			return NO_RELATIONS;
		}
		const parts: With[] = [];
		for (const [name, options] of relations) {
			const path = `with.${shorten(name)}`;
			const relation = this.#entity.relation(name);
			if (relation === undefined) {
				this.#fault(path, unknownRelation(this.#entity, name, this.#reading), "unknown_relation");
			} else if (this.#place.depth === MAX_HOPS) {
				this.#fault(path, `Relations nest over ${MAX_HOPS} deep.`, "too_deep");
			} else if (this.#reading.relation(this.#place.path + path)) break;
			else parts.push(this.#part(relation, options, limit));
		}
		return parts;
	}

	#part(relation: Relation, options: FindOptions, limit: number): With {
		const path = `${this.#place.path}with.${relation.name}.`;
		for (const name of Object.keys(options)) {
			if (WITH_OPTIONS.includes(name)) continue;
			const { faults } = this.#reading;
			const message = `There is no such option.${faults.hint(name, () => WITH_OPTIONS)}`;
			faults.add(path + shorten(name), message, "unknown_parameter");
		}
		const place: Place = {
			path,
			depth: this.#place.depth + 1,
			rows: this.#place.rows * Math.min(limit, this.#place.most),
			most: relation.cardinality === "one" ? 1 : Infinity,
		};
		const walk = new OptionsWalk(relation.target, this.#reading, place);
		const { cursor: _, ...known } = options;
		const query = walk.read(known);
		if (relation.cardinality === "many") this.#reading.compare(2, `${path}limit`);
		this.#reading.rows(place.rows * Math.min(query.limit, place.most), `${path}limit`);
		return { relation, options: known, query, via: undefined };
	}

	#fault(path: string, message: string, code = "type"): undefined {
		return this.#reading.faults.add(this.#place.path + path, message, code);
	}
}
