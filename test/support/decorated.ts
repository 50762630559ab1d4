import type { ConcreteEventClass, Event, listen } from "../../src/events/index.ts";

type OrderPaid = ConcreteEventClass<Event<{ readonly id: string }>>;

/**
 * Classes as their authors write them, with decorators; for compilers. It imports nothing, so that
 * what a compiler makes of it can be run anywhere.
 */
export function decorated(on: typeof listen, OrderPaid: OrderPaid, notes: string[]) {
	class Words {
		readonly greeting = "paid";
	}

	class Receipts {
		static readonly inject = [Words];
		readonly #words: Words;

		constructor(words: Words) {
			this.#words = words;
		}

		@on(OrderPaid, "sync")
		@on("order.*", { mode: "sync", order: 1 })
		note(event: InstanceType<OrderPaid>, slug: string): void {
			notes.push(`${this.#words.greeting} ${event.params.id} ${slug}`);
		}

		@on(OrderPaid, { mode: "sync", order: 2 })
		overridden(): void {
			notes.push("never");
		}
	}

	class LoudReceipts extends Receipts {
		static readonly all: LoudReceipts[] = [];

		override overridden(): void {
			notes.push("overridden");
		}
	}

	return { Words, Receipts, LoudReceipts };
}
