import type { Entity, Relation } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { isAssigned } from "./entity-schema.ts";
import { defaultOf } from "./field-schema.ts";
import type { ModelView } from "./model-view.ts";

/** What `GET /api/data` says: all entities, how they are related, and which of their values are unique. */
export interface ModelDescription {
	readonly entities: Readonly<Record<string, EntityDescription>>;
	/** By `<entity>.<relation>`: each relation as seen from one side. */
	readonly relations: Readonly<Record<string, RelationDescription>>;
	/** The sets of fields whose values no two rows share, primary keys aside. */
	readonly indices: Readonly<Record<string, IndexDescription>>;
}

/** An entity without its hidden fields. */
export interface EntityDescription {
	readonly type: "regular";
	readonly fields: Readonly<Record<string, FieldDescription>>;
	readonly config: {
		readonly name: string;
		readonly label: string;
		/** The fields of the primary key. */
		readonly key: readonly string[];
		/** The sort of a list that names none, as `-publishedAt,id`. */
		readonly sort: string;
		/** Its first field and direction. */
		readonly sort_field: string;
		readonly sort_dir: "asc" | "desc";
		/** Rows of a list that names no limit. */
		readonly limit: number;
		/** The most rows that a list may have. */
		readonly max_limit: number;
		/** The field that counts the updates of a row, if there is one. */
		readonly version?: string;
	};
}

/** A field that is not hidden. */
export interface FieldDescription {
	/** `integer`, `real`, `numeric`, `bigint`, `text`, `boolean`, `date`, `json`, `blob` or `custom`. */
	readonly type: Field["type"];
	readonly config: {
		/** Whether a new row must be given a value. */
		readonly required: boolean;
		readonly nullable: boolean;
		/** Whether it may be written; the database computes the others. */
		readonly fillable: boolean;
		readonly primary?: true;
		readonly default_value?: unknown;
		readonly max_length?: number;
		readonly enum?: readonly string[];
	};
}

/** One direction of a relation. */
export interface RelationDescription {
	readonly type: "1:1" | "n:1" | "1:n" | "m:n";
	readonly source: string;
	readonly target: string;
	readonly config: {
		/** The name in `with`, `join`, dotted fields and URLs. */
		readonly name: string;
		/** Fields of the source to the fields of the target that equal them; none through another entity. */
		readonly fields?: Readonly<Record<string, string>>;
		/** The entity between the two of a many-to-many relation. */
		readonly through?: string;
	};
}

/** A set of fields whose values no two rows share. */
export interface IndexDescription {
	readonly entity: string;
	readonly fields: readonly string[];
	readonly unique: true;
}

/** What `GET /api/data/info/:entity` says. */
export interface EntityInfo {
	readonly name: string;
	readonly label: string;
	/** The names of all fields that are not hidden. */
	readonly fields: readonly string[];
	readonly key: readonly string[];
	readonly sort: string;
	readonly limit: number;
	readonly max_limit: number;
	readonly relations: {
		readonly all: readonly RelationInfo[];
		/** Those to many rows. */
		readonly listable: readonly RelationInfo[];
		/** Those whose foreign key this entity holds. */
		readonly source: readonly RelationInfo[];
		/** Those whose foreign key is elsewhere. */
		readonly target: readonly RelationInfo[];
	};
}

/** The other end of a relation, and the relation's name here. */
export interface RelationInfo {
	readonly entity: string;
	readonly ref: string;
}

/** Tells of all entities of a view. */
export function describeModel(view: ModelView): ModelDescription {
	const { entities } = view;
	const relations = entities.flatMap((entity) => view.relationsOf(entity));
	return {
		entities: Object.fromEntries(entities.map((entity) => [entity.name, describeEntity(entity)])),
		relations: Object.fromEntries(
			relations.map((relation) => [
				`${relation.source.name}.${relation.name}`,
				describeRelation(relation),
			]),
		),
		indices: Object.fromEntries(entities.flatMap(describeIndices)),
	};
}

/** Tells of one entity, in short. */
export function entityInfo(view: ModelView, entity: Entity): EntityInfo {
	const { name, label, limit, maxLimit } = entity;
	const relations = view.relationsOf(entity);
	return {
		name,
		label,
		fields: entity.visible.map((field) => field.name),
		key: entity.key.map((field) => field.name),
		sort: sortOf(entity),
		limit,
		max_limit: maxLimit,
		relations: {
			all: relations.map(relationInfo),
			listable: relations.filter(({ cardinality }) => cardinality === "many").map(relationInfo),
			source: relations.filter(({ keyIn }) => keyIn === "source").map(relationInfo),
			target: relations.filter(({ keyIn }) => keyIn !== "source").map(relationInfo),
		},
	};
}

function describeEntity(entity: Entity): EntityDescription {
	const { name, label, limit, maxLimit, visible } = entity;
	// The default sort may name a hidden field: it sorts by it all the same, and keeps quiet about it.
	const [first = entity.keySort[0]] = entity.sort.filter(({ field }) => !field.hidden);
	return {
		type: "regular",
		fields: Object.fromEntries(visible.map((field) => [field.name, describeField(entity, field)])),
		config: {
			name,
			label,
			key: entity.key.map((field) => field.name),
			sort: sortOf(entity),
			sort_field: first?.field.name ?? "",
			sort_dir: first?.direction ?? "asc",
			limit,
			max_limit: maxLimit,
			...(entity.version ? { version: entity.version.name } : {}),
		},
	};
}

function describeField(entity: Entity, field: Field): FieldDescription {
	const { type, generated, enumValues, maxLength } = field;
	const value = defaultOf(field);
	return {
		type,
		config: {
			required: !field.optional && !isAssigned(entity, field),
			nullable: !field.column.notNull,
			fillable: !generated,
			...(entity.key.includes(field) ? { primary: true } : {}),
			...(value === undefined ? {} : { default_value: value }),
			...(maxLength === undefined ? {} : { max_length: maxLength }),
			...(enumValues ? { enum: enumValues } : {}),
		},
	};
}

function describeRelation(relation: Relation): RelationDescription {
	const { name, source, target, pairs, through } = relation;
	// A pair may join by a hidden field, whose name stays here.
	const shown = pairs.filter(({ from, to }) => !from.hidden && !to.hidden);
	return {
		type: typeOf(relation),
		source: source.name,
		target: target.name,
		config: {
			name,
			...(shown.length > 0
				? { fields: Object.fromEntries(shown.map(({ from, to }) => [from.name, to.name])) }
				: {}),
			...(through ? { through: through.entity.name } : {}),
		},
	};
}

function typeOf({ cardinality, keyIn, source, pairs }: Relation): RelationDescription["type"] {
	if (keyIn === "through") return "m:n";
	if (cardinality === "many") return "1:n";
	if (keyIn === "target") return "1:1";
	const from = new Set(pairs.map((pair) => pair.from));
	const unique = source.uniqueKeys.some((fields) => fields.every((field) => from.has(field)));
	return unique ? "1:1" : "n:1";
}

function describeIndices(entity: Entity): readonly (readonly [string, IndexDescription])[] {
	return entity.uniqueKeys
		.slice(1)
		.filter((fields) => fields.every((field) => !field.hidden))
		.map((fields) => {
			const names = fields.map((field) => field.name);
			const name = `unique_${[entity.name, ...names].join("_")}`;
			return [name, { entity: entity.name, fields: names, unique: true }];
		});
}

function relationInfo({ name, target }: Relation): RelationInfo {
	return { entity: target.name, ref: name };
}

function sortOf({ sort }: Entity): string {
	return sort
		.filter(({ field }) => !field.hidden)
		.map(({ field, direction }) => (direction === "desc" ? `-${field.name}` : field.name))
		.join();
}
