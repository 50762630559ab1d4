import { coreError } from "./core-error.ts";
import { listenerPath } from "./event-context.ts";
import type { Cause } from "./event-context.ts";
import type { ListenerCall } from "./listener-call.ts";

/** From this depth on, the events that one event leads to are counted. */
const DEEP = 8;
/** How many of them there may be: a chain has eight, listeners that each cause two events 2^16. */
const MAX_DEEP = 256;

/** Refuses what listeners cause without end. */
export class LoopGuard {
	readonly #limit: number;
	/** By the first cause of a chain, with which they go. */
	readonly #deep = new WeakMap<Cause, number>();

	/** @param limit how many listeners there may be in a row. */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/**
	 * Refuses an event that was caused by too many listeners in a row, or by a chain that fans out.
	 *
	 * @throws {EventError} `emit_too_deep`, `too_many_emits`.
	 */
	checkEvent(slug: string, cause: Cause): void {
		const { depth } = cause;
		if (depth <= DEEP && depth <= this.#limit) return;
		if (depth > this.#limit) {
			throw coreError("emit_too_deep", { slug, limit: this.#limit, path: pathText(cause) });
		}
		let root = cause;
		while (root.parent !== undefined) root = root.parent;
		const count = (this.#deep.get(root) ?? 0) + 1;
		if (count > MAX_DEEP) throw coreError("too_many_emits", { slug, limit: MAX_DEEP });
		this.#deep.set(root, count);
	}

	/**
	 * Refuses a call of a listener that would be for the same subject as a call which caused it.
	 *
	 * @throws {EventError} `emit_loop`.
	 */
	checkCall(call: ListenerCall): void {
		if (call.listener.reentrant) return;
		for (let link = call.parent; link !== undefined; link = link.parent) {
			if (link.listenerId !== call.listenerId) continue;
			const { subject } = call;
			if (subject === "") return;
			if (link.subject !== subject) continue;
			throw coreError("emit_loop", {
				listener: call.listenerId,
				subject,
				path: pathText(call),
			});
		}
	}
}

function pathText(cause: Cause): string {
	return listenerPath(cause).join(" → ");
}
