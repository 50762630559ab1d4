import type { StandardSchema } from "../kernel/schema.ts";
import type { Cause, ContextSource, EventContext } from "./event-context.ts";
import { LazyEventContext } from "./event-context.ts";
import { InvalidEventReturn } from "./invalid-event-return.ts";

/** A throw of a fact's listener, which could not undo what had happened. */
export interface ListenerFailure {
	/** The id of the listener. */
	readonly listener: string;
	readonly error: unknown;
}

/** What {@link Event} keeps of an emit beyond its params; clones share it. */
export interface EventState {
	context: LazyEventContext | undefined;
	path: string | undefined;
	meta: Readonly<Record<string, unknown>> | undefined;
	signal: AbortSignal | undefined;
	stopped: boolean;
	prevented: boolean;
	errors: ListenerFailure[];
	/** Whether its params have been checked against the schema, or never will be. */
	checked: boolean;
}

/** Keys for the dispatcher, which no subpath exports. */
export const STATE: unique symbol = Symbol("state");
export const SOURCE: unique symbol = Symbol("source");
export const CAUSE: unique symbol = Symbol("cause");

const NO_FAILURES: readonly ListenerFailure[] = Object.freeze([]);

/**
 * Something that happens, or is about to. Subclass it, name it with `static slug`, and emit
 * instances; listeners find it by class, slug, topic or glob.
 *
 * - An event takes no reply unless it overrides {@link Event.validate}: what a listener returns is
 *   then dropped and reported.
 * - `static fact = true` says that it has happened already: a listener's throw is kept in
 *   {@link Event.errors} and can't reject the emit.
 *
 * @example
 * ```ts
 * class Greeting extends Event<{ text: string }, string> {
 *   static override slug = "greeting";
 *   override validate(reply: string) {
 *     if (typeof reply !== "string") throw new InvalidEventReturn("string", typeof reply);
 *     return this.clone({ text: reply });
 *   }
 * }
 * const { params } = await emgr.emit(new Greeting({ text: "hello" }));
 * ```
 */
export abstract class Event<Params = void, Reply = void> {
	/** The class's name, unique per manager: `mutator-insert-before`, `order.paid`. */
	static slug = "";
	/** Whether it has happened already, so that no listener can undo it. */
	static fact = false;
	/** Whether listeners must be sync and finish at once, without a promise. */
	static syncOnly = false;
	/**
	 * Whether it means something only in the process, and at the moment, in which it happens, as what
	 * carries a request, or can still be refused. No bridge carries it, and no actor from outside can
	 * send it.
	 */
	static local = false;
	/** What the params must fit; an emit replaces them by what the schema makes of them. */
	static schema: StandardSchema | undefined = undefined;

	/** Where events of this class happen, for `entityName` when they belong to an entity; default: the slug. */
	static topicFor(_entityName?: string): string {
		return this.slug;
	}

	readonly params: Params;
	/** True on a clone made from a listener's reply. */
	returned: boolean;
	/** @internal */
	[STATE]: EventState | undefined;
	/** @internal */
	[SOURCE]: ContextSource | undefined;
	/** @internal */
	[CAUSE]: Cause | undefined;

	constructor(params: Params) {
		this.params = params;
		this.returned = false;
		this[STATE] = undefined;
		this[SOURCE] = undefined;
		this[CAUSE] = undefined;
	}

	static {
		// A promise that resolves with an event asks it for `then`. Finding that there is none takes a
		// walk up the whole prototype chain, unless the answer is here.
		// oxlint-disable-next-line unicorn/no-thenable -- undefined: an event is no thenable
		Object.defineProperty(this.prototype, "then", { value: undefined });
	}

	/** The slug of the class. */
	get slug(): string {
		return (this.constructor as typeof Event).slug;
	}

	/** Where it happened: `data.posts.insert.before`; default: the slug. */
	get topic(): string {
		return (this.constructor as typeof Event).topicFor(this.entityName);
	}

	/** What it happened to: `posts/1`; given by the emitter, or by the class. */
	get path(): string | undefined {
		return this[STATE]?.path;
	}

	/** The entity it belongs to, if any; see {@link EntityEvent}. */
	get entityName(): string | undefined {
		return undefined;
	}

	/** Id, time, actor, request and causes of this emit; made when first read. */
	get context(): EventContext {
		const state = stateOf(this);
		state.context ??= new LazyEventContext(this[SOURCE], this[CAUSE], {
			...(state.meta === undefined ? {} : { meta: state.meta }),
			...(state.signal === undefined ? {} : { signal: state.signal }),
		});
		return state.context;
	}

	/** Whether {@link Event.stop} was called. */
	get stopped(): boolean {
		return this[STATE]?.stopped === true;
	}

	/** Whether {@link Event.preventDefault} was called. */
	get defaultPrevented(): boolean {
		return this[STATE]?.prevented === true;
	}

	/**
	 * What listeners threw that could not reject the emit, in order: sync ones of a fact, and async ones
	 * as far as they have run.
	 */
	get errors(): readonly ListenerFailure[] {
		return this[STATE]?.errors ?? NO_FAILURES;
	}

	/** Skips the sync listeners that have not run yet. Async listeners still hear the event. */
	stop(): void {
		stateOf(this).stopped = true;
	}

	/** Asks the emitter to skip what it was about to do, without an error. Listeners still run. */
	preventDefault(): void {
		stateOf(this).prevented = true;
	}

	/**
	 * Turns a sync listener's reply into the event that later listeners get. Return a
	 * {@link Event.clone}, or nothing to keep this event.
	 *
	 * @throws {InvalidEventReturn} to refuse the reply: it is dropped and reported, the emit goes
	 * on. Any other error aborts the emit.
	 */
	validate(reply: Reply): this | void {
		throw new InvalidEventReturn("nothing", typeof reply);
	}

	/** This event with other params; it counts as returned and shares everything else. */
	protected clone(params: Params): this {
		const EventClass = this.constructor as new (params: Params) => this;
		const copy = new EventClass(params);
		carryOver(this, copy);
		return copy;
	}
}

/** The state of an event, made when it is first needed. */
export function stateOf(event: Event<unknown, unknown>): EventState {
	event[STATE] ??= {
		context: undefined,
		path: undefined,
		meta: undefined,
		signal: undefined,
		stopped: false,
		prevented: false,
		errors: [],
		checked: false,
	};
	return event[STATE];
}

/** Makes `next` the continuation of `event` in the same emit. */
export function carryOver(event: Event<unknown, unknown>, next: Event<unknown, unknown>): void {
	if (next === event) return;
	next.returned = true;
	next[STATE] = stateOf(event);
	next[SOURCE] = event[SOURCE];
	next[CAUSE] = event[CAUSE];
}

/** Notes where an event is being emitted. */
export function bindEvent(
	event: Event<unknown, unknown>,
	source: ContextSource,
	cause: Cause | undefined,
): void {
	event[SOURCE] = source;
	event[CAUSE] = cause;
	const state = event[STATE];
	if (state === undefined) return;
	state.stopped = false;
	state.context?.bind(source, cause);
}
