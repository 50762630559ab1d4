import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expectTypeOf, test } from "vitest";
import type { DataEventMap } from "../../src/data/data-event-map.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { EventManager } from "../../src/events/event-manager.ts";

const gauges = sqliteTable("gauges", {
	id: integer().primaryKey({ autoIncrement: true }),
	name: text().notNull(),
	value: integer(),
});
const valves = sqliteTable("valves", { id: text().primaryKey(), open: integer() });
const schema = { gauges, valves, unit: "bar" };

declare module "../../src/events/event-map.ts" {
	interface EventMap extends DataEventMap<typeof schema> {}
}

type Gauge = typeof gauges.$inferSelect;
type NewGauge = typeof gauges.$inferInsert;

const emgr = new EventManager(DatabaseEvents);

test("a topic of a table has the table's types, as its class with an entity has", () => {
	emgr.on(
		"data.gauges.insert.before",
		(event) => {
			expectTypeOf(event.params.data).toEqualTypeOf<NewGauge>();
			expectTypeOf(event.params.entity.table).toEqualTypeOf<typeof gauges>();
			return { ...event.params.data, value: 1 };
		},
		"sync",
	);
	// @ts-expect-error -- a number is no name
	emgr.on("data.gauges.insert.before", () => ({ name: 1 }), "sync");
	emgr.on("data.gauges.update.before", ({ params }) => {
		expectTypeOf(params.data).toEqualTypeOf<Partial<NewGauge>>();
	});
	emgr.on("data.gauges.delete.after", ({ params }) => {
		expectTypeOf(params.data).toEqualTypeOf<Gauge>();
	});
	emgr.on("data.valves.insert.after", ({ params }) => {
		expectTypeOf(params.data).toEqualTypeOf<typeof valves.$inferSelect>();
	});
	emgr.once("data.gauges.find-many.after", ({ params }) => {
		expectTypeOf(params.entity.table).toEqualTypeOf<typeof gauges>();
	});
});

test("every class of data events has its topic in the map", () => {
	type Topics = keyof DataEventMap<{ readonly gauges: typeof gauges }>;
	const topics = Object.values(DatabaseEvents).map((one) => one.topicFor("gauges")) as Topics[];
	expectTypeOf(topics).toEqualTypeOf<Topics[]>();
});

test("what is no table has no topics, and an unknown topic is still heard, untyped", () => {
	expectTypeOf<"data.unit.insert.before">().not.toExtend<keyof DataEventMap<typeof schema>>();
	emgr.on("data.pumps.insert.before", (event) => {
		expectTypeOf(event.params).toEqualTypeOf<unknown>();
	});
});
