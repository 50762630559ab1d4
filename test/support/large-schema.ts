import {
	customType,
	integer,
	numeric,
	real,
	sqliteTable,
	text,
	type AnySQLiteColumn,
	type SQLiteColumnBuilderBase,
} from "drizzle-orm/sqlite-core";

/** A custom type with 64-bit integers of its own. */
export const snowflake = customType<{ data: bigint; driverData: bigint | number }>({
	dataType: () => "integer",
	toDriver: (value) => value,
	fromDriver: (value) => BigInt(value),
});

/** Integers beyond 2^53 in every column that may hold them. */
export const accounts = sqliteTable("accounts", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	name: text("name"),
	flake: snowflake("flake").unique(),
	large: numeric("large_number", { mode: "bigint" }).unique(),
	decimal: numeric("decimal_number"),
	version: integer("version").notNull().default(1),
	parentFlake: snowflake("parent_flake").references((): AnySQLiteColumn => accounts.flake, {
		onDelete: "set null",
	}),
});

function many(prefix: string, count: number): Readonly<Record<string, SQLiteColumnBuilderBase>> {
	const kinds = [
		(name: string) => text(name),
		(name: string) => integer(name),
		(name: string) => real(name),
		(name: string) => text(name),
	];
	return Object.fromEntries(
		Array.from({ length: count }, (_, at) => [
			`${prefix}${at}`,
			(kinds[at % 4] ?? text)(`${prefix}_column_${at}`),
		]),
	);
}

/** As many columns as a table of D1 has. */
export const wide = sqliteTable("wide", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	neighbourId: integer("neighbour_id"),
	...many("w", 98),
});

/** Rows of as many columns, related to those. */
export const widest = sqliteTable("widest", {
	id: integer("id").primaryKey(),
	wideId: integer("wide_id").references(() => wide.id, { onDelete: "cascade" }),
	...many("x", 98),
});

/** Rows that refer to each other. */
export const nodes = sqliteTable("nodes", {
	id: integer("id").primaryKey(),
	title: text("title"),
	rank: integer("rank"),
	parentId: integer("parent_id").references((): AnySQLiteColumn => nodes.id),
});

/** Rows of any size. */
export const papers = sqliteTable("papers", {
	id: integer("id").primaryKey({ autoIncrement: true }),
	title: text("title").notNull().unique(),
	body: text("body"),
	state: text("state"),
});
