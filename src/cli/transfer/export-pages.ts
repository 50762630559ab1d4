import type { Database, SqlRow, SqlValue, Statement } from "../../data/database.ts";
import type { Entity } from "../../data/schema/entity.ts";
import type { Field } from "../../data/schema/field.ts";
import { CliError } from "../cli-error.ts";
import { RowCodec, UnportableValue } from "./row-codec.ts";
import { FORMAT_VERSION, schemaHash, type EndLine, type HeaderLine } from "./transfer-format.ts";

/** Some lines of an export, each with its end. */
export interface ExportPage {
	readonly text: string;
	/** The entity that they are of; undefined for the first and the last line. */
	readonly entity?: Entity;
	readonly rows: number;
}

/** What is exported. */
export interface ExportSource {
	readonly database: Database;
	/** All entities of the schema. */
	readonly schema: readonly Entity[];
	/** Those that are exported, in an order in which they can be stored. */
	readonly entities: readonly Entity[];
	/** The most rows that are in memory at a time; default 500. */
	readonly pageRows?: number;
}

const PAGE_ROWS = 500;
/** Rows may be large: the first page is small, and tells how large they are. */
const FIRST_PAGE_ROWS = 20;
/** So much text a page should have at most, in characters. */
const PAGE_TEXT = 4_000_000;

/**
 * The pages of an export. Rows are read by key, from one page to the next, so that no page costs
 * more than the first; nothing is read before it is asked for.
 */
export async function* exportPages(source: ExportSource): AsyncGenerator<ExportPage> {
	const { database, schema, entities } = source;
	const header: HeaderLine = {
		burdock: "export",
		version: FORMAT_VERSION,
		schema: schemaHash(schema),
		entities: entities.map(({ name }) => name),
	};
	yield { text: `${JSON.stringify(header)}\n`, rows: 0 };
	let rows = 0;
	for (const entity of entities) {
		for await (const page of pagesOf(entity, source)) {
			rows += page.rows;
			yield page;
		}
	}
	const end: EndLine = { burdock: "end", rows, sequences: await sequences(database, entities) };
	yield { text: `${JSON.stringify(end)}\n`, rows: 0 };
}

async function* pagesOf(
	entity: Entity,
	{ database, pageRows = PAGE_ROWS }: ExportSource,
): AsyncGenerator<ExportPage> {
	const codec = new RowCodec(entity);
	const width = codec.fields.length;
	let limit = Math.min(FIRST_PAGE_ROWS, pageRows);
	let after: readonly SqlValue[] | undefined;
	for (;;) {
		const rows: readonly SqlRow[] = await database.all(pageAfter(codec, after, limit));
		const text = rows.map((row) => `${lineOf(codec, row)}\n`).join("");
		if (rows.length > 0) yield { entity, text, rows: rows.length };
		if (rows.length < limit) return;
		after = rows.at(-1)?.slice(width);
		const fitting = Math.floor((limit * PAGE_TEXT) / text.length);
		limit = Math.max(1, Math.min(pageRows, limit * 4, fitting));
	}
}

function pageAfter(
	{ entity, fields }: RowCodec,
	after: readonly SqlValue[] | undefined,
	limit: number,
): Statement {
	const key = names(entity.key);
	const where = after === undefined ? "" : ` where (${key}) > (${after.map(() => "?").join(", ")})`;
	const columns = names([...fields, ...entity.key]);
	const sql = `select ${columns} from ${entity.identifier}${where} order by ${key} limit ?`;
	return { sql, params: [...(after ?? []), limit] };
}

function lineOf(codec: RowCodec, row: SqlRow): string {
	try {
		return codec.encode(row);
	} catch (error) {
		if (!(error instanceof UnportableValue)) throw error;
		const key = row.slice(codec.fields.length).join(",");
		throw new CliError(`${codec.entity.name}/${key}: ${error.message}`, {
			hint: "An import could not store it as it is. Mend this value, then export again.",
			cause: error,
		});
	}
}

async function sequences(
	database: Database,
	entities: readonly Entity[],
): Promise<Readonly<Record<string, number>>> {
	const known: Record<string, number> = {};
	for (const { name, tableName, autoIncrement } of entities) {
		if (!autoIncrement) continue;
		const sql = "select seq from sqlite_sequence where name = ?";
		const [row] = await database.all({ sql, params: [tableName] });
		if (row !== undefined) known[name] = Number(row[0]);
	}
	return known;
}

function names(fields: readonly Field[]): string {
	return fields.map(({ identifier }) => identifier).join(", ");
}
