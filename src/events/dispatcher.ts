import { chain, isPromise } from "../kernel/maybe.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { checkParams } from "./check-params.ts";
import { coreError } from "./core-error.ts";
import { bindEvent, carryOver, Event, STATE, stateOf } from "./event.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Cause } from "./event-context.ts";
import type { Instrument } from "./instrument.ts";
import { InvalidEventReturn } from "./invalid-event-return.ts";
import { ListenerCall } from "./listener-call.ts";
import type { CallScope } from "./listener-call.ts";
import type { Listener } from "./listener.ts";
import { guardDepth, guardReentry } from "./loop-guard.ts";
import type { Plan } from "./plan.ts";
import type { Recorder } from "./recording.ts";
import type { Reporter } from "./reporter.ts";
import { withTimeout } from "./timeout.ts";

/** What a dispatch needs of the scope it happens in. */
export interface DispatchScope extends CallScope {
	/** Whether whoever emits in it waits for everything, because nobody keeps the runtime alive. */
	readonly waits: boolean;
	/** Notes that a listener's promise is waited for, and that it is not any more. */
	enter(): void;
	leave(): void;
	/** Queues the calls; a promise when the emitter must wait for them. */
	enqueue(calls: readonly ListenerCall[], settle: "settle" | undefined): Maybe<void>;
}

/** What a dispatch was asked for. */
interface Dispatch {
	readonly plan: Plan;
	readonly scope: DispatchScope;
	readonly cause: Cause | undefined;
	/** Wait for the async listeners as well. */
	readonly settle: "settle" | undefined;
}

/** Goes on with the listeners behind this one when its promise is settled. */
type Wait = (pending: PromiseLike<unknown>, call: ListenerCall, at: number) => Promise<AnyEvent>;

/**
 * The one loop that calls listeners. It is synchronous until a listener returns a promise, and
 * allocates one object per call until then.
 */
export class Dispatcher {
	readonly #reporter: Reporter;
	readonly #maxDepth: number;
	readonly #spend: (listener: Listener) => void;
	readonly #instrument: Instrument | undefined;
	#current: ListenerCall | undefined;

	constructor(options: {
		readonly reporter: Reporter;
		readonly maxDepth: number;
		/** Removes a `once` listener that is about to be called or queued. */
		readonly spend: (listener: Listener) => void;
		readonly instrument: Instrument | undefined;
	}) {
		this.#reporter = options.reporter;
		this.#maxDepth = options.maxDepth;
		this.#spend = options.spend;
		this.#instrument = options.instrument;
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
		if (cause !== undefined) guardDepth(plan.slug, cause, this.#maxDepth);
		bindEvent(event, scope, cause);
		const checked =
			plan.schema === undefined || event[STATE]?.checked === true
				? undefined
				: checkParams(event, plan.schema);
		const around = plan.empty ? undefined : this.#instrument?.emit;
		if (checked === undefined && around === undefined) {
			return this.#walk(event, plan, scope, cause, settle);
		}
		const walk = (): Maybe<AnyEvent> => this.#walk(event, plan, scope, cause, settle);
		return chain(checked, () => (around === undefined ? walk() : around(event, walk)));
	}

	/** Calls an async listener; what it throws is reported, its reply ignored. */
	async run(call: ListenerCall): Promise<void> {
		const { listener, event } = call;
		const scope = call.scope as DispatchScope;
		scope.enter();
		try {
			let reply = this.#invoke(call, event.slug);
			if (isPromise(reply)) reply = await reply;
			if (reply !== undefined) this.#reporter.ignoredReply(event, listener);
		} catch (error) {
			this.#reporter.failed(event, error, listener);
		} finally {
			scope.leave();
		}
	}

	/** Calls the sync listeners from one on, then hands on the final event. */
	#walk(
		event: AnyEvent,
		plan: Plan,
		scope: DispatchScope,
		cause: Cause | undefined,
		settle: "settle" | undefined,
		from = 0,
		wait?: Wait,
	): Maybe<AnyEvent> {
		const { sync } = plan;
		let current = event;
		for (let at = from; at < sync.length && !isOver(current); at++) {
			const listener = sync[at] as Listener;
			try {
				if (listener.picky && !this.#wanted(listener, current)) continue;
				const call = new ListenerCall(listener, current, scope, cause);
				const reply = this.#invoke(call, plan.slug);
				if (reply === undefined) continue;
				if (!isPromise(reply)) {
					current = this.#accept(current, reply, listener);
					continue;
				}
				if (plan.syncOnly) refusePromise(reply, call, plan);
				const dispatch = { plan, scope, cause, settle };
				return wait?.(reply, call, at) ?? this.#waitFor(reply, call, at, dispatch);
			} catch (error) {
				current = this.#failed(current, error, listener, plan);
			}
		}
		current[STATE]?.signal?.throwIfAborted();
		return plan.ends ? this.#finish(current, { plan, scope, cause, settle }) : current;
	}

	/**
	 * Waits for a listener's promise, then goes on with the listeners behind it. One promise and two
	 * functions serve all of them; an `async` function would make those anew for each.
	 */
	#waitFor(
		pending: PromiseLike<unknown>,
		call: ListenerCall,
		at: number,
		dispatch: Dispatch,
	): Promise<AnyEvent> {
		const { plan, scope, cause, settle } = dispatch;
		if (at === plan.sync.length - 1 && pending instanceof Promise) {
			return this.#waitForLast(pending, call, dispatch);
		}
		let current = call;
		let place = at;
		scope.enter();
		const final = new Promise<AnyEvent>((resolve, reject) => {
			const goOn = (event: AnyEvent): void => {
				const next = this.#walk(event, plan, scope, cause, settle, place + 1, wait);
				if (next === final) return;
				scope.leave();
				resolve(next);
			};
			const abort = (error: unknown): void => {
				scope.leave();
				reject(error);
			};
			const onReply = (reply: unknown): void => {
				try {
					goOn(this.#replied(current, reply, plan));
				} catch (error) {
					abort(error);
				}
			};
			const onError = (error: unknown): void => {
				try {
					goOn(this.#failed(current.event, error, current.listener, plan));
				} catch (thrown) {
					abort(thrown);
				}
			};
			const wait: Wait = (reply, next, nextAt) => {
				current = next;
				place = nextAt;
				reply.then(onReply, onError);
				return final;
			};
			pending.then(onReply, onError);
		});
		return final;
	}

	/** Waits for the last listener: its own promise becomes the result. */
	#waitForLast(
		pending: Promise<unknown>,
		call: ListenerCall,
		{ plan, scope, cause, settle }: Dispatch,
	): Promise<AnyEvent> {
		const end = plan.sync.length;
		scope.enter();
		return pending.then(
			(reply) => {
				scope.leave();
				const event = reply === undefined ? call.event : this.#replied(call, reply, plan);
				return this.#walk(event, plan, scope, cause, settle, end);
			},
			(error: unknown) => {
				scope.leave();
				const event = this.#failed(call.event, error, call.listener, plan);
				return this.#walk(event, plan, scope, cause, settle, end);
			},
		);
	}

	/** Tells those who record, and queues the async listeners. */
	#finish(event: AnyEvent, dispatch: Dispatch): Maybe<AnyEvent> {
		const { plan, scope, settle } = dispatch;
		const waits: unknown[] = [];
		const wanted = (listeners: readonly Listener[], use: (call: ListenerCall) => void): void => {
			for (const listener of listeners) {
				try {
					if (listener.picky && !this.#wanted(listener, event)) continue;
					use(new ListenerCall(listener, event, scope, dispatch.cause));
				} catch (error) {
					this.#reporter.failed(event, error, listener);
				}
			}
		};
		wanted(plan.record, (call) => {
			const recorder = call.listener.handler as Recorder;
			const wait = recorder(event, plan.slug, call, scope.waits ? "settle" : settle);
			if (!isPromise(wait)) return;
			const recorded = wait.catch((error: unknown) =>
				this.#reporter.failed(event, error, call.listener),
			);
			if (!plan.syncOnly) waits.push(recorded);
		});
		const calls: ListenerCall[] = [];
		wanted(plan.async, (call) => calls.push(call));
		if (calls.length > 0) waits.push(scope.enqueue(calls, settle));
		return waits.some(isPromise) ? Promise.all(waits).then(() => event) : event;
	}

	#wanted(listener: Listener, event: AnyEvent): boolean {
		if (!listener.wants(event)) return false;
		if (listener.once) this.#spend(listener);
		return true;
	}

	#invoke(call: ListenerCall, slug: string): unknown {
		const { listener } = call;
		if (call.parent !== undefined) guardReentry(call);
		const outer = this.#current;
		this.#current = call;
		let reply: unknown;
		try {
			reply =
				this.#instrument?.call === undefined
					? listener.handler(call.event, slug, call)
					: this.#instrument.call(call, () => listener.handler(call.event, slug, call));
		} finally {
			this.#current = outer;
		}
		if (listener.timeout === undefined || !isPromise(reply)) return reply;
		return withTimeout(reply, call, listener.timeout);
	}

	#replied({ event, listener }: ListenerCall, reply: unknown, plan: Plan): AnyEvent {
		if (reply === undefined) return event;
		try {
			return this.#accept(event, reply, listener);
		} catch (error) {
			return this.#failed(event, error, listener, plan);
		}
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

	/** Throws the error of a sync listener, unless the event is a fact. */
	#failed(event: AnyEvent, error: unknown, listener: Listener, plan: Plan): AnyEvent {
		if (!plan.fact) {
			this.#reporter.aborted(event, error, listener);
			throw error;
		}
		stateOf(event).errors.push({ listener: listener.id, error });
		this.#reporter.failed(event, error, listener);
		return event;
	}
}

/** Whether no further sync listener is to be called. */
function isOver(event: AnyEvent): boolean {
	const state = event[STATE];
	return state !== undefined && (state.stopped || state.signal?.aborted === true);
}

function refusePromise(reply: PromiseLike<unknown>, call: ListenerCall, { slug }: Plan): never {
	reply.then(undefined, () => {});
	throw coreError("promise_in_commit", { listener: call.listenerId, slug });
}
