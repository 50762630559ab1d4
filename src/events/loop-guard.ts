import { coreError } from "./core-error.ts";
import { listenerPath } from "./event-context.ts";
import type { Cause } from "./event-context.ts";
import type { ListenerCall } from "./listener-call.ts";

/** Refuses an event that was caused by too many listeners in a row. */
export function guardDepth(slug: string, cause: Cause, limit: number): void {
	if (cause.depth <= limit) return;
	throw coreError("emit_too_deep", { slug, limit, path: pathText(cause) });
}

/** Refuses a call of a listener that would be for the same subject as a call which caused it. */
export function guardReentry(call: ListenerCall): void {
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

function pathText(cause: Cause): string {
	return listenerPath(cause).join(" → ");
}
