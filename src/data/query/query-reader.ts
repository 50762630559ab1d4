import { isPlainObject } from "../../kernel/json.ts";
import { didYouMean } from "../../kernel/nearest.ts";
import type { Entity } from "../entity.ts";
import type { Field } from "../field.ts";
import type { Access, Condition, Query, Sort } from "./ast.ts";
import { FaultList, shorten } from "../fault-list.ts";
import { readWhere, type Where } from "./read-where.ts";

/** A sort as written: `-id,title`, a list of such, or `{ by, dir }`. */
export type SortInput = string | SortRule | readonly (string | SortRule)[];

/** One field of a sort as an object. */
export interface SortRule {
	readonly by: string;
	readonly dir?: "asc" | "desc";
}

/** A query for rows as written. Read events carry it with its defaults filled in, frozen. */
export interface FindOptions {
	readonly where?: Where;
	/** The fields to read; default: all that are not hidden. */
	readonly select?: readonly string[] | string;
	/** Default: the entity's sort, or its primary key, ascending. */
	readonly sort?: SortInput;
	/** The most rows; default: the entity's limit. */
	readonly limit?: number;
	/** Rows to pass over; default 0. */
	readonly offset?: number;
	/** Whether `meta.count`, the number of all rows that match, is wanted; costs a second query. */
	readonly count?: boolean;
	/** Whether `meta.total`, the number of all rows, is wanted; costs a second query. */
	readonly total?: boolean;
}

const MAX_SORT_FIELDS = 10;

/** Reads queries of one entity, and gathers all their faults before it complains. */
export class QueryReader {
	readonly #entity: Entity;
	readonly #access: Access;
	readonly #faults: FaultList;

	constructor(entity: Entity, access: Access) {
		this.#entity = entity;
		this.#access = access;
		this.#faults = new FaultList(access === "reply" ? "bad_reply" : "bad_query");
	}

	/**
	 * Reads a whole query.
	 * @throws `bad_query` with every fault and its path.
	 */
	read(options: FindOptions): Query {
		const query: Query = {
			select: this.#select(options.select),
			where: readWhere(options.where, this.#entity, this.#access, this.#faults),
			sort: this.#sort(options.sort),
			limit: this.#number(options.limit, "limit", this.#entity.limit),
			offset: this.#number(options.offset, "offset", 0),
		};
		this.#faults.complain();
		return query;
	}

	/**
	 * Reads a filter alone.
	 * @throws `bad_query` with every fault and its path.
	 */
	readWhere(where: unknown): Condition | undefined {
		const condition = readWhere(where, this.#entity, this.#access, this.#faults);
		this.#faults.complain();
		return condition;
	}

	#select(select: unknown): readonly Field[] {
		if (select === undefined) return this.#entity.visible;
		const names = typeof select === "string" ? select.split(",") : select;
		if (!Array.isArray(names)) {
			this.#faults.add("select", "Expected a list of fields.");
			return [];
		}
		const most = this.#entity.fields.length;
		if (names.length > most) this.#faults.add("select", `At most ${most} fields.`, "too_many");
		const fields = new Set<Field>();
		for (const name of names.slice(0, most)) {
			const field = this.#field(typeof name === "string" ? name.trim() : name, "select");
			if (field) fields.add(field);
		}
		return [...fields];
	}

	#sort(sort: unknown): readonly Sort[] {
		if (sort === undefined || sort === "") return this.#entity.sort;
		const rules = (Array.isArray(sort) ? sort : [sort]).flatMap((rule: unknown) =>
			typeof rule === "string" ? rule.split(",", MAX_SORT_FIELDS + 1) : [rule],
		);
		if (rules.length > MAX_SORT_FIELDS) {
			this.#faults.add("sort", `At most ${MAX_SORT_FIELDS} fields.`, "too_many");
			return [];
		}
		const result = rules.map((rule) => this.#sortRule(rule)).filter((rule) => rule !== undefined);
		const sorted = new Set(result.map((rule) => rule.field));
		return [...result, ...this.#entity.keySort.filter((rule) => !sorted.has(rule.field))];
	}

	#sortRule(rule: unknown): Sort | undefined {
		if (typeof rule === "string") {
			const text = rule.trim();
			const descending = text.startsWith("-");
			const field = this.#field(descending ? text.slice(1) : text, "sort");
			return field && { field, direction: descending ? "desc" : "asc" };
		}
		if (!isPlainObject(rule) || ![undefined, "asc", "desc"].includes(rule.dir as string)) {
			this.#faults.add("sort", 'Expected "field", "-field" or { by, dir: "asc" | "desc" }.');
			return undefined;
		}
		const field = this.#field(rule.by, "sort");
		return field && { field, direction: rule.dir === "desc" ? "desc" : "asc" };
	}

	#field(name: unknown, path: string): Field | undefined {
		const field = typeof name === "string" ? this.#entity.field(name) : undefined;
		if (field && (!field.hidden || this.#access !== "client")) return field;
		const visible = this.#entity.visible.map((other) => other.name);
		const hint = typeof name === "string" ? didYouMean(name, visible) : "";
		this.#faults.add(
			`${path}.${shorten(String(name))}`,
			`${this.#entity.name} has no such field.${hint}`,
			"unknown_field",
		);
		return undefined;
	}

	#number(value: unknown, path: "limit" | "offset", fallback: number): number {
		if (value === undefined) return fallback;
		if (!Number.isSafeInteger(value) || (value as number) < 0) {
			this.#faults.add(path, "Expected a whole number, 0 or more.");
			return fallback;
		}
		const { maxLimit } = this.#entity;
		if (path === "limit" && this.#access === "client" && (value as number) > maxLimit) {
			this.#faults.add("limit", `At most ${maxLimit}.`, "too_many");
		}
		return value as number;
	}
}
