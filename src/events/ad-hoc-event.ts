import { carryOver, Event } from "./event.ts";

/** An event that was emitted by a dotted name which no class claims. */
export class AdHocEvent<Params = unknown> extends Event<Params, unknown> {
	readonly #name: string;

	constructor(name: string, params: Params) {
		super(params);
		this.#name = name;
	}

	override get slug(): string {
		return this.#name;
	}

	override get topic(): string {
		return this.#name;
	}

	protected override clone(params: Params): this {
		const copy = new AdHocEvent(this.#name, params);
		carryOver(this, copy);
		return copy as this;
	}
}
