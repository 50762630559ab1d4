import type { Maybe } from "../kernel/maybe.ts";
import type { AnyEvent } from "./event-class.ts";
import type { EventRef } from "./event-ref.ts";
import type { OwnOptions } from "./listener.ts";
import type { Subscription } from "./subscription.ts";

/**
 * What is told of every final event at once: after the sync listeners, before the async ones are
 * queued. A promise makes the emitter wait, unless its class must finish at once; what it throws is
 * reported and can't reach the emitter.
 */
export type Recorder = (event: AnyEvent, slug: string) => Maybe<void>;

/** Registers a recorder. It is a listener of mode `"record"`, which only the manager itself makes. */
export type Recording = (
	ref: EventRef,
	recorder: Recorder,
	options?: Omit<OwnOptions, "mode" | "timeout" | "previous" | "reentrant">,
) => Subscription;
