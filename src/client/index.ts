export { createClient } from "./create-client.ts";
export { NetworkError } from "./network-error.ts";
export { ProblemError } from "./problem-error.ts";

export type { CallOptions, ClientOptions } from "./connection.ts";
export type { Client } from "./create-client.ts";
export type { EntityClient, RowWriteOptions } from "./entity-client.ts";
export type { EntityModel, FieldModel, RelationModel } from "./entity-model.ts";
export type { ListQuery, With } from "./list-query.ts";
export type { ModelOf } from "./model-of.ts";
export type { Row } from "./row.ts";
export type { Where } from "./where.ts";
export type { InsertInput, UpdateInput } from "./write-input.ts";
export type {
	CountAnswer,
	ExistsAnswer,
	Fault,
	Problem,
	ReadAnswer,
	ReadMeta,
	WriteAnswer,
	WriteMeta,
	WriteWarning,
} from "../server/contract.ts";
