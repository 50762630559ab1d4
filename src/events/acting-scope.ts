import type { Maybe } from "../kernel/maybe.ts";
import type { Actor } from "./event-context.ts";
import type { EventCore } from "./event-core.ts";
import type { ListenerCall } from "./listener-call.ts";
import { LiveScope } from "./live-scope.ts";

/**
 * A scope in which somebody else acts. All but the actor is that of the scope around it: the request,
 * the deferred queue, the services, and the count of emits, so that no loop can hide in it.
 */
export class ActingScope extends LiveScope {
	readonly #around: LiveScope;

	constructor(core: EventCore, around: LiveScope, actor: Actor) {
		const { request, env, signal, meta } = around;
		const options = {
			actor,
			env,
			meta,
			...(request === undefined ? {} : { request }),
			...(signal === undefined ? {} : { signal }),
		};
		super(core, options, around);
		this.#around = around;
	}

	override service(token: unknown, call: ListenerCall): unknown {
		return this.#around.service(token, call);
	}

	override enter(): void {
		this.#around.enter();
	}

	override leave(): void {
		this.#around.leave();
	}

	override admit(slug: string): void {
		this.#around.admit(slug);
	}

	override enqueue(calls: readonly ListenerCall[], settle: "settle" | undefined): Maybe<void> {
		return this.#around.enqueue(calls, settle);
	}
}
