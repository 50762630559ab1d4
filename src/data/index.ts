export { DatabaseError } from "./database-error.ts";
export { DatabaseEvents } from "./database-events.ts";
export { Entity } from "./entity.ts";
export { EntityManager } from "./entity-manager.ts";
export { Mutator } from "./mutator.ts";
export { Repository, type Found } from "./repository.ts";
export { WriteBatch } from "./write-batch.ts";

export type { AtomicUnit } from "./atomic-unit.ts";
export type {
	Database,
	DatabaseCapabilities,
	SqlParameter,
	SqlRow,
	SqlValue,
	Statement,
} from "./database.ts";
export type {
	EntityId,
	EntityOptions,
	FieldPair,
	Reference,
	Relation,
	Row,
	Through,
} from "./entity.ts";
export type { Field } from "./field.ts";
export type {
	FindOptions,
	SortInput,
	Where,
	WithInput,
	WithOptions,
} from "./query/find-options.ts";
export type { RawDrizzle } from "./raw-drizzle.ts";
export type { ReadMeta, ReadResult } from "./read-result.ts";
export type { IdOf, Pending } from "./pending.ts";
export type { UnitMutator } from "./unit-mutator.ts";
export type { BatchStatement } from "./write-batch.ts";
export type { InsertOf, RowOf, UpdateOf } from "./write-events.ts";
export type { RowOutcome, Warning, WriteMeta, WriteResult } from "./write.ts";
