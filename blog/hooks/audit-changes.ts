import { type App, DatabaseEvents } from "burdock";
import { is, SQL } from "drizzle-orm";
import { audit, authors, comments, media, posts, postsTags, tags } from "../schema.ts";

/** Everything but the audit itself. */
const AUDITED = [authors, posts, tags, postsTags, comments, media];

const ACTIONS = [
	["insert", DatabaseEvents.MutatorInsertCommit],
	["update", DatabaseEvents.MutatorUpdateCommit],
	["delete", DatabaseEvents.MutatorDeleteCommit],
] as const;

/**
 * Adds one row to `audit` for each row of a write, in the batch of that write: both are stored, or
 * neither is. A write of many rows still adds one statement.
 *
 * The id of a new row may still be unknown here: `rowId` is then an expression, which the database
 * works out when the batch runs. Of what is `changed`, such values are left out.
 */
export function auditChanges(app: App): void {
	for (const [action, Commit] of ACTIONS) {
		app.emgr.onEvent(
			Commit,
			({ params: { entity, rows, batch } }) => {
				const entries = rows.map(({ rowId, data }) => ({
					entity: entity.name,
					entityId: is(rowId, SQL) ? rowId : String(rowId),
					action,
					changed: data ? knownOf(data) : null,
				}));
				batch.add(app.db.insert(audit).values(entries));
			},
			{ mode: "sync", id: `audit-${action}`, order: 100, entity: AUDITED },
		);
	}
}

function knownOf(data: object): Record<string, unknown> {
	return Object.fromEntries(Object.entries(data).filter(([, value]) => !is(value, SQL)));
}
