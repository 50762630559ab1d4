import { expectTypeOf } from "vitest";
import type { App } from "../../src/app/app.ts";
import { DatabaseEvents } from "../../src/data/database-events.ts";
import { defineEvent, listen } from "../../src/events/index.ts";
import type { Event, ListenerContext } from "../../src/events/index.ts";
import { Piped, Plain, posts, Saving, tags } from "../events/stand-ins.ts";

declare module "../../src/events/event-map.ts" {
	interface EventMap {
		"decorated.by-params": { readonly total: number };
	}
}

const OrderPaid = defineEvent<{ readonly id: string }>("order.paid");
type OrderPaid = InstanceType<typeof OrderPaid>;

/** What `@listen` checks. It is compiled and never run: the test runner leaves decorators as they are. */
export class Receipts {
	@listen(OrderPaid)
	paid(event: OrderPaid, slug: string, ctx: ListenerContext<App>): void {
		expectTypeOf(event.params.id).toEqualTypeOf<string>();
		expectTypeOf(ctx.app).toEqualTypeOf<App>();
		void slug;
	}

	@listen(OrderPaid, { mode: "sync", where: (event) => event.params.id !== "" })
	@listen([OrderPaid, Plain])
	either(event: OrderPaid | Plain): void {
		void event;
	}

	// @ts-expect-error -- another event
	@listen(OrderPaid)
	wrong(event: Plain): void {
		void event;
	}

	@listen("order.*")
	any(event: Event<{ readonly id: string }>): void {
		void event;
	}

	@listen("decorated.by-params")
	named(event: Event<{ readonly total: number }>): void {
		void event;
	}

	// @ts-expect-error -- the map says what it carries
	@listen("decorated.by-params")
	misnamed(event: Event<{ readonly total: string }>): void {
		void event;
	}

	@listen(Piped, "sync")
	reply(): string {
		return "a";
	}

	// @ts-expect-error -- a number is no reply of it
	@listen(Piped, "sync")
	badReply(): number {
		return 1;
	}

	@listen(Saving, { entity: posts })
	saving(event: Saving<typeof posts>): void {
		void event;
	}

	// @ts-expect-error -- the event of another entity
	@listen(Saving, { entity: tags })
	savingOther(event: Saving<typeof posts>): void {
		void event;
	}

	@listen(DatabaseEvents.MutatorInsertAfter)
	inserted(event: InstanceType<typeof DatabaseEvents.MutatorInsertAfter>): void {
		void event;
	}
}
