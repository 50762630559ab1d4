import { isPlainObject } from "../../kernel/json.ts";

const MAX_SORT_FIELDS = 10;

/** One rule of a sort, its field not looked up yet. */
export interface NamedRule {
	readonly name: unknown;
	readonly direction: "asc" | "desc";
}

/** Reads a sort into its rules, or what is wrong with each; one text is what is wrong with them all. */
export function sortRules(sort: unknown): readonly (NamedRule | string)[] | string {
	const rules = (Array.isArray(sort) ? sort : [sort]).flatMap((rule: unknown) =>
		typeof rule === "string" ? rule.split(",", MAX_SORT_FIELDS + 1) : [rule],
	);
	return rules.length > MAX_SORT_FIELDS
		? `At most ${MAX_SORT_FIELDS} fields.`
		: rules.map(readRule);
}

function readRule(rule: unknown): NamedRule | string {
	if (typeof rule === "string") {
		const text = rule.trim();
		return text.startsWith("-")
			? { name: text.slice(1), direction: "desc" }
			: { name: text, direction: "asc" };
	}
	if (!isPlainObject(rule) || ![undefined, "asc", "desc"].includes(rule.dir as string)) {
		return 'Expected "field", "-field" or { by, dir: "asc" | "desc" }.';
	}
	return { name: rule.by, direction: rule.dir === "desc" ? "desc" : "asc" };
}
