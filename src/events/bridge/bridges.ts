import { IdSource } from "../../kernel/id.ts";
import type { EventCore } from "../event-core.ts";
import type { Recording } from "../recording.ts";
import { Bridge } from "./bridge.ts";
import type { BridgeHost } from "./bridge.ts";
import type { BridgeOptions, EventAdapter } from "./event-adapter.ts";
import { RemoteEvents } from "./remote-events.ts";
import type { FindEntity } from "./remote-events.ts";

/** The bridges of a manager: it makes them, and knows those that are open. */
export class Bridges {
	readonly #core: EventCore;
	readonly #record: Recording;
	readonly #remote: RemoteEvents;
	readonly #open = new Set<Bridge>();
	/** Made when first needed: Workers allow no randomness in global scope. */
	#origin: string | undefined;
	#connected = 0;

	constructor(core: EventCore, record: Recording, findEntity: FindEntity | undefined) {
		this.#core = core;
		this.#record = record;
		this.#remote = new RemoteEvents(core, findEntity);
	}

	/** @throws {EventError} `bad_adapter`, `bad_pattern`, `unknown_event`. */
	connect(adapter: EventAdapter, options: BridgeOptions): Bridge {
		const host: BridgeHost = {
			core: this.#core,
			record: this.#record,
			remote: this.#remote,
			number: ++this.#connected,
			// One for all bridges: what two of them are connected to would come in through the other.
			origin: () => (this.#origin ??= new IdSource().id()),
			closed: (closed) => this.#open.delete(closed),
		};
		const bridge = new Bridge(adapter, options, host);
		this.#open.add(bridge);
		return bridge;
	}

	/** Closes all bridges, which takes at most `timeout` milliseconds; default 1 000. */
	async closeAll(options?: { readonly timeout?: number }): Promise<void> {
		await Promise.all([...this.#open].map((bridge) => bridge.close(options)));
	}
}
