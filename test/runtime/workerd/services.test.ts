import { AsyncLocalStorage } from "node:async_hooks";
import { expect, test } from "vitest";
import { defineEvent, EventManager, listen } from "../../../src/events/index.ts";
import type { EventScope } from "../../../src/events/index.ts";
import { defineService } from "../../../src/kernel/service.ts";
import type { ServiceKey } from "../../../src/kernel/service.ts";
import { Services } from "../../../src/kernel/services.ts";
import { mark } from "../../support/mark.ts";

const OrderPaid = defineEvent<{ readonly id: string }>("order.paid");
const User = defineService<string>("user");

test("classes listen with the services of their scope on Workers, too", async () => {
	const storage = new AsyncLocalStorage<EventScope>();
	const services = new Services<EventScope>();
	services.provide(User, (_, scope) => scope.actor?.id ?? "nobody", { per: "scope" });
	const emgr = new EventManager([OrderPaid], {
		context: {
			get: () => storage.getStore(),
			run: (scope, callback) => storage.run(scope, callback),
		},
		resolve: (key, scope) => services.get(key as ServiceKey, scope as EventScope | undefined),
	});
	const notes: string[] = [];
	class Receipts {
		static inject = [User];
		readonly user: string;
		constructor(user: string) {
			this.user = user;
		}
		async send(event: InstanceType<typeof OrderPaid>): Promise<void> {
			await Promise.resolve();
			notes.push(`${this.user} ${event.params.id}`);
		}
	}
	mark(Receipts, "send", listen(OrderPaid, "sync"));
	emgr.register(Receipts);
	await Promise.all(
		["ann", "bob"].map((id) =>
			emgr.scope({ actor: { id } }).run(() => emgr.emit(OrderPaid, { id: "a1" })),
		),
	);
	await emgr.emit(OrderPaid, { id: "a2" });
	expect(notes).toEqual(["ann a1", "bob a1", "nobody a2"]);
});
