import { describe, expectTypeOf, it } from "vitest";
import type { App } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import { defineEvent, defineService } from "../../src/events/index.ts";
import type {
	EventManager,
	EventScope,
	ListenerContext,
	ListenerGroup,
} from "../../src/events/index.ts";
import type { GetService } from "../../src/kernel/service.ts";

const OrderPaid = defineEvent<{ readonly id: string }>("order.paid");
type OrderPaid = InstanceType<typeof OrderPaid>;

class Mailer {
	readonly sent: string[] = [];
}
abstract class Storage {
	abstract read(): string;
}
class Memory extends Storage {
	read(): string {
		return "";
	}
}
const Rate = defineService<(currency: string) => number>("rate");
const Flag = defineService<boolean>("flag");

/** Never calls it: what counts is whether it compiles. */
function never(call: (app: App, ctx: ListenerContext, emgr: EventManager) => void): void {
	void call;
}

describe("types of services", () => {
	it("are those of the class, or of the token", () => {
		never((app, ctx) => {
			expectTypeOf(ctx.get(Mailer)).toEqualTypeOf<Mailer>();
			expectTypeOf(ctx.get(Storage)).toEqualTypeOf<Storage>();
			expectTypeOf(ctx.get(Rate)).toEqualTypeOf<(currency: string) => number>();
			expectTypeOf(app.get(Flag)).toEqualTypeOf<boolean>();
			// @ts-expect-error -- a name is no token
			ctx.get("mailer");
			// @ts-expect-error -- nor is an object
			ctx.get({ name: "mailer" });
		});
	});

	it("decide what may be provided", () => {
		never((app) => {
			app.provide(Mailer, new Mailer());
			app.provide(Mailer, Mailer);
			app.provide(Storage, Memory);
			app.provide(Storage, new Memory());
			app.provide(Flag, false);
			app.provide(Flag, () => true, { per: "app" });
			app.provide(Rate, () => (currency) => {
				expectTypeOf(currency).toEqualTypeOf<string>();
				return 1;
			});
			app.provide(Mailer, (get) => {
				expectTypeOf(get).toEqualTypeOf<GetService>();
				return new Mailer();
			});
			app.provide(
				Flag,
				(_, scope) => {
					expectTypeOf(scope).toEqualTypeOf<EventScope>();
					return scope.actor !== undefined;
				},
				{ per: "scope" },
			);
			// @ts-expect-error -- a number is no flag
			app.provide(Flag, 1);
			// @ts-expect-error -- nor what a factory makes
			app.provide(Flag, () => 1);
			// @ts-expect-error -- a class of something else
			app.provide(Storage, Mailer);
			// @ts-expect-error -- a function is called: it has to be returned by one
			app.provide(Rate, (currency: string) => currency.length);
			// @ts-expect-error -- there is no such lifetime
			app.provide(Flag, true, { per: "request" });
		});
	});
});

describe("types of listeners", () => {
	it("let classes, instances and data be registered", () => {
		class Bare {}
		never((_, __, emgr) => {
			expectTypeOf(emgr.register(Bare)).toEqualTypeOf<ListenerGroup>();
			emgr.register(new Bare());
			// @ts-expect-error -- a string is neither
			emgr.register("Bare");
		});
		expectTypeOf({
			listeners: [
				Bare,
				new Bare(),
				{ ref: OrderPaid, handler: (event: OrderPaid) => void event.params.id },
			],
		}).toExtend<Config>();
	});
});
