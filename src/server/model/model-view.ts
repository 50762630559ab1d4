import type { Entity, Relation } from "../../data/schema/entity.ts";
import type { EntityManager } from "../../data/entity-manager.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import { isAppError } from "../../kernel/error.ts";
import type { Exchange } from "../exchange.ts";
import type { Guard } from "../guard.ts";
import { isStatusError } from "../problem.ts";

/** How many different sets of readable entities are remembered; an access rule may make many. */
const MAX_VIEWS = 4;

/** The part of the model that somebody may read, and the texts that tell of it, each made once. */
export class ModelView {
	readonly entities: readonly Entity[];
	readonly #known: ReadonlySet<Entity>;
	readonly #texts = new Map<string, string>();

	constructor(entities: readonly Entity[]) {
		this.entities = entities;
		this.#known = new Set(entities);
	}

	/** The relations of an entity to others of this view. */
	relationsOf(entity: Entity): readonly Relation[] {
		return [...entity.relations.values()].filter(
			({ target, through }) =>
				this.#known.has(target) && (!through || this.#known.has(through.entity)),
		);
	}

	/** The text of this name, made when it is asked for first. There are only so many names. */
	text(name: string, make: () => string): string {
		const made = this.#texts.get(name) ?? make();
		this.#texts.set(name, made);
		return made;
	}
}

/** Finds out which part of the model a request may read. */
export class ModelViews {
	readonly #em: EntityManager;
	readonly #guard: Guard;
	readonly #views = new BoundedCache<string, ModelView>(MAX_VIEWS);

	constructor(em: EntityManager, guard: Guard) {
		this.#em = em;
		this.#guard = guard;
	}

	/** The view of a request. @throws what the guard threw first, when nothing may be read at all. */
	async of(exchange: Exchange): Promise<ModelView> {
		const { entities } = this.#em;
		const refusals = await Promise.all(entities.map((entity) => this.#refusal(exchange, entity)));
		const readable = entities.filter((_, index) => refusals[index] === undefined);
		if (readable.length === 0 && refusals.length > 0) throw refusals[0];
		const key = readable.map((entity) => entity.name).join();
		return this.#views.getOrMake(key, () => new ModelView(readable));
	}

	/** Why the request may not read an entity; undefined if it may. */
	async #refusal(exchange: Exchange, { name }: Entity): Promise<unknown> {
		try {
			await this.#guard.check(exchange, name, "read");
			return undefined;
		} catch (error) {
			if (isRefusal(error)) return error;
			throw error;
		}
	}
}

function isRefusal(error: unknown): boolean {
	if (isAppError(error)) return error.kind === "unauthenticated" || error.kind === "forbidden";
	return isStatusError(error) && (error.status === 401 || error.status === 403);
}
