import type { Entity } from "../../data/schema/entity.ts";

/**
 * The entities in an order in which rows can be stored: what is referred to comes first. Where
 * entities refer to each other in a circle, the one comes first that refers to the fewest others
 * which are not there yet; then by the order of the schema.
 */
export function orderByReferences(entities: readonly Entity[]): readonly Entity[] {
	const byTable = new Map(entities.map((entity) => [entity.table, entity]));
	const targets = new Map(
		entities.map((entity) => [
			entity,
			new Set(
				entity.references.flatMap(({ table }) => {
					const target = byTable.get(table);
					return target === undefined || target === entity ? [] : [target];
				}),
			),
		]),
	);
	const ordered: Entity[] = [];
	const left = new Set(entities);
	while (left.size > 0) {
		const missing = (entity: Entity): number =>
			[...(targets.get(entity) ?? [])].filter((target) => left.has(target)).length;
		const [first] = [...left]
			.map((entity) => [entity, missing(entity)] as const)
			.sort(([, one], [, other]) => one - other);
		if (first === undefined) break;
		ordered.push(first[0]);
		left.delete(first[0]);
	}
	return ordered;
}
