import type { EntityManager } from "../data/entity-manager.ts";
import type { AskedList } from "../data/read/asked-list.ts";
import type { Entity } from "../data/schema/entity.ts";
import { BoundedCache } from "../kernel/bounded-cache.ts";
import { readListQuery } from "./input.ts";

const KEPT = 256;
/** Short, and without JSON: what such a query says can be frozen as it is. */
const PLAIN = /^[\w?&=,.-]{0,200}$/;

/** The lists that URLs ask for. Clients ask for few of them, again and again: those are read once. */
export class KeptLists {
	readonly #em: EntityManager;
	readonly #lists = new BoundedCache<string, AskedList>(KEPT);

	constructor(em: EntityManager) {
		this.#em = em;
	}

	/** The list of an entity's rows that a URL asks for. @throws `bad_parameters`, `bad_query`. */
	of(entity: Entity, url: string): AskedList {
		const start = url.indexOf("?");
		const text = start === -1 ? "" : url.slice(start);
		if (!PLAIN.test(text)) return this.#read(entity, text);
		return this.#lists.getOrMake(entity.name + text, () => this.#read(entity, text));
	}

	#read(entity: Entity, text: string): AskedList {
		const options = readListQuery(text);
		// Listeners get it, and must not change what later requests ask for.
		for (const value of Object.values(options)) Object.freeze(value);
		return this.#em.reader(entity.name).ask(options, "client");
	}
}
