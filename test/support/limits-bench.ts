import { createTable } from "../../src/data/migrate/create-table.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import type { Database } from "../../src/data/database.ts";
import { EntityManager } from "../../src/data/entity-manager.ts";
import { OWN_TABLES } from "../../src/data/migrate/own-tables.ts";
import { readSchema } from "../../src/data/schema/read-schema.ts";
import { Registry } from "../../src/data/schema/registry.ts";
import { EventManager } from "../../src/events/event-manager.ts";
import { silentLogger } from "../../src/kernel/logger.ts";
import { CountedDatabase } from "./counted-database.ts";
import * as schema from "./large-schema.ts";

const { snowflake: _, ...tables } = schema;

/** The data floor on one engine. */
export class LimitsBench {
	readonly database: CountedDatabase;
	readonly em: EntityManager;
	readonly events: EventManager;

	constructor(database: Database) {
		this.database = new CountedDatabase(database);
		const registry = new Registry(readSchema(tables, {}));
		this.events = new EventManager(DatabaseEvents, {
			logger: silentLogger,
			entityName: (ref) => registry.find(ref)?.name,
		});
		this.em = new EntityManager({ registry, database: this.database, events: this.events });
	}

	async prepare(): Promise<this> {
		const made = Object.values(tables).flatMap((table) => createTable(table));
		await this.database.batch([...OWN_TABLES, ...made.map((sql) => ({ sql, params: [] }))]);
		return this;
	}
}

/** What the tests of one part see: a new bench for each test. */
export interface LimitsSubject {
	readonly bench: LimitsBench;
}
