import type { EventAdapter } from "./event-adapter.ts";

/**
 * Connects managers of one process, as a broker would connect processes: every envelope passes
 * through text, and arrives a moment later. For tests, and for apps that live side by side.
 *
 * @example
 * ```ts
 * const bus = new InProcessBus();
 * shop.emgr.connect(bus.adapter(), { publish: "order.**" });
 * stock.emgr.connect(bus.adapter(), { publish: "stock.**", receive: "order.**" });
 * ```
 */
export class InProcessBus {
	readonly #receivers = new Set<(text: string) => void>();

	/** One end of the bus: a manager needs one of its own. */
	adapter(): EventAdapter {
		const all = this.#receivers;
		const own = new Set<(text: string) => void>();
		return {
			publish(envelope) {
				const text = JSON.stringify(envelope);
				for (const receive of all) {
					queueMicrotask(() => {
						if (all.has(receive)) receive(text);
					});
				}
			},
			subscribe(receive) {
				const receiver = (text: string): void => receive(text);
				all.add(receiver);
				own.add(receiver);
				return () => void all.delete(receiver);
			},
			stop() {
				for (const receiver of own) all.delete(receiver);
			},
		};
	}
}
