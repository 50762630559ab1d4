import type { AnyEvent } from "../../events/event-class.ts";
import type { Redact } from "../../events/redact-url.ts";
import { snapshot } from "../../events/snapshot.ts";
import type { TailedEvent } from "../../events/tailed-event.ts";
import { toJson } from "../wire.ts";
import { redactText } from "./secret-names.ts";

/** The line of an event, as JSON. */
export function tailLine(event: AnyEvent, redact: Redact): string {
	const { context, slug, topic, path } = event;
	const line: TailedEvent = {
		id: context.id,
		time: new Date(context.time).toISOString(),
		slug,
		topic,
		...(path === undefined ? {} : { path }),
		...(context.actor === undefined ? {} : { actor: context.actor.id }),
		depth: context.causation.depth,
		params: snapshot(event.params, redact, redactText),
	};
	return toJson(line);
}
