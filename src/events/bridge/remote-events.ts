import { isPlainObject } from "../../kernel/json.ts";
import { AdHocEvent } from "../ad-hoc-event.ts";
import { eventErrors } from "../errors.ts";
import { STATE, stateOf } from "../event.ts";
import type { EventState } from "../event.ts";
import type { AnyEvent } from "../event-class.ts";
import { LazyEventContext } from "../event-context.ts";
import type { Cause } from "../event-context.ts";
import type { EventCore } from "../event-core.ts";
import { newEvent } from "../event-of.ts";
import { LiveScope } from "../live-scope.ts";
import { isLocal } from "../local-events.ts";
import { checkEventName } from "../pattern.ts";
import { hasControls } from "./envelope.ts";
import type { ReceivedEnvelope } from "./envelope.ts";
import { RemoteEntity } from "./remote-entity.ts";

/** Finds an entity by its name. */
export type FindEntity = (name: string) => object | undefined;

/** The events of other processes, as one manager hears them. */
export class RemoteEvents {
	readonly #core: EventCore;
	readonly #findEntity: FindEntity;
	/** By their state, which a clone shares. */
	readonly #states = new WeakSet<EventState>();

	constructor(core: EventCore, findEntity: FindEntity = () => undefined) {
		this.#core = core;
		this.#findEntity = findEntity;
	}

	/** Whether an event came from another process, so that it must not be sent there again. */
	has(event: AnyEvent): boolean {
		return event[STATE] !== undefined && this.#states.has(event[STATE]);
	}

	/**
	 * The event of an envelope; undefined when it is not one of those that are let in.
	 *
	 * @throws {EventError} `unknown_event`, `bad_envelope`; what the class throws.
	 */
	revive(
		envelope: ReceivedEnvelope,
		lets: (slug: string, topic: string) => boolean,
	): AnyEvent | undefined {
		const { id, type, path, time, data } = envelope;
		const { index, settings } = this.#core;
		const named = index.classes.named(type);
		let event: AnyEvent;
		if (named === undefined) {
			if (!lets(type, type)) return undefined;
			if (!type.includes(".")) throw index.unknown(type);
			event = new AdHocEvent(type, data);
		} else {
			event = newEvent(named.eventClass, named.byEntity ? this.#withEntity(envelope) : data);
			if (!lets(event.slug, event.topic)) return undefined;
		}
		if (isLocal(event, index.classes)) {
			const reason = `"${type}" means something only in the process in which it happens`;
			throw eventErrors.create("bad_envelope", { reason });
		}
		const state = stateOf(event);
		state.path = path;
		state.context = new LazyEventContext(undefined, undefined, {
			id,
			time: time ?? settings.clock.now(),
		});
		this.#states.add(state);
		return event;
	}

	/** Calls the listeners of a revived event, in a scope of its own, and waits for all of them. */
	async deliver(event: AnyEvent, envelope: ReceivedEnvelope): Promise<void> {
		const plan = this.#core.index.planOf(event);
		if (plan.idle) return;
		const { origin, source, causes } = envelope;
		const scope = new LiveScope(this.#core, { meta: Object.freeze({ origin, source }) });
		try {
			await scope.run(() => scope.start(event, plan, causeOf(causes)));
		} finally {
			await scope.executeAsyncs();
		}
	}

	/** Entities travel as their names. */
	#withEntity({ data, path }: ReceivedEnvelope): unknown {
		const name = isPlainObject(data) ? data.entity : undefined;
		if (typeof name !== "string" || name === "" || name.includes(".") || hasControls(name)) {
			throw eventErrors.create("bad_envelope", { reason: "its data names no entity" });
		}
		// It becomes a part of the topic, where it must not pass for others.
		checkEventName(name);
		return { ...(data as object), entity: this.#findEntity(name) ?? new RemoteEntity(name, path) };
	}
}

/** The chain of causes, so that a loop through several processes comes to its end. */
function causeOf([rootId = "", ...listeners]: readonly string[]): Cause | undefined {
	let parent: Cause | undefined;
	for (const [at, listenerId] of listeners.entries()) {
		const eventId = at === 0 ? rootId : "";
		parent = { listenerId, subject: "", eventId, parent, depth: at + 1 };
	}
	return parent;
}
