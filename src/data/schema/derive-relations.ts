import type { Entity, Relation } from "./entity.ts";
import { reversed, samePairs, type ForeignKey } from "./foreign-key.ts";
import { nameProblem } from "./name-problem.ts";

/** The relations of each entity, by name. */
export type RelationsByEntity = ReadonlyMap<Entity, Map<string, Relation>>;

/**
 * Adds the relations that foreign keys make, in both directions, and those through a table of exactly
 * two foreign keys, to the declared ones. What is declared, and names that are taken, come first: a
 * relation of a taken name is left out, and so is one over a hidden field, which it would give away.
 */
export function deriveRelations(relations: RelationsByEntity, keys: readonly ForeignKey[]): void {
	for (const key of keys) addUndeclared(relations, forward(key));
	for (const key of keys) addUndeclared(relations, backward(key, keys));
	for (const relation of flattened(keys)) add(relations, relation);
}

/** `posts.authorId` gives `posts` the relation `author`. */
function forward(key: ForeignKey): Relation {
	const { source, target, pairs, field } = key;
	const stem = stemOf(key);
	const name = stem === field.name ? `${stem}Ref` : stem;
	return { name, cardinality: "one", source, target, pairs, keyIn: "source" };
}

/** `posts.authorId` gives `users` the relation `posts`, or `postsByAuthor` when there are others. */
function backward(key: ForeignKey, keys: readonly ForeignKey[]): Relation {
	const { source, target } = key;
	const rivals = keys.filter((other) => other.source === source && other.target === target);
	const plain = rivals.length === 1 && source !== target;
	return {
		name: plain ? source.name : by(source.name, stemOf(key)),
		cardinality: key.unique ? "one" : "many",
		source: target,
		target: source,
		pairs: reversed(key.pairs),
		keyIn: "target",
	};
}

/** `postsTags` gives `posts` the relation `tags`, and `tags` the relation `posts`. */
function flattened(keys: readonly ForeignKey[]): readonly Relation[] {
	const steps = keys.flatMap((key) => {
		const other = otherEnd(key, keys);
		return other ? [{ from: key, to: other }] : [];
	});
	return steps.map(({ from, to }) => {
		const rivals = steps.filter((step) => sameEnds(step.from, from) && sameEnds(step.to, to));
		return {
			name: flattenedName(from, to, rivals.length),
			cardinality: "many",
			source: from.target,
			target: to.target,
			pairs: [],
			through: { entity: from.source, source: reversed(from.pairs), target: to.pairs },
			keyIn: "through",
		};
	});
}

/** The target's name; by the key when the target is the source, by the table when there are others. */
function flattenedName(from: ForeignKey, to: ForeignKey, rivals: number): string {
	const { name } = to.target;
	if (from.target === to.target) return by(name, stemOf(from));
	return rivals === 1 ? name : by(name, from.source.name);
}

/** The other foreign key of a table that has two, and beside them at most an id of its own. */
function otherEnd(key: ForeignKey, keys: readonly ForeignKey[]): ForeignKey | undefined {
	const { source } = key;
	const own = keys.filter((one) => one.source === source);
	if (own.length !== 2 || own.some((one) => one.target === source)) return undefined;
	const joined = new Set(own.flatMap(({ pairs }) => pairs.map(({ from }) => from)));
	const rest = source.fields.filter((field) => !joined.has(field));
	const idOnly = rest.every((field) => field === source.singleKey);
	return idOnly ? own.find((one) => one !== key) : undefined;
}

function sameEnds(one: ForeignKey, other: ForeignKey): boolean {
	return one.target === other.target;
}

/** `author` of `authorId` and `author_id`; a name without such an ending as it is. */
function stemOf({ field }: ForeignKey): string {
	return field.name.replace(/(?<=.)(?:Id|_id)$/, "");
}

function by(name: string, what: string): string {
	return `${name}By${what.charAt(0).toUpperCase()}${what.slice(1)}`;
}

/** Adds a relation, unless a declared one joins the same fields. */
function addUndeclared(relations: RelationsByEntity, relation: Relation): void {
	const declared = [...(relations.get(relation.source)?.values() ?? [])].some(
		({ target, pairs }) => target === relation.target && samePairs(pairs, relation.pairs),
	);
	if (!declared) add(relations, relation);
}

function add(relations: RelationsByEntity, relation: Relation): void {
	const { source, name } = relation;
	const own = relations.get(source);
	if (source.field(name) || own?.has(name) || nameProblem(name) !== undefined) return;
	if (!overHiddenFields(relation)) own?.set(name, Object.freeze(relation));
}

/** Whether the related rows would tell the value of a hidden field. */
function overHiddenFields({ pairs, through }: Relation): boolean {
	const all = through ? [...through.source, ...through.target] : pairs;
	return all.some(({ from, to }) => from.hidden || to.hidden);
}
