import type { App } from "../../app/app.ts";
import { DatabaseEvents } from "../../data/database-events.ts";
import type { Statement } from "../../data/database.ts";
import type { Entity, EntityId, Row } from "../../data/schema/entity.ts";
import type { WriteBatch } from "../../data/write/write-batch.ts";
import type { EventContext } from "../../events/event-context.ts";

interface Committed {
	readonly context: EventContext;
	readonly params: { readonly batch: WriteBatch };
}

/** Milliseconds that the async listeners of a write have before the next one comes. */
const SETTLE_MS = 10_000;

/**
 * Writes rows through the hooks, each write together with statements of the import's own: they are
 * appended in its commit event, so that both are stored, or none is.
 */
export class ImportWriter {
	readonly #app: App;
	#extra: readonly Statement[] = [];

	constructor(app: App) {
		this.#app = app;
		const { MutatorInsertCommit, MutatorUpdateCommit } = DatabaseEvents;
		const add = (event: Committed): void => this.#add(event);
		const config = { mode: "sync", order: Number.MAX_SAFE_INTEGER } as const;
		app.emgr.onEvent(MutatorInsertCommit, add, { ...config, id: "burdock-import-insert" });
		app.emgr.onEvent(MutatorUpdateCommit, add, { ...config, id: "burdock-import-update" });
	}

	/** Inserts rows, all or none; answers how many of them a listener prevented. */
	async insert(entity: Entity, rows: readonly Row[], extra: readonly Statement[]): Promise<number> {
		return this.#with(extra, async () => {
			const { data } = await this.#app.em.mutator(entity.name).insertMany(rows);
			return (data as readonly (Row | null)[]).filter((row) => row === null).length;
		});
	}

	/** Replaces all fields of a stored row but its key and its version, which counts its updates. */
	async replace(
		entity: Entity,
		{ id, data }: { readonly id: EntityId; readonly data: Row },
		extra: readonly Statement[],
	): Promise<void> {
		const kept = new Set([...entity.key, entity.version].map((field) => field?.name));
		const changes = Object.fromEntries(Object.entries(data).filter(([name]) => !kept.has(name)));
		if (Object.keys(changes).length === 0) return this.store(extra);
		await this.#with(extra, async () => {
			const mutator = this.#app.em.mutator(entity.name);
			if (typeof id === "object") await mutator.updateWhere(changes, id);
			else await mutator.updateOne(id, changes);
		});
	}

	/** Runs the import's own statements alone. */
	async store(statements: readonly Statement[]): Promise<void> {
		await this.#app.database.batch(statements);
	}

	async #with<Result>(extra: readonly Statement[], write: () => Promise<Result>): Promise<Result> {
		this.#extra = extra;
		try {
			const result = await write();
			// What async listeners have still to do must not pile up.
			await this.#app.emgr.drain({ timeout: SETTLE_MS });
			// Nothing was committed where listeners prevented everything.
			if (this.#extra.length > 0) await this.store(this.#extra);
			return result;
		} finally {
			this.#extra = [];
		}
	}

	/** What listeners write on their own comes from within an event: that is not the import's write. */
	#add({ context, params }: Committed): void {
		if (context.causation.depth > 0) return;
		for (const statement of this.#extra) params.batch.add(statement);
		this.#extra = [];
	}
}
