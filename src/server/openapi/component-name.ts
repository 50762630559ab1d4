import type { Entity } from "../../data/schema/entity.ts";
import type { Ref } from "./openapi-document.ts";

/** What there is a schema for of each entity. No one of them ends with another. */
export type EntityComponent = "Row" | "Create" | "Update" | "Where" | "Query" | "Nested";

/** The parameters that differ between entities. */
export type EntityParameter = "where" | "select" | "sort" | "limit" | "with" | "join";

/** A name that components may have; of entities, some letters must be spelled. */
export function componentName({ name }: Entity, suffix: string): string {
	const spelled = name.replace(
		/[^\w-]/gu,
		(letter) => `.${(letter.codePointAt(0) as number).toString(16)}.`,
	);
	return `${spelled}${suffix}`;
}

/** The pointer to a schema of an entity. */
export function schemaRef(entity: Entity, component: EntityComponent): Ref {
	return { $ref: `#/components/schemas/${componentName(entity, component)}` };
}

/** The pointer to a parameter of an entity. */
export function parameterRef(entity: Entity, parameter: EntityParameter): Ref {
	return { $ref: `#/components/parameters/${componentName(entity, `.${parameter}`)}` };
}
