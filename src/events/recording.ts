import type { Maybe } from "../kernel/maybe.ts";
import type { AnyEvent } from "./event-class.ts";
import type { EventRef } from "./event-ref.ts";
import type { OwnOptions } from "./listener.ts";
import type { ListenerContext } from "./listener-context.ts";
import type { Subscription } from "./subscription.ts";

/**
 * What is told of every final event at once: after the sync listeners, before the async ones are
 * queued. A promise makes the emitter wait, unless its class must finish at once; what it throws is
 * reported and can't reach the emitter. What no emitter waits for, unless it says `"settle"`, goes to
 * `ctx.defer`.
 */
export type Recorder = (
	event: AnyEvent,
	slug: string,
	ctx: ListenerContext,
	settle: "settle" | undefined,
) => Maybe<void>;

/** Registers a recorder. It is a listener of mode `"record"`, which only the manager itself makes. */
export type Recording = (
	ref: EventRef,
	recorder: Recorder,
	options?: Omit<OwnOptions, "mode" | "timeout" | "previous" | "reentrant">,
) => Subscription;
