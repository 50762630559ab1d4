import { isPromise } from "../kernel/maybe.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { didYouMean } from "../kernel/nearest.ts";
import { ActingScope } from "./acting-scope.ts";
import { CoreEventManager } from "./core-event-manager.ts";
import { Event } from "./event.ts";
import type { AnyEvent, EventClass } from "./event-class.ts";
import type { Actor, Cause } from "./event-context.ts";
import type { EventScope } from "./event-scope.ts";
import { explainPlans, type PlanEntry } from "./explain.ts";
import { combineInstruments } from "./instrument.ts";
import { ListenerStage } from "./listener-stage.ts";
import type { ListenerInfo } from "./listener.ts";
import type { LiveScope } from "./live-scope.ts";
import type { EventManagerOptions } from "./manager-options.ts";
import { classOf } from "./plan.ts";

/** The globs that every event fits. */
const EVERYTHING = /^\*{1,2}$/;

/** Where an emit comes from, kept by emitters that go on after an `await`. */
export interface EventOrigin {
	readonly scope: EventScope;
	/** The listener whose synchronous part was running, if any. */
	readonly frame: Cause | undefined;
	/** @internal Whether the scope has counted it. */
	counted: boolean;
}

/**
 * What an app asks of its event manager: who listens and whose listeners they are, so that they can
 * be shown and replaced; and emits that belong to a write which began earlier.
 */
export abstract class HostEventManager<App = unknown> extends CoreEventManager<App> {
	/** The sources that register right now, each in a scope or outside of all. */
	readonly #sources: { readonly name: string; readonly scope: unknown }[] = [];

	/** Registers no listeners of the options: whoever extends it knows more kinds of them. */
	constructor(
		events: Readonly<Record<string, EventClass>> | readonly EventClass[] = {},
		options: Omit<EventManagerOptions<App>, "listeners"> = {},
	) {
		const instrument = combineInstruments(options.instruments ?? []);
		const hinting = { hint: didYouMean, ...options, listeners: [] };
		super(events, instrument === undefined ? hinting : { ...hinting, instrument });
	}

	/** Removes every listener of a source; see {@link EventManager.withSource}. */
	offSource(source: string): void {
		const { index } = this.core;
		for (const listener of index.listeners) {
			if (listener.source === source) index.remove(listener);
		}
	}

	/**
	 * Marks what is registered while `callback` runs, until its promise resolves if it returns one, so
	 * that it can be shown and removed by its source.
	 */
	withSource<T>(source: string, callback: () => Maybe<T>): Maybe<T> {
		const opened = { name: source, scope: this.core.settings.context?.get() };
		this.#sources.push(opened);
		const close = (): void => {
			this.#sources.splice(this.#sources.indexOf(opened), 1);
		};
		let result: Maybe<T>;
		try {
			result = callback();
		} catch (error) {
			close();
			throw error;
		}
		if (isPromise(result)) return Promise.resolve(result).finally(close);
		close();
		return result;
	}

	/**
	 * Keeps back what {@link withSource} registers from now on, until the stage takes over. One stage
	 * at a time: a new one takes the place of the last.
	 */
	stage(): ListenerStage {
		const stage = new ListenerStage(this.core.index, () => {
			if (this.waiting === stage) this.waiting = undefined;
		});
		this.waiting = stage;
		return stage;
	}

	/** Whether a class, the class of an event, or a slug is registered. */
	eventExists(subject: AnyEvent | EventClass | string): boolean {
		const { classes } = this.core.index;
		if (typeof subject === "string") return classes.named(subject) !== undefined;
		const eventClass = subject instanceof Event ? classOf(subject) : subject;
		return classes.find(eventClass) !== undefined;
	}

	/** Every listener, in order of registration. */
	getListeners(): readonly ListenerInfo[] {
		const { index, settings } = this.core;
		return Array.from(index.listeners, (listener) => listener.info(settings.entityNames));
	}

	/**
	 * Who hears what: every registered event, and every open name somebody listens to, with its
	 * listeners in the order in which they run; or only those that `ref` names.
	 */
	explain(ref?: EventClass | string): readonly PlanEntry[] {
		return explainPlans(this.core.index, this.core.settings.entityNames, ref);
	}

	/**
	 * Whether a listener would take this event: one that is called for it, and does not hear everything
	 * anyway. Histories, channels and adapters only look on.
	 */
	isTaken(event: AnyEvent): boolean {
		const { sync, async } = this.core.index.planOf(event);
		return [...sync, ...async].some(
			(listener) =>
				listener.patterns.every(({ source }) => !EVERYTHING.test(source)) && listener.wants(event),
		);
	}

	/** Whether a listener of these events asks for the row as it was before. */
	wantsPrevious(eventClass: EventClass, entityName?: string): boolean {
		return this.core.index.planFor(eventClass, entityName).previous;
	}

	/** Where an emit made right now comes from. A write keeps it for all of its events. */
	origin(): EventOrigin {
		return { scope: this.here(), frame: this.core.dispatcher.current, counted: false };
	}

	/**
	 * Dispatches an event as if it were emitted where `origin` was taken. However many events have
	 * that origin, they count as one emit against the scope's `maxEmits`.
	 */
	dispatchFrom<E extends AnyEvent>(origin: EventOrigin, event: E): Maybe<E> {
		const plan = this.core.index.planOf(event);
		if (plan.idle) return event;
		const scope = origin.scope as LiveScope;
		const { frame } = origin;
		if (frame === undefined && !origin.counted) scope.admit(plan.slug);
		origin.counted = true;
		return scope.continue(event, plan, frame) as Maybe<E>;
	}

	/** The id of the listener that threw this error first, for logs. */
	listenerOf(error: unknown): string | undefined {
		return this.core.reporter.listenerOf(error);
	}

	/** A request that comes in while a source registers is none of it. */
	protected override sourceNow(): string | undefined {
		if (this.#sources.length === 0) return undefined;
		const now = this.core.settings.context?.get();
		return this.#sources.findLast(({ scope }) => scope === now)?.name;
	}

	/** @internal A scope like the current one, in which this actor acts. */
	protected acting(actor: Actor): LiveScope {
		return new ActingScope(this.core, this.here(), actor);
	}
}
