import { getTableConfig, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { INVALID } from "../../data/schema/codec.ts";
import type { Database, SqlParameter } from "../../data/database.ts";
import { hydrate, type Entity, type EntityId, type Row } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { packRows, unpack } from "../../data/write/packed-rows.ts";
import { idKey } from "../../data/write/row-keys.ts";

/** A foreign key of an entity, and the fields of the other one that it names. */
export interface ForeignKey {
	readonly fields: readonly Field[];
	readonly target: Entity;
	readonly targetFields: readonly Field[];
}

/** What is asked of the stored rows of one entity while rows are imported. */
export class EntityRows {
	readonly entity: Entity;
	readonly foreignKeys: readonly ForeignKey[];
	readonly #database: Database;

	constructor(entity: Entity, all: readonly Entity[], database: Database) {
		this.entity = entity;
		this.foreignKeys = foreignKeysOf(entity, all);
		this.#database = database;
	}

	/** The key of a row as one text, unless the database is to make it. */
	keyOf(data: Row): string | undefined {
		const id = this.idOf(data);
		return id === undefined ? undefined : idKey(id);
	}

	/** The key of a row, unless the database is to make it. */
	idOf(data: Row): EntityId | undefined {
		const values = this.entity.key.map((field) => field.read(data[field.name] ?? null));
		if (values.some((value) => value === null || value === INVALID)) return undefined;
		return this.entity.idOf(
			Object.fromEntries(this.entity.key.map(({ name }, index) => [name, values[index]])),
		);
	}

	/** Which of these keys, as texts, are taken. */
	async existing(rows: readonly Row[]): Promise<ReadonlySet<string>> {
		const { key, identifier } = this.entity;
		const packed = rows.flatMap((row) => {
			const values = storedValues(key, row);
			return values === undefined ? [] : [values];
		});
		if (packed.length === 0) return new Set();
		const columns = key.map((field) => field.identifier).join(", ");
		const values = key.map(unpack).join(", ");
		const found = await this.#database.all({
			sql: `select ${columns} from ${identifier} where (${columns}) in (select ${values} from json_each(?))`,
			params: [packRows(packed)],
		});
		return new Set(found.map((row) => idKey(this.entity.idOf(hydrate(key, row)))));
	}

	/** Of these rows, by their places, those for which the row that a foreign key names is not stored. */
	async unmet(key: ForeignKey, rows: readonly Row[]): Promise<ReadonlySet<number>> {
		const referring = rows.flatMap((row, place) => {
			const values = storedValues(key.fields, row);
			return values === undefined ? [] : [{ place, values }];
		});
		if (referring.length === 0) return new Set();
		const wanted = key.fields.map((field, place) => `${unpack(field, place)} as v${place}`);
		const matches = key.targetFields.map((field, place) => `t.${field.identifier} = w.v${place}`);
		const missing = await this.#database.all({
			sql: `select w.place from (select key as place, ${wanted.join(", ")} from json_each(?)) as w
where not exists (select 1 from ${key.target.identifier} as t where ${matches.join(" and ")})`,
			params: [packRows(referring.map(({ values }) => values))],
		});
		return new Set(missing.map(([at]) => referring[Number(at)]?.place ?? -1));
	}
}

/** The stored values of these fields; undefined when one of them has none. */
function storedValues(fields: readonly Field[], row: Row): readonly SqlParameter[] | undefined {
	const values: SqlParameter[] = [];
	for (const field of fields) {
		const value = field.read(row[field.name] ?? null);
		if (value === null || value === INVALID) return undefined;
		values.push(field.toSql(value));
	}
	return values;
}

function foreignKeysOf(entity: Entity, all: readonly Entity[]): readonly ForeignKey[] {
	return getTableConfig(entity.table).foreignKeys.flatMap((foreignKey) => {
		const { columns, foreignColumns, foreignTable } = foreignKey.reference();
		const target = all.find(({ table }) => table === (foreignTable as SQLiteTable));
		if (target === undefined) return [];
		const fields = columns.map((column) => entity.fields.find((one) => one.column === column));
		const targetFields = foreignColumns.map((column) =>
			target.fields.find((one) => one.column === column),
		);
		return [{ fields: present(fields), target, targetFields: present(targetFields) }];
	});
}

function present(fields: readonly (Field | undefined)[]): readonly Field[] {
	return fields.filter((field) => field !== undefined);
}
