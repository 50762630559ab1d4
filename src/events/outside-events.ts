import { checkParams } from "./check-params.ts";
import type { Channel } from "./channel/channel.ts";
import type { ChannelOptions, NextOptions } from "./channel/channel-options.ts";
import type { Emit, EmitOptions } from "./emit.ts";
import { eventErrors } from "./errors.ts";
import { STATE } from "./event.ts";
import type { AnyEvent, EventClass } from "./event-class.ts";
import type { Actor } from "./event-context.ts";
import type { EventCore } from "./event-core.ts";
import type { EventOfRef, EventRef } from "./event-ref.ts";
import type { EmitSubject } from "./event-of.ts";
import { eventOf } from "./event-of.ts";
import { denied } from "./event-policy.ts";
import type { PolicyGate } from "./event-policy.ts";
import type { LiveScope } from "./live-scope.ts";
import { isLocal } from "./local-events.ts";
import { Pattern } from "./pattern.ts";

/** What the events of an outside actor stand on: a manager, seen from inside. */
export interface OutsideHost {
	readonly core: EventCore;
	readonly gate: PolicyGate;
	/** Opens a scope like the current one, in which the actor acts. */
	readonly acting: (actor: Actor) => LiveScope;
	readonly subscribe: (ref: EventRef, options: ChannelOptions) => Channel<AnyEvent>;
	readonly next: (ref: EventRef, options: NextOptions) => Promise<AnyEvent>;
}

/**
 * Events as somebody from outside may have them: a client, a webhook, a socket. The manager's policy
 * is asked for what they name, and again for each event that would reach them: one that is denied is
 * passed over, so a glob can't reach what a rule hides. Without a policy all is denied.
 *
 * @example
 * ```ts
 * const outside = emgr.as({ id: "partner" });
 * for await (const event of outside.subscribe("orders.*")) send(event.topic, event.params);
 * ```
 */
export class OutsideEvents {
	readonly actor: Actor;
	readonly #host: OutsideHost;

	constructor(actor: Actor, host: OutsideHost) {
		this.actor = actor;
		this.#host = host;
	}

	/**
	 * A channel of the events that the actor may hear.
	 *
	 * @throws {EventError} `policy_denied` when the policy says no to one of the names and patterns;
	 * what `emgr.subscribe` throws. Names and patterns are checked first.
	 */
	subscribe<const R extends EventRef>(
		ref: R,
		options: ChannelOptions<EventOfRef<R>> = {},
	): Channel<EventOfRef<R>> {
		const narrowed = this.#narrowed(ref, options as ChannelOptions);
		return this.#host.subscribe(ref, narrowed) as Channel<EventOfRef<R>>;
	}

	/**
	 * The next event that the actor may hear.
	 *
	 * @throws (rejects) {@link EventError} `policy_denied`; what `emgr.next` rejects with.
	 */
	async next<const R extends EventRef>(
		ref: R,
		options: NextOptions<EventOfRef<R>> = {},
	): Promise<EventOfRef<R>> {
		const narrowed = this.#narrowed(ref, options as NextOptions);
		return this.#host.next(ref, narrowed) as Promise<EventOfRef<R>>;
	}

	/**
	 * Emits an event of which the actor is `event.context.actor`.
	 *
	 * @throws (rejects) {@link EventError} `policy_denied` when the policy says no to the slug or the
	 * topic, or the class is `local`, whatever the policy says; what `emgr.emit` rejects with. Names,
	 * paths and params are checked first.
	 */
	readonly emit = ((subject: EmitSubject, params?: unknown, options?: EmitOptions) =>
		this.#emit(subject, params, options)) as Emit;

	async #emit(subject: EmitSubject, params: unknown, options: EmitOptions = {}): Promise<AnyEvent> {
		const { core, gate, acting } = this.#host;
		const cause = core.dispatcher.current;
		const scope = acting(this.actor);
		const event = eventOf(core.index, subject, params, options);
		const { schema } = core.index.planOf(event);
		// The topic may depend on what the schema makes of the params.
		if (schema !== undefined && event[STATE]?.checked !== true) await checkParams(event, schema);
		if (isLocal(event, core.index.classes)) throw denied("events.send", event.slug, this.actor);
		gate.checkSend(event, this.actor);
		return scope.run(() => scope.emitAs(cause, event, undefined, options));
	}

	/** The options of a subscription that leaves out what the actor may not hear. */
	#narrowed<Options extends ChannelOptions | NextOptions>(
		ref: EventRef,
		options: Options,
	): Options {
		const { gate } = this.#host;
		const names = this.#namesOf(ref);
		if (options.path === "") {
			throw eventErrors.create("bad_listener", { ref: names.join(), reason: "its path is empty" });
		}
		for (const name of names) gate.check("events.subscribe", name, this.actor);
		const { where } = options;
		return {
			...options,
			where: (event: AnyEvent) =>
				gate.delivers(event, this.actor) && (where === undefined || where(event)),
		};
	}

	/** @throws {EventError} `bad_pattern`, `unknown_event`, `duplicate_slug`, `bad_event_name`. */
	#namesOf(ref: EventRef): readonly string[] {
		const { index } = this.#host.core;
		return [ref as string | EventClass].flat().map((one) => {
			if (typeof one === "function") return index.classes.add(one).eventClass.slug;
			const { literal } = Pattern.parse(one);
			const known = one.includes(".") || index.classes.named(one) !== undefined;
			if (literal && !known) throw index.unknown(one);
			return one;
		});
	}
}
