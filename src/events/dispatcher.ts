import type { Maybe } from "../kernel/maybe.ts";
import { coreError } from "./core-error.ts";
import { bindEvent, carryOver, Event, STATE, stateOf } from "./event.ts";
import type { AnyEvent } from "./event-class.ts";
import { chain } from "../kernel/maybe.ts";
import { checkParams } from "./check-params.ts";
import type { Cause } from "./event-context.ts";
import type { Instrument } from "./instrument.ts";
import { InvalidEventReturn } from "./invalid-event-return.ts";
import { ListenerCall } from "./listener-call.ts";
import type { Listener } from "./listener.ts";
import { LoopGuard } from "./loop-guard.ts";
import type { Plan } from "./plan.ts";
import type { Recorder } from "./recording.ts";
import type { Reporter } from "./reporter.ts";
import { withTimeout } from "./timeout.ts";
import { isThenable, Walk } from "./walk.ts";
import type { Dispatch, DispatchSteps, WaitingScope } from "./walk.ts";

/** What a dispatch needs of the scope it happens in. */
export interface DispatchScope extends WaitingScope {
	/** Queues the calls; a promise when the emitter must wait for them. */
	enqueue(calls: readonly ListenerCall[], settle: "settle" | undefined): Maybe<void>;
	/** Whether whoever emits in it waits for everything, because nobody keeps the runtime alive. */
	readonly waits: boolean;
}

/**
 * The one loop that calls listeners. It is synchronous until a listener returns a promise, and
 * allocates one object per call until then.
 */
export class Dispatcher implements DispatchSteps<DispatchScope> {
	readonly #reporter: Reporter;
	readonly #loops: LoopGuard;
	readonly #spend: (listener: Listener) => void;
	readonly #instrument: Instrument | undefined;
	#current: ListenerCall | undefined;

	/** @param spend removes a `once` listener that is about to be called or queued. */
	constructor(
		reporter: Reporter,
		spend: (listener: Listener) => void,
		settings: { readonly maxDepth: number; readonly instrument: Instrument | undefined },
	) {
		this.#reporter = reporter;
		this.#spend = spend;
		this.#loops = new LoopGuard(settings.maxDepth);
		this.#instrument = settings.instrument;
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
		if (cause !== undefined) this.#loops.checkEvent(plan.slug, cause);
		bindEvent(event, scope, cause);
		if (plan.schema !== undefined && event[STATE]?.checked !== true) {
			const checked = checkParams(event, plan.schema);
			if (plan.syncOnly && isThenable(checked)) refusePromise(checked, "its schema", plan);
			return chain(checked, () => this.#begin(event, plan, scope, cause, settle));
		}
		return this.#begin(event, plan, scope, cause, settle);
	}

	#begin(
		event: AnyEvent,
		plan: Plan,
		scope: DispatchScope,
		cause: Cause | undefined,
		settle: "settle" | undefined,
	): Maybe<AnyEvent> {
		if (this.#instrument?.emit === undefined || plan.empty) {
			return this.#walk(event, plan, scope, cause, settle);
		}
		return this.#instrument.emit(event, () => this.#walk(event, plan, scope, cause, settle));
	}

	#walk(
		event: AnyEvent,
		plan: Plan,
		scope: DispatchScope,
		cause: Cause | undefined,
		settle: "settle" | undefined,
	): Maybe<AnyEvent> {
		const { sync } = plan;
		let current = event;
		for (let at = 0; at < sync.length && !this.isOver(current); at++) {
			const listener = sync[at] as Listener;
			try {
				if (listener.picky && !this.wanted(listener, current)) continue;
				const call = new ListenerCall(listener, current, scope, cause);
				const reply = this.invoke(call, plan.slug);
				if (reply === undefined) continue;
				if (isThenable(reply)) {
					if (plan.syncOnly) refusePromise(reply, call.listenerId, plan);
					return at === sync.length - 1 && isAllThereIs(reply, plan, settle)
						? this.#waitForLast(reply, call, plan, scope)
						: new Walk(this, { plan, scope, cause, settle }, current, at).from(reply);
				}
				current = this.accept(current, reply, listener);
			} catch (error) {
				this.failed(listener, current, error, plan);
			}
		}
		if (plan.ends) return this.finish(current, { plan, scope, cause, settle });
		current[STATE]?.signal?.throwIfAborted();
		return current;
	}

	/** Calls an async listener; what it throws is kept and reported, its reply ignored. */
	async run(call: ListenerCall): Promise<void> {
		const { listener, event } = call;
		const scope = call.scope as DispatchScope;
		scope.enter();
		try {
			let reply = this.invoke(call, event.slug);
			if (isThenable(reply)) reply = await reply;
			if (reply !== undefined) this.#reporter.ignoredReply(event, listener);
		} catch (error) {
			stateOf(event).errors.push({ listener: listener.id, error });
			this.#reporter.failed(event, error, listener);
		} finally {
			scope.leave();
		}
	}

	isOver(event: AnyEvent): boolean {
		const state = event[STATE];
		return state !== undefined && (state.stopped || state.signal?.aborted === true);
	}

	wanted(listener: Listener, event: AnyEvent): boolean {
		if (!listener.wants(event)) return false;
		if (listener.once) this.#spend(listener);
		return true;
	}

	invoke(call: ListenerCall, slug: string): unknown {
		const { listener } = call;
		if (call.parent !== undefined) this.#loops.checkCall(call);
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
		if (listener.timeout === undefined || !isThenable(reply)) return reply;
		return withTimeout(reply, call, listener.timeout);
	}

	accept(event: AnyEvent, reply: unknown, listener: Listener): AnyEvent {
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

	failed(listener: Listener, event: AnyEvent, error: unknown, plan: Plan): void {
		if (!plan.fact) {
			this.#reporter.aborted(event, error, listener);
			throw error;
		}
		stateOf(event).errors.push({ listener: listener.id, error });
		this.#reporter.failed(event, error, listener);
	}

	finish(event: AnyEvent, dispatch: Dispatch<DispatchScope>): Maybe<AnyEvent> {
		event[STATE]?.signal?.throwIfAborted();
		const { plan, scope } = dispatch;
		const settle = dispatch.settle ?? (scope.waits ? "settle" : undefined);
		const waits: Promise<unknown>[] = [];
		for (const call of this.#calls(plan.record, event, dispatch)) {
			const failed = (error: unknown): void => this.#reporter.failed(event, error, call.listener);
			try {
				const recorder = call.listener.handler as Recorder;
				const wait: unknown = recorder(event, plan.slug, call, settle);
				if (!isThenable(wait)) continue;
				const recorded = Promise.resolve(wait).catch(failed);
				if (!plan.syncOnly) waits.push(recorded);
			} catch (error) {
				failed(error);
			}
		}
		const calls = this.#calls(plan.async, event, dispatch);
		const run = calls.length === 0 ? undefined : scope.enqueue(calls, dispatch.settle);
		if (run !== undefined) waits.push(run);
		return waits.length === 0 ? event : Promise.all(waits).then(() => event);
	}

	/** The calls of those who want the final event. */
	#calls(
		listeners: readonly Listener[],
		event: AnyEvent,
		{ scope, cause }: Dispatch<DispatchScope>,
	): ListenerCall[] {
		const calls: ListenerCall[] = [];
		for (const listener of listeners) {
			try {
				if (listener.picky && !this.wanted(listener, event)) continue;
				calls.push(new ListenerCall(listener, event, scope, cause));
			} catch (error) {
				this.#reporter.failed(event, error, listener);
			}
		}
		return calls;
	}

	/** Waits for the last listener of all: its own promise becomes the result. */
	#waitForLast(
		pending: Promise<unknown>,
		call: ListenerCall,
		plan: Plan,
		scope: DispatchScope,
	): Promise<AnyEvent> {
		scope.enter();
		return pending.then(
			(reply) => {
				scope.leave();
				const { event } = call;
				return reply === undefined && event[STATE] === undefined
					? event
					: this.#lastReply(call, reply, plan);
			},
			(error: unknown) => {
				scope.leave();
				this.failed(call.listener, call.event, error, plan);
				return call.event;
			},
		);
	}

	#lastReply({ listener, event }: ListenerCall, reply: unknown, plan: Plan): AnyEvent {
		let last = event;
		try {
			if (reply !== undefined) last = this.accept(event, reply, listener);
		} catch (error) {
			this.failed(listener, event, error, plan);
		}
		last[STATE]?.signal?.throwIfAborted();
		return last;
	}
}

/** Whether nothing but this promise is to be waited for. */
function isAllThereIs(
	pending: PromiseLike<unknown>,
	plan: Plan,
	settle: "settle" | undefined,
): pending is Promise<unknown> {
	return !plan.ends && settle === undefined && pending instanceof Promise;
}

function refusePromise(reply: PromiseLike<unknown>, listener: string, { slug }: Plan): never {
	reply.then(undefined, () => {});
	throw coreError("promise_in_commit", { listener, slug });
}
