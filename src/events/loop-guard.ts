import { coreError } from "./core-error.ts";
import { listenerPath } from "./event-context.ts";
import type { Cause } from "./event-context.ts";
import type { ListenerCall } from "./listener-call.ts";

/** Beyond this depth, the calls that cause events are counted; a write is one, however many rows it has. */
const DEEP = 8;
/** How many there may be of one first event: a chain has eight, listeners that each cause two events 2^16. */
const MAX_DEEP = 128;

/** Refuses what listeners cause without end. */
export class LoopGuard {
	readonly #limit: number;
	/** The deep calls by the first cause of their chain, with which they go. */
	readonly #deep = new WeakMap<Cause, Set<Cause>>();

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
		let calls = this.#deep.get(root);
		if (calls === undefined) this.#deep.set(root, (calls = new Set()));
		if (calls.has(cause)) return;
		if (calls.size === MAX_DEEP) throw coreError("too_many_emits", { slug, limit: MAX_DEEP });
		calls.add(cause);
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
