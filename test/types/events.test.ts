import { describe, expectTypeOf, it } from "vitest";
import { defineEvent, EventManager } from "../../src/events/index.ts";
import type {
	AnyEvent,
	Event,
	ListenerContext,
	ParamsOf,
	ReplyOf,
} from "../../src/events/index.ts";
import { Other, Piped, Plain, posts, Saving, tags } from "../events/stand-ins.ts";

declare module "../../src/events/event-map.ts" {
	interface EventMap {
		"typed.by-params": { readonly total: number };
		"typed.by-event": Piped;
	}
}

const Heartbeat = defineEvent<{ readonly at: string }>("heart.beat");
const Bare = defineEvent("bare.event");

describe("types of listeners", () => {
	it("are those of the class", () => {
		const emgr = new EventManager<{ readonly name: string }>([Plain, Piped, Saving]);
		emgr.onEvent(Plain, (event, slug, ctx) => {
			expectTypeOf(event.params).toEqualTypeOf<{ readonly n: number }>();
			expectTypeOf(event).toEqualTypeOf<Plain>();
			expectTypeOf(slug).toEqualTypeOf<string>();
			expectTypeOf(ctx).toEqualTypeOf<ListenerContext<{ readonly name: string }>>();
			expectTypeOf(ctx.app.name).toEqualTypeOf<string>();
		});
		emgr.onEvent(Heartbeat, (event) => {
			expectTypeOf(event.params.at).toEqualTypeOf<string>();
		});
		emgr.onEvent(Plain, () => {}, {
			where: (event) => {
				expectTypeOf(event).toEqualTypeOf<Plain>();
				return event.params.n > 1;
			},
			onError: (event) => {
				expectTypeOf(event).toEqualTypeOf<Plain>();
			},
		});
	});

	it("allow only replies that the class takes", () => {
		const emgr = new EventManager([Plain, Piped, Saving]);
		emgr.onEvent(Piped, () => "a", "sync");
		emgr.onEvent(Piped, async () => "a", "sync");
		emgr.onEvent(Piped, async (event) => (event.returned ? "a" : undefined), "sync");
		// @ts-expect-error -- a number is no reply of it
		emgr.onEvent(Piped, () => 1, "sync");
		// @ts-expect-error -- it takes no reply
		emgr.onEvent(Plain, () => ({ n: 1 }), "sync");
		expectTypeOf<ReplyOf<Piped>>().toEqualTypeOf<string>();
		expectTypeOf<ReplyOf<Plain>>().toEqualTypeOf<void>();
		expectTypeOf<ParamsOf<Piped>>().toEqualTypeOf<{ readonly text: string }>();
	});

	it("narrow to the entity", () => {
		const emgr = new EventManager([Saving]);
		emgr.onEvent(
			Saving,
			(event) => {
				expectTypeOf(event.params.data).toEqualTypeOf<{ title: string }>();
				return { title: event.params.data.title.toUpperCase() };
			},
			{ mode: "sync", entity: posts },
		);
		emgr.onEvent(
			Saving,
			(event) => {
				expectTypeOf(event.params.data).toEqualTypeOf<{ label: string; weight: number }>();
			},
			{
				entity: tags,
				where: (event) => {
					expectTypeOf(event.params.data.weight).toEqualTypeOf<number>();
					return true;
				},
			},
		);
		emgr.onEvent(
			Saving,
			(event) => {
				expectTypeOf(event.params.data).toEqualTypeOf<
					{ title: string } | { label: string; weight: number }
				>();
			},
			{ entity: [posts, tags] },
		);
		emgr.onEvent(
			Saving,
			(event) => {
				expectTypeOf(event.params.data).toEqualTypeOf<unknown>();
			},
			{ entity: "posts" },
		);
		emgr.onEvent(Saving, (event) => {
			expectTypeOf(event.params.data).toEqualTypeOf<unknown>();
		});
		emgr.once(
			Saving,
			(event) => {
				expectTypeOf(event.params.data).toEqualTypeOf<{ title: string }>();
			},
			{ entity: posts },
		);
		// @ts-expect-error -- a reply must be the row of the table
		emgr.onEvent(Saving, () => ({ titel: "x" }), { mode: "sync", entity: posts });
	});

	it("are those of the map by name, and open otherwise", () => {
		const emgr = new EventManager();
		emgr.on("typed.by-params", (event) => {
			expectTypeOf(event.params).toEqualTypeOf<{ readonly total: number }>();
		});
		emgr.on("typed.by-event", (event) => {
			expectTypeOf(event).toEqualTypeOf<Piped>();
		});
		emgr.on("open.name", (event) => {
			expectTypeOf(event).toEqualTypeOf<AnyEvent>();
			expectTypeOf(event.params).toEqualTypeOf<unknown>();
		});
		emgr.on("open.*", (event: Plain) => {
			expectTypeOf(event.params.n).toEqualTypeOf<number>();
		});
		emgr.onAny((event) => {
			expectTypeOf(event).toEqualTypeOf<AnyEvent>();
		});
	});
});

describe("types of emit", () => {
	const emgr = new EventManager([Plain, Piped, Other, Heartbeat, Bare]);
	const check = (_call: () => unknown): void => {};

	it("by instance and class", () => {
		check(() => {
			expectTypeOf(emgr.emit(new Piped({ text: "a" }))).toEqualTypeOf<Promise<Piped>>();
			expectTypeOf(emgr.emit(Piped, { text: "a" })).toEqualTypeOf<Promise<Piped>>();
			expectTypeOf(emgr.emit(Plain, () => ({ n: 1 }), { path: "a/1" })).toEqualTypeOf<
				Promise<Plain>
			>();
			expectTypeOf(emgr.emit(Heartbeat, { at: "now" })).resolves.toExtend<
				Event<{ readonly at: string }>
			>();
			expectTypeOf(emgr.dispatch(new Plain({ n: 1 }))).toEqualTypeOf<Plain | Promise<Plain>>();
			void emgr.emit(Bare);
			// @ts-expect-error -- params are missing
			void emgr.emit(Plain);
			// @ts-expect-error -- params are wrong
			void emgr.emit(Plain, { n: "1" });
		});
	});

	it("by name", () => {
		check(() => {
			expectTypeOf(emgr.emit("typed.by-event", { text: "a" })).toEqualTypeOf<Promise<Piped>>();
			expectTypeOf(emgr.emit("typed.by-params", { total: 1 }))
				.resolves.toHaveProperty("params")
				.toEqualTypeOf<{ readonly total: number }>();
			expectTypeOf(emgr.emit("open.name", { any: "thing" }))
				.resolves.toHaveProperty("params")
				.toEqualTypeOf<{ any: string }>();
			const name = `open.${String(Math.random())}`;
			void emgr.emit(name, { any: "thing" });
			// @ts-expect-error -- the map knows its params, and these are others
			void emgr.emit("typed.by-params", { total: "1" });
			// @ts-expect-error -- its params are missing
			void emgr.emit("typed.by-params");
		});
	});
});
