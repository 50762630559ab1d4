import type { AnyEvent } from "../../events/event-class.ts";
import { snapshot } from "../../events/snapshot.ts";
import { toJson } from "../wire.ts";

/** An event as a tail tells it. */
export interface TailedEvent {
	readonly id: string;
	/** When it was emitted, in ISO 8601. */
	readonly time: string;
	readonly slug: string;
	readonly topic: string;
	readonly path?: string;
	/** The id of who acted. */
	readonly actor?: string;
	/** How many listeners lie between it and the event that nothing caused. */
	readonly depth: number;
	/** A plain copy, without secrets. */
	readonly params?: unknown;
}

/** How many events the reader has lost since the line before, because it read too slowly. */
export interface DroppedEvents {
	readonly dropped: number;
}

/** A line of a tail; those in between that are blank say that the server is still there. */
export type TailLine = TailedEvent | DroppedEvents;

/** Keys whose values no tail tells, in lower case. */
export const SECRET_KEYS: readonly string[] = [
	"authorization",
	"cookie",
	"set-cookie",
	"password",
	"passwordhash",
	"password_hash",
	"secret",
	"clientsecret",
	"client_secret",
	"token",
	"accesstoken",
	"access_token",
	"refreshtoken",
	"refresh_token",
	"apikey",
	"api_key",
	"privatekey",
	"private_key",
];

/** The line of an event, as JSON. */
export function tailLine(event: AnyEvent, redact: ReadonlySet<string>): string {
	const { context, slug, topic, path } = event;
	const line: TailedEvent = {
		id: context.id,
		time: new Date(context.time).toISOString(),
		slug,
		topic,
		...(path === undefined ? {} : { path }),
		...(context.actor === undefined ? {} : { actor: context.actor.id }),
		depth: context.causation.depth,
		params: snapshot(event.params, redact),
	};
	return toJson(line);
}
