import { isPromise } from "../kernel/maybe.ts";
import type { Maybe } from "../kernel/maybe.ts";
import type { DeferredCall } from "./deferred-queue.ts";
import { eventErrors } from "./errors.ts";
import { bindEvent, carryOver, Event, STATE, stateOf } from "./event.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Cause } from "./event-context.ts";
import { InvalidEventReturn } from "./invalid-event-return.ts";
import { ListenerCall } from "./listener-call.ts";
import type { CallScope } from "./listener-call.ts";
import type { Listener } from "./listener.ts";
import { guardDepth, guardReentry } from "./loop-guard.ts";
import type { Plan } from "./plan.ts";
import type { Reporter } from "./reporter.ts";
import { withTimeout } from "./timeout.ts";

/** What a dispatch needs of the scope it happens in. */
export interface DispatchScope extends CallScope {
	/** Notes that a listener's promise is waited for, and that it is not any more. */
	enter(): void;
	leave(): void;
	/** Counts an event that nobody knows the cause of; refuses one too many. */
	admit(slug: string): void;
	/** Queues the calls; a promise when the emitter must wait for them. */
	enqueue(calls: readonly DeferredCall<DispatchScope>[], settle: "settle" | undefined): Maybe<void>;
}

/**
 * The one loop that calls listeners. It is synchronous until a listener returns a promise, and
 * allocates one object per call until then.
 */
export class Dispatcher {
	readonly #reporter: Reporter;
	readonly #maxDepth: number;
	readonly #spend: (listener: Listener) => void;
	#current: ListenerCall | undefined;

	constructor(options: {
		readonly reporter: Reporter;
		readonly maxDepth: number;
		/** Removes a `once` listener that is about to be called or queued. */
		readonly spend: (listener: Listener) => void;
	}) {
		this.#reporter = options.reporter;
		this.#maxDepth = options.maxDepth;
		this.#spend = options.spend;
	}

	/** The listener whose synchronous part is running right now: the cause of whatever is emitted. */
	get current(): ListenerCall | undefined {
		return this.#current;
	}

	/** Calls everybody in the plan; throws, or rejects, what a sync listener throws. */
	dispatch(
		event: AnyEvent,
		plan: Plan,
		scope: DispatchScope,
		cause: Cause | undefined,
		settle?: "settle",
	): Maybe<AnyEvent> {
		if (cause === undefined) scope.admit(plan.slug);
		else guardDepth(plan.slug, cause, this.#maxDepth);
		bindEvent(event, scope, cause);
		const { sync } = plan;
		let current = event;
		for (let at = 0; at < sync.length && !isOver(current); at++) {
			const listener = sync[at] as Listener;
			try {
				if (listener.picky && !this.#wanted(listener, current)) continue;
				const reply = this.#call(listener, current, plan, scope, cause);
				if (reply === undefined) continue;
				if (isPromise(reply))
					return this.#resume(reply, at, current, { plan, scope, cause, settle });
				current = this.#accept(current, reply, listener);
			} catch (error) {
				this.#failed(listener, current, error, plan);
			}
		}
		return plan.async.length === 0 && !isOver(current)
			? current
			: this.#finish(current, { plan, scope, cause, settle });
	}

	/** Calls an async listener; what it throws is reported, its reply ignored. */
	async run(call: DeferredCall<DispatchScope>): Promise<void> {
		const { listener, event, plan, scope, cause } = call;
		scope.enter();
		try {
			let reply = this.#call(listener, event, plan, scope, cause);
			if (isPromise(reply)) reply = await reply;
			if (reply !== undefined) this.#reporter.ignoredReply(event, listener);
		} catch (error) {
			this.#reporter.failed(event, error, listener);
		} finally {
			scope.leave();
		}
	}

	/** Goes on where a listener returned a promise. */
	async #resume(
		pending: unknown,
		start: number,
		event: AnyEvent,
		dispatch: Dispatch,
	): Promise<AnyEvent> {
		const { plan, scope, cause } = dispatch;
		const { sync } = plan;
		let current = event;
		scope.enter();
		try {
			for (let at = start; at < sync.length; at++) {
				if (at !== start && isOver(current)) break;
				const listener = sync[at] as Listener;
				try {
					if (at !== start && listener.picky && !this.#wanted(listener, current)) continue;
					let reply = at === start ? pending : this.#call(listener, current, plan, scope, cause);
					if (isPromise(reply)) reply = await reply;
					if (reply !== undefined) current = this.#accept(current, reply, listener);
				} catch (error) {
					this.#failed(listener, current, error, plan);
				}
			}
		} finally {
			scope.leave();
		}
		return this.#finish(current, dispatch);
	}

	/** Hands the final event to the async listeners. */
	#finish(event: AnyEvent, { plan, scope, cause, settle }: Dispatch): Maybe<AnyEvent> {
		event[STATE]?.signal?.throwIfAborted();
		const calls: DeferredCall<DispatchScope>[] = [];
		for (const listener of plan.async) {
			try {
				if (listener.picky && !this.#wanted(listener, event)) continue;
				calls.push({ listener, event, plan, scope, cause });
			} catch (error) {
				this.#reporter.failed(event, error, listener);
			}
		}
		if (calls.length === 0) return event;
		const waited = scope.enqueue(calls, settle);
		return isPromise(waited) ? waited.then(() => event) : event;
	}

	/** Asks a picky listener, and spends it when it says yes and is called only once. */
	#wanted(listener: Listener, event: AnyEvent): boolean {
		if (!listener.wants(event)) return false;
		if (listener.once) this.#spend(listener);
		return true;
	}

	#call(
		listener: Listener,
		event: AnyEvent,
		plan: Plan,
		scope: DispatchScope,
		cause: Cause | undefined,
	): unknown {
		const call = new ListenerCall(listener, event, scope, cause);
		if (cause !== undefined) guardReentry(call);
		const outer = this.#current;
		this.#current = call;
		let reply: unknown;
		try {
			reply = listener.handler(event, plan.slug, call);
		} finally {
			this.#current = outer;
		}
		if (reply === undefined || (listener.timeout === undefined && !plan.syncOnly)) return reply;
		return isPromise(reply) ? limited(reply, call, plan) : reply;
	}

	/** The event that goes on after a reply. */
	#accept(event: AnyEvent, reply: unknown, listener: Listener): AnyEvent {
		try {
			const next: unknown = event.validate(reply);
			if (!(next instanceof Event)) return event;
			carryOver(event, next);
			return next;
		} catch (error) {
			if (!(error instanceof InvalidEventReturn)) throw error;
			this.#reporter.invalidReturn(event, error, listener);
			return event;
		}
	}

	/** A throw of a sync listener: aborts the emit, unless it has happened anyway. */
	#failed(listener: Listener, event: AnyEvent, error: unknown, plan: Plan): void {
		if (!plan.fact) {
			this.#reporter.aborted(event, error, listener);
			throw error;
		}
		stateOf(event).errors.push({ listener: listener.id, error });
		this.#reporter.failed(event, error, listener);
	}
}

/** Where a dispatch goes on after a promise. */
interface Dispatch {
	readonly plan: Plan;
	readonly scope: DispatchScope;
	readonly cause: Cause | undefined;
	readonly settle: "settle" | undefined;
}

/** Whether no further sync listener is to be called. */
function isOver(event: AnyEvent): boolean {
	const state = event[STATE];
	return state !== undefined && (state.stopped || state.signal?.aborted === true);
}

function limited(reply: Promise<unknown>, call: ListenerCall, plan: Plan): Promise<unknown> {
	const { timeout } = call.listener;
	if (!plan.syncOnly) return withTimeout(reply, call, plan.slug, timeout as number);
	reply.then(undefined, () => {});
	throw eventErrors.create("promise_in_commit", { listener: call.listenerId, slug: plan.slug });
}
