import { describe, expectTypeOf, it } from "vitest";
import { defineEvent, EventManager, select } from "../../src/events/index.ts";
import type { AnyEvent, Channel, ListenerContext, Sink } from "../../src/events/index.ts";
import { Piped, Plain } from "../events/stand-ins.ts";

declare module "../../src/events/event-map.ts" {
	interface EventMap {
		"typed.channel": { readonly total: number };
	}
}

const Heartbeat = defineEvent<{ readonly at: string }>("heart.beat");
const emgr = new EventManager<{ readonly name: string }>([Plain, Piped, Heartbeat]);
const check = (_call: () => unknown): void => {};

describe("types of channels", () => {
	it("follow the ref", () => {
		check(async () => {
			expectTypeOf(emgr.subscribe(Plain)).toEqualTypeOf<Channel<Plain>>();
			expectTypeOf(emgr.subscribe([Plain, Piped])).toEqualTypeOf<Channel<Plain | Piped>>();
			expectTypeOf(emgr.subscribe("open.*")).toEqualTypeOf<Channel<AnyEvent>>();
			const typed = await emgr.subscribe("typed.channel").receive();
			expectTypeOf(typed?.params).toEqualTypeOf<{ readonly total: number } | undefined>();
			const beat = await emgr.subscribe(Heartbeat).receive({ timeout: 5 });
			expectTypeOf(beat?.params).toEqualTypeOf<{ readonly at: string } | undefined>();
			for await (const event of emgr.subscribe(Plain)) expectTypeOf(event).toEqualTypeOf<Plain>();
		});
	});

	it("are those of where, and of nothing else", () => {
		check(() => {
			emgr.subscribe(Plain, { where: ({ params }) => params.n > 1, overflow: "wait", buffer: 1 });
			// @ts-expect-error -- there is no such overflow
			emgr.subscribe(Plain, { overflow: "block" });
			// @ts-expect-error -- a channel has no handler
			emgr.subscribe(Plain, () => {});
			// @ts-expect-error -- a channel has no mode
			emgr.subscribe(Plain, { mode: "sync" });
		});
	});

	it("are those of the next event", () => {
		check(() => {
			expectTypeOf(emgr.next(Piped, { timeout: 5 })).toEqualTypeOf<Promise<Piped>>();
			expectTypeOf(emgr.next([Plain, Piped])).toEqualTypeOf<Promise<Plain | Piped>>();
			void emgr.next(Plain, { where: ({ params }) => params.n > 1 });
			// @ts-expect-error -- it holds one event
			void emgr.next(Plain, { buffer: 1 });
		});
	});

	it("join the channel and its event in a select", () => {
		check(async () => {
			const found = await select([emgr.subscribe(Plain), emgr.subscribe(Piped)]);
			if (found === undefined) return;
			expectTypeOf(found.event).toEqualTypeOf<Plain | Piped>();
			expectTypeOf(found.channel).toEqualTypeOf<Channel<Plain> | Channel<Piped>>();
		});
	});
});

describe("types of sinks", () => {
	it("follow the ref", () => {
		check(() => {
			emgr.pipe(Plain, {
				write(event, slug, ctx) {
					expectTypeOf(event).toEqualTypeOf<Plain>();
					expectTypeOf(slug).toEqualTypeOf<string>();
					expectTypeOf(ctx).toEqualTypeOf<ListenerContext<{ readonly name: string }>>();
				},
			});
			const anything: Sink = { write: (event) => console.log(event.slug) };
			emgr.pipe(Plain, anything, "sync");
			// @ts-expect-error -- it has nothing to write to
			emgr.pipe(Plain, {});
			emgr.pipe(Plain, new WritableStream<Plain>().getWriter());
		});
	});
});
