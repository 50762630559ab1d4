import type { FieldPair, Relation } from "../schema/entity.ts";
import type { Field } from "../schema/field.ts";
import type { Aliases } from "./aliases.ts";

/** Writes a condition about the table whose columns have this prefix. */
export type WriteSql = (prefix: string) => string;

/** The rows of a relation's target in a subquery, and how they hang on a row outside of it. */
export class Link {
	/** What stands before a column of the target: its alias and a dot. */
	readonly prefix: string;
	/** The target under its alias. */
	readonly from: string;
	readonly #relation: Relation;
	readonly #aliases: Aliases;
	readonly #via: WriteSql | undefined;

	/** @param via Writes what must hold for rows of the entity that the relation goes through. */
	constructor(relation: Relation, aliases: Aliases, via?: WriteSql) {
		const alias = aliases.next();
		this.prefix = `${alias}.`;
		this.from = `${relation.target.identifier} as ${alias}`;
		this.#relation = relation;
		this.#aliases = aliases;
		this.#via = via;
	}

	/** The condition that a row of the target belongs to the row outside. */
	belongsTo(outer: string): string {
		const { through, pairs } = this.#relation;
		if (through === undefined) return equal(pairs, this.prefix, outer);
		// A row that is linked twice is still one row.
		const alias = this.#aliases.next();
		const keys = row(ends(through.target, "to"), this.prefix);
		const middle = row(ends(through.target, "from"), `${alias}.`);
		const near = equal(through.source, `${alias}.`, outer);
		return `${keys} in (select ${middle} from ${through.entity.identifier} as ${alias} where ${near}${this.#viaSql(alias, " and ", "")})`;
	}

	/** The condition that the row outside has a row of the target of which `test` is true. */
	contains(outer: string, test: string): string {
		const { through, pairs } = this.#relation;
		if (through === undefined) {
			const keys = columnsOf(ends(pairs, "to"), this.prefix);
			return `${row(ends(pairs, "from"), outer)} in (select ${keys} from ${this.from} where ${test})`;
		}
		const alias = this.#aliases.next();
		const keys = columnsOf(ends(through.target, "to"), this.prefix);
		const far = row(ends(through.target, "from"), `${alias}.`);
		const near = columnsOf(ends(through.source, "to"), `${alias}.`);
		return `${row(ends(through.source, "from"), outer)} in (select ${near} from ${through.entity.identifier} as ${alias} where ${this.#viaSql(alias, "", " and ")}${far} in (select ${keys} from ${this.from} where ${test}))`;
	}

	/** The condition that a row of the target is the one that these values of the source lead to. */
	isLedToBy(values: string): string {
		return `${row(ends(this.#relation.pairs, "to"), this.prefix)} = (${values})`;
	}

	/** The values that lead from a row of the source to the target. */
	leads(source: string): string {
		return columnsOf(ends(this.#relation.pairs, "from"), source);
	}

	/** Leaves the first row by key, where several could belong to one; with a leading space. */
	get first(): string {
		if (isUnique(this.#relation)) return "";
		return ` order by ${columnsOf(this.#relation.target.key, this.prefix)} limit 1`;
	}

	#viaSql(alias: string, before: string, after: string): string {
		return this.#via ? before + this.#via(`${alias}.`) + after : "";
	}
}

/** Whether no two rows of the target can belong to one row of the source. */
export function isUnique({ through, pairs, target }: Relation): boolean {
	if (through !== undefined) return false;
	const fields = new Set(ends(pairs, "to"));
	return target.uniqueKeys.some((key) => key.every((field) => fields.has(field)));
}

/** The fields of a source that lead to the target of the relation. */
export function leadingFields({ through, pairs }: Relation): readonly Field[] {
	return ends(through?.source ?? pairs, "from");
}

/** Columns for a select list, each with what stands before it. */
export function columnsOf(fields: readonly Field[], prefix: string): string {
	return fields.map(({ identifier }) => prefix + identifier).join(", ");
}

function ends(pairs: readonly FieldPair[], end: "from" | "to"): readonly Field[] {
	return pairs.map((pair) => pair[end]);
}

function row(fields: readonly Field[], prefix: string): string {
	const list = columnsOf(fields, prefix);
	return fields.length === 1 ? list : `(${list})`;
}

function equal(pairs: readonly FieldPair[], inner: string, outer: string): string {
	return pairs
		.map(({ from, to }) => `${inner}${to.identifier} = ${outer}${from.identifier}`)
		.join(" and ");
}
