import type { EventManager } from "../../events/event-manager.ts";
import type { Database } from "../database.ts";
import type { Entity } from "../schema/entity.ts";
import type { QueryPlans } from "../query/query-plans.ts";

/** What reads of one entity stand on. */
export interface ReadEnvironment {
	readonly entity: Entity;
	readonly plans: QueryPlans;
	readonly database: Database;
	readonly events: EventManager;
}
