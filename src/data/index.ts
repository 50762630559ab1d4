export { DatabaseError } from "./database-error.ts";
export { DatabaseEvents } from "./database-events.ts";
export { Entity } from "./schema/entity.ts";
export { EntityManager } from "./entity-manager.ts";
export { Mutator } from "./write/mutator.ts";
export { Repository, type Found } from "./read/repository.ts";
export { WriteBatch } from "./write/write-batch.ts";

export type { DataEventMap } from "./data-event-map.ts";
export type { AtomicUnit } from "./write/atomic-unit.ts";
export type {
	Database,
	DatabaseCapabilities,
	SqlParameter,
	SqlRow,
	SqlValue,
	Statement,
} from "./database.ts";
export type { EntityId, FieldPair, Reference, Relation, Row, Through } from "./schema/entity.ts";
export type { EntityOptions } from "./schema/entity-options.ts";
export type { Field } from "./schema/field.ts";
export type {
	FindOptions,
	SortInput,
	Where,
	WithInput,
	WithOptions,
} from "./query/find-options.ts";
export type { IdOf, InsertOf, RowOf, UpdateOf } from "./schema/row-of.ts";
export type { RawDrizzle } from "./raw-drizzle.ts";
export type { ReadMeta, ReadResult } from "./read/read-result.ts";
export type { Pending } from "./write/pending.ts";
export type { UnitMutator } from "./write/unit-mutator.ts";
export type { BatchStatement } from "./write/write-batch.ts";
export type { Warning } from "./write/warning.ts";
export type { RowOutcome, WriteMeta, WriteResult } from "./write/write.ts";
