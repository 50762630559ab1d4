import { is, Relations, View } from "drizzle-orm";
import { getTableConfig, SQLiteTable, type SQLiteColumn } from "drizzle-orm/sqlite-core";
import { didYouMean } from "../../kernel/nearest.ts";
import { columnName, type Casing } from "./casing.ts";
import { checkEntityOptions, versionOf } from "./check-entity-options.ts";
import { Entity, type Reference } from "./entity.ts";
import type { EntityOptions } from "./entity-options.ts";
import { dataErrors } from "../errors.ts";
import { Field, fieldTypeOf } from "./field.ts";
import { nameProblem } from "./name-problem.ts";
import { readRelations } from "./read-relations.ts";
import type { RelationsByEntity } from "./derive-relations.ts";
import { keyColumns, uniqueKeys } from "./unique-keys.ts";

/** The module of Drizzle tables and relations, as `import * as schema` gives it. */
export type Schema = Readonly<Record<string, unknown>>;

/** What Drizzle can't say, by entity name. */
export type EntityOptionsByName = Readonly<Record<string, EntityOptions | undefined>>;

/** SQL does not tell cases apart: `Burdock_1` would be taken for an alias of ours. */
const RESERVED_TABLE = /^(?:burdock_|sqlite_|_cf_)/i;

/**
 * Reads the entities of a Drizzle schema. An entity's name is the name under which the module
 * exports its table; relations and everything else that is no table are passed over.
 *
 * @param casing How columns that are declared without a name are named in SQL; default: by their keys.
 * @throws `schema_invalid` naming everything that cannot be served, all in one message.
 */
export function readSchema(
	schema: Schema,
	options: EntityOptionsByName,
	casing?: Casing,
): readonly Entity[] {
	const reading = new SchemaReading(schema, options, casing);
	const entities = reading.entities();
	const { problems } = reading;
	if (problems.length > 0) {
		throw dataErrors.create("schema_invalid", {
			problems: problems.map((problem) => `- ${problem}`).join("\n"),
		});
	}
	return entities;
}

class SchemaReading {
	readonly problems: string[] = [];
	readonly #schema: Schema;
	readonly #options: EntityOptionsByName;
	readonly #casing: Casing | undefined;
	readonly #tables = new Map<SQLiteTable, string>();
	readonly #sqlNames = new Map<string, string>();
	#relations: RelationsByEntity | undefined;

	constructor(schema: Schema, options: EntityOptionsByName, casing: Casing | undefined) {
		this.#schema = schema;
		this.#options = options;
		this.#casing = casing;
		for (const [name, value] of Object.entries(schema)) this.#sort(name, value);
		for (const name of Object.keys(options)) {
			const names = [...this.#tables.values()];
			if (!names.includes(name)) {
				this.problems.push(`entities.${name}: there is no such table.${didYouMean(name, names)}`);
			}
		}
	}

	entities(): readonly Entity[] {
		const entities: Entity[] = [];
		for (const [table, name] of this.#tables) {
			const entity = this.#entity(name, table);
			if (entity) entities.push(entity);
		}
		this.#relations = readRelations({
			schema: this.#schema,
			entities,
			exports: (table) => this.#tables.has(table as SQLiteTable),
			problem: (where, what) => this.#problem(where, what),
		});
		return entities;
	}

	#sort(name: string, value: unknown): void {
		if (is(value, View)) {
			this.problems.push(`${name}: views cannot be served; leave it out of the schema.`);
		} else if (isAlias(value)) {
			this.problems.push(`${name}: is an alias of a table; leave it out of the schema.`);
		} else if (is(value, SQLiteTable)) {
			const other = this.#tables.get(value);
			if (other !== undefined) this.problems.push(`${name}: is the same table as ${other}.`);
			else this.#tables.set(value, name);
		} else if (isForeignTable(value)) {
			this.problems.push(`${name}: is a table of another dialect; use drizzle-orm/sqlite-core.`);
		}
	}

	#entity(name: string, table: SQLiteTable): Entity | undefined {
		const config = getTableConfig(table);
		const options = this.#options[name] ?? {};
		const before = this.problems.length;
		this.#checkName(name, name);
		this.#checkTable(name, config);
		if (RESERVED_TABLE.test(config.name)) {
			this.#problem(name, `tables named ${config.name} are reserved`);
		}
		const fields = this.#fields(name, table, options);
		const byColumn = new Map(fields.map((field) => [field.column, field]));
		const key = keyColumns(config).map((column) => byColumn.get(column));
		this.#checkKey(name, key);
		checkEntityOptions({ name, fields, key }, options, (where, what) => this.#problem(where, what));
		if (this.problems.length > before) return undefined;
		return new Entity({
			name,
			table,
			tableName: config.name,
			fields,
			key: key as readonly Field[],
			uniqueKeys: uniqueKeys(config).map((columns) =>
				columns.map((column) => byColumn.get(column) as Field),
			),
			autoIncrement: fields.some((field) => isAutoIncrement(field.column)),
			version: versionOf({ fields, key }, options),
			options,
			casing: this.#casing,
			references: config.foreignKeys.flatMap((key) => this.#reference(name, key, byColumn) ?? []),
			relations: (entity) => [...(this.#relations?.get(entity)?.values() ?? [])],
		});
	}

	#fields(name: string, table: SQLiteTable, options: EntityOptions): readonly Field[] {
		const fields: Field[] = [];
		for (const [key, value] of Object.entries(table)) {
			const column = value as SQLiteColumn;
			if (!isColumnOf(table, column)) continue;
			const type = fieldTypeOf(column);
			if (!this.#checkName(`${name}.${key}`, key)) continue;
			if (!type) this.#problem(`${name}.${key}`, `a ${column.columnType} cannot be served`);
			else {
				const hidden = options.hidden?.includes(key) ?? false;
				fields.push(
					new Field(key, column, type, { index: fields.length, hidden, casing: this.#casing }),
				);
			}
		}
		return fields;
	}

	#checkName(where: string, name: string): boolean {
		const problem = nameProblem(name);
		if (problem) this.#problem(where, problem);
		return problem === undefined;
	}

	/** SQL does not tell capital letters from small ones, and takes no name twice. */
	#checkTable(name: string, config: ReturnType<typeof getTableConfig>): void {
		const table = config.name.toLowerCase();
		const other = this.#sqlNames.get(table);
		if (other === undefined) this.#sqlNames.set(table, name);
		else this.#problem(name, `its table has the same name as that of ${other}: ${config.name}`);
		const columns = new Set<string>();
		for (const column of config.columns) {
			const sqlName = columnName(column, this.#casing);
			const lower = sqlName.toLowerCase();
			if (columns.has(lower)) this.#problem(name, `two columns are named ${sqlName}`);
			columns.add(lower);
		}
	}

	#checkKey(name: string, key: readonly (Field | undefined)[]): void {
		if (key.length === 0) this.#problem(name, "it has no primary key");
		for (const field of key) {
			if (field && field.type !== "integer" && field.type !== "text") {
				this.#problem(`${name}.${field.name}`, "a primary key must be an integer or text");
			} else if (field?.hidden) {
				this.#problem(`${name}.${field.name}`, "a primary key cannot be hidden");
			}
		}
	}

	#reference(
		name: string,
		key: ForeignKey,
		byColumn: ReadonlyMap<SQLiteColumn, Field>,
	): Reference | undefined {
		const { columns, foreignTable: table, foreignColumns } = key.reference();
		if (!this.#tables.has(table)) {
			this.#problem(name, "it refers to a table that the schema does not export");
			return undefined;
		}
		const fields = columns.flatMap((column) => byColumn.get(column) ?? []);
		const there = foreignColumns.filter((column) => column.table === table);
		if (fields.length < columns.length || there.length !== columns.length) {
			const both = `as many columns of ${this.#tables.get(table)}`;
			this.#problem(name, `a foreign key needs columns of its own, and ${both}`);
			return undefined;
		}
		const { onUpdate = "no action", onDelete = "no action" } = key;
		return { fields, table, columns: foreignColumns, onUpdate, onDelete };
	}

	#problem(where: string, what: string): void {
		this.problems.push(`${where}: ${what}${/[.?]$/.test(what) ? "" : "."}`);
	}
}

type ForeignKey = ReturnType<typeof getTableConfig>["foreignKeys"][number];

function isColumnOf(table: SQLiteTable, value: unknown): boolean {
	return typeof value === "object" && value !== null && "table" in value && value.table === table;
}

function isAlias(value: unknown): boolean {
	return is(value, SQLiteTable) && Reflect.get(value, Symbol.for("drizzle:IsAlias")) === true;
}

function isAutoIncrement(column: SQLiteColumn): boolean {
	return "autoIncrement" in column && column.autoIncrement === true;
}

/** A Drizzle table that is none of SQLite's: they all carry this symbol, relations do not. */
function isForeignTable(value: unknown): boolean {
	return (
		typeof value === "object" &&
		value !== null &&
		!is(value, Relations) &&
		Symbol.for("drizzle:IsDrizzleTable") in value
	);
}
