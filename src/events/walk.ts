import type { Maybe } from "../kernel/maybe.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Cause } from "./event-context.ts";
import { ListenerCall } from "./listener-call.ts";
import type { CallScope } from "./listener-call.ts";
import type { Listener } from "./listener.ts";
import type { Plan } from "./plan.ts";

/** What a dispatch was asked for. */
export interface Dispatch<Scope> {
	readonly plan: Plan;
	readonly scope: Scope;
	readonly cause: Cause | undefined;
	/** Wait for the async listeners as well. */
	readonly settle: "settle" | undefined;
}

/** A scope that counts who waits in it. */
export interface WaitingScope extends CallScope {
	/** Notes that a listener's promise is waited for, and that it is not any more. */
	enter(): void;
	leave(): void;
}

/** The steps of a dispatch. */
export interface DispatchSteps<Scope> {
	/** Whether no further sync listener is to be called. */
	isOver(event: AnyEvent): boolean;
	/** Asks a picky listener, and spends it when it says yes and is called only once. */
	wanted(listener: Listener, event: AnyEvent): boolean;
	/** Makes the call; the result is the reply, or a promise of it. */
	invoke(call: ListenerCall, slug: string): unknown;
	/** The event that goes on after a reply. */
	accept(event: AnyEvent, reply: unknown, listener: Listener): AnyEvent;
	/** Throws the error of a sync listener, unless the event is a fact. */
	failed(listener: Listener, event: AnyEvent, error: unknown, plan: Plan): void;
	/** Hands the final event to the async listeners. */
	finish(event: AnyEvent, dispatch: Dispatch<Scope>): Maybe<AnyEvent>;
}

/**
 * A dispatch that waits for its listeners' promises. One promise and two functions serve all of
 * them; an `async` function would make those anew for each.
 */
export class Walk<Scope extends WaitingScope> {
	readonly #steps: DispatchSteps<Scope>;
	readonly #dispatch: Dispatch<Scope>;
	#event: AnyEvent;
	/** The listener that is waited for. */
	#at: number;
	#resolve: ((event: Maybe<AnyEvent>) => void) | undefined;
	#reject: ((error: unknown) => void) | undefined;

	readonly #onReply = (reply: unknown): void => {
		try {
			if (reply !== undefined) this.#accept(reply);
			this.#next();
		} catch (error) {
			this.#abort(error);
		}
	};

	readonly #onError = (error: unknown): void => {
		try {
			this.#failed(error);
			this.#next();
		} catch (thrown) {
			this.#abort(thrown);
		}
	};

	/** @param at the listener that returned a promise. */
	constructor(steps: DispatchSteps<Scope>, dispatch: Dispatch<Scope>, event: AnyEvent, at: number) {
		this.#steps = steps;
		this.#dispatch = dispatch;
		this.#event = event;
		this.#at = at;
	}

	/** Goes on from a listener's promise; the result is the final event. */
	from(pending: PromiseLike<unknown>): Promise<AnyEvent> {
		this.#dispatch.scope.enter();
		return new Promise((resolve, reject) => {
			this.#resolve = resolve;
			this.#reject = reject;
			settledOnce(pending).then(this.#onReply, this.#onError);
		});
	}

	/** Calls listeners until one returns a promise, or none is left. */
	#next(): void {
		const steps = this.#steps;
		const { plan, scope, cause } = this.#dispatch;
		const { sync } = plan;
		for (let at = this.#at + 1; at < sync.length && !steps.isOver(this.#event); at++) {
			const listener = sync[at] as Listener;
			this.#at = at;
			try {
				if (listener.picky && !steps.wanted(listener, this.#event)) continue;
				const reply = steps.invoke(
					new ListenerCall(listener, this.#event, scope, cause),
					plan.slug,
				);
				if (reply === undefined) continue;
				if (isThenable(reply)) {
					settledOnce(reply).then(this.#onReply, this.#onError);
					return;
				}
				this.#event = steps.accept(this.#event, reply, listener);
			} catch (error) {
				this.#failed(error);
			}
		}
		scope.leave();
		this.#end();
	}

	#accept(reply: unknown): void {
		const listener = this.#dispatch.plan.sync[this.#at] as Listener;
		try {
			this.#event = this.#steps.accept(this.#event, reply, listener);
		} catch (error) {
			this.#failed(error);
		}
	}

	#failed(error: unknown): void {
		const { plan } = this.#dispatch;
		this.#steps.failed(plan.sync[this.#at] as Listener, this.#event, error, plan);
	}

	#end(): void {
		try {
			this.#resolve?.(this.#steps.finish(this.#event, this.#dispatch));
		} catch (error) {
			this.#reject?.(error);
		}
	}

	#abort(error: unknown): void {
		this.#dispatch.scope.leave();
		this.#reject?.(error);
	}
}

/** A thenable of somebody else may call back several times, or throw after it did. */
function settledOnce(pending: PromiseLike<unknown>): PromiseLike<unknown> {
	return pending instanceof Promise ? pending : Promise.resolve(pending);
}

/** Whether a reply must be waited for. The kernel's `isPromise` looks twice, which shows here. */
export function isThenable<T>(reply: T | PromiseLike<T>): reply is PromiseLike<T> {
	return (
		typeof reply === "object" &&
		reply !== null &&
		typeof (reply as { readonly then?: unknown }).then === "function"
	);
}
