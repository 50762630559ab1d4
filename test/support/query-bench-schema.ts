import {
	foreignKey,
	integer,
	primaryKey,
	sqliteTable,
	text,
	type SQLiteColumnBuilderBase,
} from "drizzle-orm/sqlite-core";
import { values } from "./wide-schema.ts";

export { values };

/** Rows that hold others of every column type. */
export const holders = sqliteTable("holders", {
	id: integer("id").primaryKey(),
	valueId: integer("value_id").references(() => values.id),
	broadId: integer("broad_id").references(() => broad.id),
});

/** More columns than a function takes arguments. */
export const broad = sqliteTable("broad", {
	id: integer("id").primaryKey(),
	...(Object.fromEntries(
		Array.from({ length: 40 }, (_, at) => [`field${at}`, text(`column_${at}`)]),
	) as Readonly<Record<`field${number}`, SQLiteColumnBuilderBase>>),
});

/** A composite key, with rows that refer to it. */
export const rooms = sqliteTable(
	"rooms",
	{
		house: text("house").notNull(),
		number: integer("room_number").notNull(),
		size: integer("size"),
	},
	(table) => [primaryKey({ columns: [table.house, table.number] })],
);

export const guests = sqliteTable(
	"guests",
	{
		id: integer("id").primaryKey(),
		name: text("name"),
		house: text("room_house"),
		number: integer("room_number"),
	},
	(table) => [
		foreignKey({
			columns: [table.house, table.number],
			foreignColumns: [rooms.house, rooms.number],
		}),
	],
);
