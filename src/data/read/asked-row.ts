import type { FindOptions } from "../query/find-options.ts";
import type { Entity } from "../schema/entity.ts";
import { withId } from "./filled-options.ts";

/** A row as it was asked for: its id and the options, and both as the events before and after have them. */
export class AskedRow {
	readonly key: number | string;
	readonly options: FindOptions;
	readonly #entity: Entity;
	#filled: FindOptions | undefined;

	constructor(entity: Entity, key: number | string, options: FindOptions) {
		this.key = key;
		this.options = options;
		this.#entity = entity;
	}

	/** The options as listeners see them. */
	get filled(): FindOptions {
		return (this.#filled ??= withId(this.#entity, this.key, this.options));
	}
}
