import type { Relation } from "../schema/entity.ts";
import { always } from "./always.ts";
import type { Condition, Join } from "./ast.ts";
import { isUnique } from "./link.ts";

interface Group {
	readonly joins: readonly Join[];
	readonly parts: readonly Condition[];
}

/**
 * The condition that rows of these relations exist of which, taken together, `where` is true. Parts
 * that name no joined row stay outside; relations that no part names together are looked for apart.
 */
export function joinInto(where: Condition | undefined, relations: readonly Relation[]): Condition {
	const outside: Condition[] = [];
	let groups: readonly Group[] = relations.map((relation) => ({
		joins: [{ relation, filter: undefined, via: undefined }],
		parts: [],
	}));
	for (const part of where ? conjuncts(where) : []) {
		const named = new Set<Relation>();
		collectJoined(part, named);
		if (named.size === 0) outside.push(part);
		else groups = merged(groups, named, part);
	}
	const exist = groups.map(({ joins, parts }): Condition => {
		const [only] = parts;
		const of = parts.length === 1 && only ? only : { type: "and" as const, of: parts };
		return { type: "exists", joins, of: parts.length === 0 ? always : of };
	});
	return { type: "and", of: [...outside, ...exist] };
}

/** How many relations that may lead to several rows are joined at once: each row of one with each of the others. */
export function mostTogether(condition: Condition): number {
	return Math.max(
		0,
		...conjuncts(condition).map((part) =>
			part.type === "exists" ? part.joins.filter(({ relation }) => !isUnique(relation)).length : 0,
		),
	);
}

function conjuncts(condition: Condition): readonly Condition[] {
	return condition.type === "and" ? condition.of.flatMap(conjuncts) : [condition];
}

function collectJoined(condition: Condition, into: Set<Relation>): void {
	switch (condition.type) {
		case "joined":
			into.add(condition.relation);
			break;
		case "and":
		case "or":
			for (const part of condition.of) collectJoined(part, into);
			break;
		case "not":
			collectJoined(condition.of, into);
			break;
		default:
	}
}

function merged(
	groups: readonly Group[],
	named: ReadonlySet<Relation>,
	part: Condition,
): readonly Group[] {
	const isNamed = ({ joins }: Group): boolean => joins.some(({ relation }) => named.has(relation));
	const together = groups.filter(isNamed);
	const group = {
		joins: together.flatMap(({ joins }) => joins),
		parts: [...together.flatMap(({ parts }) => parts), part],
	};
	return [...groups.filter((other) => !isNamed(other)), group];
}
