import * as v from "valibot";
import { describe, expect, expectTypeOf, it, vi } from "vitest";
import { z } from "zod";
import { defineEvent, Event, EventError, EventManager } from "../../src/events/index.ts";
import type { StandardSchema } from "../../src/kernel/schema.ts";

const WithZod = defineEvent(
	"order.paid",
	z.object({ id: z.string(), total: z.number().positive(), currency: z.string().default("EUR") }),
);
const WithValibot = defineEvent(
	"order.paid",
	v.object({
		id: v.string(),
		total: v.pipe(v.number(), v.minValue(1)),
		currency: v.optional(v.string(), "EUR"),
	}),
);

/** A schema written by hand, as any library may. */
function schemaOf<Output>(
	validate: StandardSchema<unknown, Output>["~standard"]["validate"],
): StandardSchema<unknown, Output> {
	return { "~standard": { version: 1, vendor: "hand", validate } };
}

async function failure(emit: () => unknown): Promise<EventError> {
	try {
		await emit();
	} catch (error) {
		if (error instanceof EventError) return error;
		throw error;
	}
	throw new Error("nothing was thrown");
}

describe.each([
	["zod", WithZod],
	["valibot", WithValibot],
])("an event with a schema of %s", (_, OrderPaid) => {
	it("gives listeners what the schema makes of the params", async () => {
		const emgr = new EventManager();
		const heard: unknown[] = [];
		emgr.onEvent(OrderPaid, (event) => void heard.push(event.params), "sync");
		const event = await emgr.emit(OrderPaid, { id: "a1", total: 42 });
		expect(heard).toEqual([{ id: "a1", total: 42, currency: "EUR" }]);
		expect(event.params.currency).toBe("EUR");
	});

	it("refuses params that do not fit, with every fault, before any listener", async () => {
		const emgr = new EventManager();
		const listener = vi.fn<() => void>();
		emgr.onEvent(OrderPaid, listener, "sync");
		const wrong = { id: 1, total: -1 } as unknown as { id: string; total: number };
		const error = await failure(() => emgr.emit(OrderPaid, wrong));
		expect(error).toMatchObject({ code: "event_invalid", kind: "invalid", retryable: false });
		expect(error.errors?.map(({ path }) => path)).toEqual(["id", "total"]);
		expect(listener).not.toHaveBeenCalled();
	});

	it("checks also when nobody listens", async () => {
		const wrong = {} as { id: string; total: number };
		const error = await failure(() => new EventManager().emit(OrderPaid, wrong));
		expect(error.code).toBe("event_invalid");
	});

	it("checks instances, names and dispatch alike", async () => {
		const emgr = new EventManager({ OrderPaid });
		const wrong = { id: "a1" } as { id: string; total: number };
		const ways = [
			() => emgr.emit(new OrderPaid(wrong)),
			() => emgr.emit("order.paid", wrong),
			() => emgr.dispatch(new OrderPaid(wrong)),
			() => emgr.scope().emit(OrderPaid, wrong),
			() => emgr.scope().dispatch(new OrderPaid(wrong)),
		];
		for (const way of ways) expect((await failure(way)).code).toBe("event_invalid");
	});

	it("makes and checks lazy params only when somebody listens", async () => {
		const emgr = new EventManager();
		const make = vi.fn<() => { id: string; total: number }>(() => ({ id: "a1" }) as never);
		await emgr.emit(OrderPaid, make);
		expect(make).not.toHaveBeenCalled();
		emgr.onEvent(OrderPaid, () => {}, "sync");
		expect((await failure(() => emgr.emit(OrderPaid, make))).code).toBe("event_invalid");
		expect(make).toHaveBeenCalledTimes(1);
	});
});

describe("a schema", () => {
	it("types what goes in and what comes out", () => {
		const Measured = defineEvent(
			"measured.at",
			z.object({ at: z.coerce.date().default(() => new Date(0)) }),
		);
		expectTypeOf<InstanceType<typeof Measured>["params"]>().toEqualTypeOf<{ at: Date }>();
		const emgr = new EventManager();
		void emgr.emit(Measured, {});
		// @ts-expect-error -- a number is no object
		void emgr.emit(Measured, 1).catch(() => {});
		const Typed = defineEvent("typed.by-valibot", v.object({ n: v.number() }));
		expectTypeOf<InstanceType<typeof Typed>["params"]>().toEqualTypeOf<{ n: number }>();
	});

	it("converts an event once, however often it is emitted", async () => {
		const Counted = defineEvent(
			"counted.up",
			z.number().transform((n) => n + 1),
		);
		const emgr = new EventManager();
		const event = new Counted(1);
		await emgr.emit(event);
		expect((await emgr.emit(event)).params).toBe(2);
	});

	it("says where in arrays and nested objects a fault is", async () => {
		const Sent = defineEvent(
			"items.sent",
			z.object({ items: z.array(z.object({ n: z.number() })) }),
		);
		const error = await failure(() =>
			new EventManager().emit(Sent, { items: [{ n: 1 }, { n: "x" as unknown as number }] }),
		);
		expect(error.errors?.[0]?.path).toBe("items[1].n");
		expect(error.message).toContain("items[1].n");
	});

	it("lets falsy params through", async () => {
		for (const value of [0, "", false, null]) {
			const Falsy = defineEvent("falsy.value", z.unknown());
			expect((await new EventManager().emit(new Falsy(value))).params).toBe(value);
		}
	});

	it("may be asynchronous for emit and dispatch, not for emitSync", async () => {
		const schema = schemaOf(async (value) => ({ value: `${String(value)}!` }));
		const Slow = defineEvent("slow.check", schema);
		const emgr = new EventManager();
		const heard: unknown[] = [];
		emgr.onEvent(Slow, ({ params }) => void heard.push(params), "sync");
		await emgr.emit(Slow, "a");
		await emgr.dispatch(new Slow("b"));
		expect(heard).toEqual(["a!", "b!"]);
		class Marked extends Slow {
			static override slug = "slow.marked";
			static override syncOnly = true;
		}
		emgr.onEvent(Marked, ({ params }) => void heard.push(params), "sync");
		expect(() => emgr.emitSync(new Marked("c"))).toThrow(/its schema/);
		await Promise.resolve();
		expect(heard).toEqual(["a!", "b!"]);
	});

	it.each([
		[
			"throws",
			() => {
				throw new Error("secret cause");
			},
		],
		[
			"rejects",
			async () => {
				throw new Error("secret cause");
			},
		],
	])("that %s is an error of its own, and the cause is kept", async (_, validate) => {
		const Broken = defineEvent("broken.schema", schemaOf<unknown>(validate as () => never));
		const emgr = new EventManager();
		const listener = vi.fn<() => void>();
		emgr.onEvent(Broken, listener, "sync");
		const error = await failure(() => emgr.emit(Broken, 1));
		expect(error).toMatchObject({ code: "schema_failed", kind: "internal" });
		expect(error.message).not.toContain("secret");
		expect(error.cause).toMatchObject({ message: "secret cause" });
		expect(listener).not.toHaveBeenCalled();
	});

	it.each([
		["nothing", () => null],
		["faults that are no list", () => ({ issues: {} })],
		["a fault that is none", () => ({ issues: [null] })],
		[
			"a value that cannot be read",
			() => ({
				get value() {
					throw new RangeError("no");
				},
			}),
		],
		["nothing, later", async () => undefined],
	])("that answers with %s has failed", async (_, validate) => {
		const Odd = defineEvent("odd.schema", schemaOf<unknown>(validate as () => never));
		const emgr = new EventManager();
		const listener = vi.fn<() => void>();
		emgr.onEvent(Odd, listener, "sync");
		expect(await failure(() => emgr.emit(Odd, 1))).toMatchObject({ code: "schema_failed" });
		expect(listener).not.toHaveBeenCalled();
	});

	it("that answers with a thenable is waited for, whatever its then returns", async () => {
		const refusal = Promise.withResolvers<void>();
		const thenable = {
			// oxlint-disable-next-line unicorn/no-thenable -- a thenable is what is tested
			then(resolve: (result: unknown) => void) {
				void refusal.promise.then(() => resolve({ issues: [{ message: "No." }] }));
			},
		};
		const Late = defineEvent(
			"late.schema",
			schemaOf<unknown>(() => thenable as never),
		);
		const emgr = new EventManager();
		const listener = vi.fn<() => void>();
		emgr.onEvent(Late, listener, "sync");
		const emitting = failure(() => emgr.emit(Late, 1));
		refusal.resolve();
		expect(await emitting).toMatchObject({ code: "event_invalid" });
		expect(listener).not.toHaveBeenCalled();
	});

	it.each([[{}], [{ parse() {} }], ["zod"], [null], [{ "~standard": {} }]])(
		"that does not speak Standard Schema is refused at once: %j",
		(schema) => {
			expect(() => defineEvent("some.event", schema as never)).toThrow(
				expect.objectContaining({ code: "bad_schema", kind: "invalid" }),
			);
		},
	);

	it("may be named by a class that is written out", async () => {
		class Renamed extends Event<{ readonly name: string }> {
			static override slug = "renamed";
			static override schema = z.object({ name: z.string().trim() });
		}
		const event = await new EventManager().emit(new Renamed({ name: " a " }));
		expect(event.params.name).toBe("a");
	});
});

describe("emitSync", () => {
	class Ticked extends Event<{ n: number }> {
		static override slug = "ticked";
		static override syncOnly = true;
	}

	it("has run every listener when it returns", () => {
		const emgr = new EventManager({ Ticked });
		const heard: number[] = [];
		emgr.onEvent(Ticked, ({ params }) => void heard.push(params.n), "sync");
		const event = new Ticked({ n: 1 });
		expect(emgr.emitSync(event)).toBe(event);
		expect(heard).toEqual([1]);
	});

	it("throws what a listener throws", () => {
		const emgr = new EventManager({ Ticked });
		emgr.onEvent(
			Ticked,
			() => {
				throw new RangeError("no");
			},
			"sync",
		);
		expect(() => emgr.emitSync(new Ticked({ n: 1 }))).toThrow(RangeError);
	});

	it("refuses a promise, without an unhandled rejection", () => {
		const emgr = new EventManager({ Ticked });
		emgr.onEvent(
			Ticked,
			async () => {
				throw new Error("late");
			},
			{ mode: "sync", id: "late" },
		);
		expect(() => emgr.emitSync(new Ticked({ n: 1 }))).toThrow(
			expect.objectContaining({
				code: "promise_in_commit",
				message: expect.stringContaining("late"),
			}),
		);
	});

	it("takes only classes that are marked", () => {
		const Plain = defineEvent<number>("plain.one");
		expect(() => new EventManager().emitSync(new Plain(1))).toThrow(
			expect.objectContaining({ code: "not_sync_only" }),
		);
	});

	it("refuses an async listener where it registers", () => {
		const emgr = new EventManager({ Ticked });
		expect(() => emgr.onEvent(Ticked, () => {})).toThrow(
			expect.objectContaining({ code: "sync_only" }),
		);
	});
});
