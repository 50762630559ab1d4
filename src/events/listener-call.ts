import type { Logger } from "../kernel/logger.ts";
import type { GetService, ServiceKey } from "../kernel/service.ts";
import type { Emit, EmitOptions } from "./emit.ts";
import type { EmitSubject } from "./event-of.ts";
import type { AnyEvent } from "./event-class.ts";
import type { Actor, Cause, ContextSource } from "./event-context.ts";
import type { ListenerContext } from "./listener-context.ts";
import type { Listener } from "./listener.ts";

/** What a call needs of the scope it is made in. */
export interface CallScope extends ContextSource {
	readonly app: unknown;
	readonly log: Logger;
	/** Emits in the name of a listener. */
	emitAs(
		cause: Cause,
		subject: EmitSubject,
		params: unknown,
		options?: EmitOptions,
	): Promise<AnyEvent>;
	service(token: unknown, call: ListenerCall): unknown;
	track(promise: Promise<unknown>, call: ListenerCall): void;
}

/**
 * One call of a listener: the `ctx` that it gets, and the link of the chain of causes for whatever
 * it emits. One allocation per call; all else is made when asked for.
 */
export class ListenerCall implements ListenerContext, Cause {
	/** Beside the calls, because few need one and every field of a call shows in the time of an emit. */
	static readonly #controllers = new WeakMap<ListenerCall, AbortController>();

	readonly listener: Listener;
	readonly event: AnyEvent;
	readonly scope: CallScope;
	readonly parent: Cause | undefined;

	constructor(listener: Listener, event: AnyEvent, scope: CallScope, parent: Cause | undefined) {
		this.listener = listener;
		this.event = event;
		this.scope = scope;
		this.parent = parent;
	}

	get depth(): number {
		return this.parent === undefined ? 1 : this.parent.depth + 1;
	}

	get listenerId(): string {
		return this.listener.id;
	}

	get subject(): string {
		return this.event.path ?? "";
	}

	get eventId(): string {
		return this.event.context.id;
	}

	get app(): unknown {
		return this.scope.app;
	}

	get emit(): Emit {
		return ((subject: EmitSubject, params?: unknown, options?: EmitOptions) =>
			this.scope.emitAs(this, subject, params, options)) as Emit;
	}

	get actor(): Actor | undefined {
		return this.event.context.actor;
	}

	get request(): Request | undefined {
		return this.event.context.request;
	}

	get signal(): AbortSignal {
		const outer = this.event.context.signal;
		const { signal } = ListenerCall.#controllerOf(this);
		return outer === undefined ? signal : AbortSignal.any([outer, signal]);
	}

	get log(): Logger {
		return this.scope.log.child({ listener: this.listener.id, event: this.event.slug });
	}

	get get(): GetService {
		return <T>(key: ServiceKey<T>) => this.scope.service(key, this) as T;
	}

	get defer(): (promise: Promise<unknown>) => void {
		return (promise) => this.scope.track(promise, this);
	}

	/** Tells the listener, through its signal, that nobody waits for it any more. */
	abort(reason: unknown): void {
		ListenerCall.#controllerOf(this).abort(reason);
	}

	static #controllerOf(call: ListenerCall): AbortController {
		const known = ListenerCall.#controllers.get(call);
		if (known !== undefined) return known;
		const made = new AbortController();
		ListenerCall.#controllers.set(call, made);
		return made;
	}
}
