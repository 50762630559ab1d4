import type { Entity, FieldPair, Reference } from "./entity.ts";
import type { Field } from "./field.ts";

/** A foreign key between two entities. */
export interface ForeignKey {
	readonly source: Entity;
	readonly target: Entity;
	/** From the fields of the source to those of the target. */
	readonly pairs: readonly FieldPair[];
	/** The field that gives the key's relations their names. */
	readonly field: Field;
	/** Whether no two rows of the source can refer to the same row. */
	readonly unique: boolean;
}

/** The foreign keys of all entities, in the order of the schema; one that is declared twice is one. */
export function foreignKeysOf(entities: readonly Entity[]): readonly ForeignKey[] {
	const byTable = new Map<object, Entity>(entities.map((entity) => [entity.table, entity]));
	return entities.flatMap((source) => {
		const keys: ForeignKey[] = [];
		for (const reference of source.references) {
			const target = byTable.get(reference.table);
			const key = target && foreignKey(source, target, reference);
			if (key && !keys.some((other) => isSameKey(other, key))) keys.push(key);
		}
		return keys;
	});
}

function foreignKey(source: Entity, target: Entity, reference: Reference): ForeignKey | undefined {
	const { fields } = reference;
	const pairs = pairsOf(reference, target);
	if (pairs === undefined) return undefined;
	const unique = source.uniqueKeys.some((key) => key.every((field) => fields.includes(field)));
	return { source, target, pairs, field: namingField(source, fields), unique };
}

/** From the fields of a foreign key to those of its target; undefined when that lacks one of them. */
export function pairsOf(
	{ fields, columns }: Reference,
	target: Entity,
): readonly FieldPair[] | undefined {
	const pairs = fields.flatMap((from, index) => {
		const to = target.fieldOf(columns[index] as object);
		return to ? [{ from, to }] : [];
	});
	return pairs.length === fields.length ? pairs : undefined;
}

function isSameKey(one: ForeignKey, other: ForeignKey): boolean {
	return one.target === other.target && samePairs(one.pairs, other.pairs);
}

/** Of a composite key the last field that no other key has: `authorId` of (`tenantId`, `authorId`). */
function namingField(source: Entity, fields: readonly Field[]): Field {
	const others = source.references.filter((reference) => !hasSameFields(reference.fields, fields));
	const own = fields.filter((field) => !others.some((other) => other.fields.includes(field)));
	return (own.at(-1) ?? fields.at(-1)) as Field;
}

function hasSameFields(one: readonly Field[], other: readonly Field[]): boolean {
	return one.length === other.length && one.every((field) => other.includes(field));
}

/** Whether both join the same fields, in whichever order. */
export function samePairs(one: readonly FieldPair[], other: readonly FieldPair[]): boolean {
	return (
		one.length === other.length &&
		one.every((a) => other.some((b) => a.from === b.from && a.to === b.to))
	);
}

/** The pairs, seen from the other side. */
export function reversed(pairs: readonly FieldPair[]): readonly FieldPair[] {
	return pairs.map(({ from, to }) => ({ from: to, to: from }));
}
