import { and, eq, isNotNull, sql, type SQL } from "drizzle-orm";
import type { EntityManager } from "../data/entity-manager.ts";
import { dataErrors } from "../data/errors.ts";
import type { EntityId, Relation, Row } from "../data/schema/entity.ts";
import type { AtomicUnit } from "../data/write/atomic-unit.ts";
import type { Pending } from "../data/write/pending.ts";
import { refuseBatch } from "../data/write/guard.ts";
import { mediaErrors } from "./errors.ts";

/** A row of an entity to which a file is to belong, by one of its relations. */
export interface AttachTo {
	/** The entity's name. */
	readonly entity: string;
	readonly id: EntityId;
	/** A relation to media, by its name or by the field of its foreign key: `cover`, `coverId`. */
	readonly field: string;
	/** Whether the one file that is there already is replaced, and deleted. Default: false. */
	readonly overwrite?: boolean | undefined;
}

/** What an attachment needs of the entity of files. */
export interface FilesEntity {
	readonly em: EntityManager;
	/** The name of the entity of files. */
	readonly name: string;
}

/** A file and the row that it will belong to; both are written in one unit. */
export class Attachment {
	readonly #to: AttachTo;
	readonly #relation: Relation;
	/** The row as it is now. */
	readonly #row: Row;
	/** The id of the file that is there, and will be deleted. */
	readonly #replaced: EntityId | undefined;
	readonly #files: FilesEntity;

	private constructor(
		to: AttachTo,
		files: FilesEntity,
		found: {
			readonly relation: Relation;
			readonly row: Row;
			readonly replaced: EntityId | undefined;
		},
	) {
		this.#to = to;
		this.#files = files;
		this.#relation = found.relation;
		this.#row = found.row;
		this.#replaced = found.replaced;
	}

	/**
	 * Looks whether a file can belong there, before any of it is read.
	 * @throws (rejects) `unknown_entity`, `not_a_file_field`, `not_found`, `field_taken`.
	 */
	static async find(to: AttachTo, files: FilesEntity): Promise<Attachment> {
		const { em } = files;
		const relation = relationOf(em, to, files.name);
		const { data: row } = await em.repository(to.entity).findOne(to.id);
		if (!row) {
			throw dataErrors.create("not_found", { entity: to.entity, id: String(to.id).slice(0, 100) });
		}
		const taken = await takenBy(em, to, relation, row);
		if (taken !== undefined && to.overwrite !== true) {
			throw mediaErrors.create("field_taken", { entity: to.entity, field: to.field });
		}
		return new Attachment(to, files, { relation, row, replaced: taken });
	}

	/**
	 * Refuses the batch if another file has come there meanwhile; undefined where there may be many, or
	 * where one is replaced, whose delete tells.
	 */
	get guard(): SQL | undefined {
		const { cardinality, keyIn, pairs, source, target } = this.#relation;
		const [pair] = pairs;
		if (cardinality !== "one" || !pair || this.#replaced !== undefined) return undefined;
		if (keyIn === "target") {
			const value = this.#row[pair.from.name];
			return refuseBatch(
				sql`exists (select 1 from ${target.table} where ${eq(pair.to.column, value)})`,
			);
		}
		const own = source.key.map(({ name, column }) => eq(column, this.#row[name]));
		const taken = and(...own, isNotNull(pair.from.column));
		return refuseBatch(sql`exists (select 1 from ${source.table} where ${taken})`);
	}

	/** Writes the row of the file, and what makes it belong. */
	async write(unit: AtomicUnit, data: Row): Promise<Pending> {
		const files = unit.mutator(this.#files.name);
		const { keyIn, pairs, through } = this.#relation;
		const [pair] = pairs;
		// First: what refers to the old file is looked up before the unit, and let go of in its turn.
		if (this.#replaced !== undefined) await files.deleteOne(this.#replaced);
		if (keyIn === "target" && pair) {
			return files.insertOne({ ...data, [pair.to.name]: this.#row[pair.from.name] });
		}
		const file = await files.insertOne(data);
		const [source] = through?.source ?? [];
		const [target] = through?.target ?? [];
		if (through && source && target) {
			const link = { [source.to.name]: this.#row[source.from.name], [target.from.name]: file.id };
			await unit.mutator(through.entity.name).insertOne(link);
		} else if (pair) {
			const { entity, id } = this.#to;
			await unit.mutator(entity).updateOne(id, { [pair.from.name]: file.id });
		}
		return file;
	}
}

function relationOf(em: EntityManager, { entity: name, field }: AttachTo, files: string): Relation {
	const entity = em.entity(name);
	const named = entity.relation(field);
	const relation =
		named ??
		[...entity.relations.values()].find(
			({ keyIn, pairs }) => keyIn === "source" && pairs[0]?.from.name === field,
		);
	if (relation?.target.name !== files || relation.pairs.length > 1) {
		throw mediaErrors.create("not_a_file_field", { entity: name, field: field.slice(0, 100) });
	}
	return relation;
}

/** The id of the file that is there, where there can be only one. */
async function takenBy(
	em: EntityManager,
	{ entity, id }: AttachTo,
	{ name, cardinality, keyIn, pairs }: Relation,
	row: Row,
): Promise<EntityId | undefined> {
	if (cardinality !== "one") return undefined;
	if (keyIn === "source")
		return (row[pairs[0]?.from.name ?? ""] ?? undefined) as EntityId | undefined;
	const found = await em.repository(entity).findManyByReference(id, name, { limit: 1 });
	return (found.data[0] as Row | undefined)?.["id"] as EntityId | undefined;
}
