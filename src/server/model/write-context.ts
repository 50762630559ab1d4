import type { Entity } from "../../data/schema/entity.ts";

/** What a body is for. */
export type WriteContext = "create" | "update";

/** Both of them. */
export const WRITE_CONTEXTS: readonly WriteContext[] = ["create", "update"];

/** Says where the schema of another entity's body is. */
export type SchemaRef = (entity: Entity, context: WriteContext) => string;
