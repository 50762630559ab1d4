import { chain, type Maybe } from "../../kernel/maybe.ts";
import { permitAll, type Permit } from "../permit.ts";
import type { Access, Condition } from "../query/ast.ts";
import { entitiesOf } from "../query/entities-of.ts";
import type { Where } from "../query/find-options.ts";
import { QueryReader } from "../query/query-reader.ts";
import type { ReadEnvironment } from "./read-environment.ts";
import { RowFilters } from "./row-filters.ts";

type Kind = "count" | "exists";

/** How many rows of an entity there are, and whether there is any: 1 or 0. */
export class RowCounts {
	readonly #environment: ReadEnvironment;
	readonly #filters: RowFilters;

	constructor(environment: ReadEnvironment) {
		this.#environment = environment;
		this.#filters = new RowFilters(environment.events);
	}

	/** Of the rows that a caller asks for. @throws `bad_query`, what a listener or `permit` throws. */
	of(kind: Kind, where: Where | undefined, access: Access, permit?: Permit): Maybe<number> {
		const asked = new QueryReader(this.#environment.entity, access).readWhere(where);
		if (permit === undefined || asked === undefined) return this.visible(kind, where, asked);
		return chain(permitAll(entitiesOf(asked), permit), () => this.visible(kind, where, asked));
	}

	/** Of the rows of a condition, but for those that listeners hide. @throws What a listener throws. */
	visible(kind: Kind, where: Where | undefined, asked: Condition | undefined): Maybe<number> {
		const { entity } = this.#environment;
		const filtered = (condition: Condition | undefined): Maybe<number> =>
			chain(this.#filters.condition(condition), (all) => this.read(kind, all));
		if (!this.#filters.hears(entity)) return filtered(asked);
		const options = Object.freeze(where === undefined ? {} : { where });
		return chain(this.#filters.ask(entity, options, kind), (reply) =>
			filtered(reply === undefined ? asked : this.#filters.readerOf(entity).readFilter(reply)),
		);
	}

	/** Of the rows of a condition, whoever hides some of them. */
	read(kind: Kind, condition: Condition | undefined): Maybe<number> {
		const { plans, database } = this.#environment;
		return chain(database.all(plans[kind](condition)), ([row]) => Number(row?.[0] ?? 0));
	}
}
