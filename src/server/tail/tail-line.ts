import type { AnyEvent } from "../../events/event-class.ts";
import { snapshot } from "../../events/snapshot.ts";
import type { TailedEvent } from "../../events/tailed-event.ts";
import { toJson } from "../wire.ts";

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
