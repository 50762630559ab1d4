import type { Instrument } from "../events/instrument.ts";
import type { ListenerCall } from "../events/listener-call.ts";
import { whenDone } from "../events/observe/when-done.ts";

const HEADER = "server-timing";
/** Listeners that a response names: the slowest ones. */
const MAX_LISTENERS = 20;
/** Characters of a name; a header has room for 20 of them. */
const MAX_NAME = 100;

/** What one listener took for the events of one class. */
interface ListenerTime {
	readonly listener: string;
	readonly event: string;
	milliseconds: number;
}

/** What one request took so far. */
interface RequestTimes {
	readonly start: number;
	readonly listeners: Map<string, ListenerTime>;
}

/**
 * Tells in the header `Server-Timing`, which browsers show beside a request, how long listeners took.
 * It names them to whoever asks, so it is for development only.
 */
export class ServerTiming implements Instrument {
	/** By the objects that stand for a request: its scopes, and what the gateway knows it by. */
	readonly #requests = new WeakMap<object, RequestTimes>();
	/** What a response said itself, which may be sent more than once. */
	readonly #said = new WeakMap<Response, string | null>();

	/** Measures what is called in this scope for the request; it may have several scopes. */
	watch(scope: object, request: object): void {
		const times = this.#requests.get(request) ?? {
			start: performance.now(),
			listeners: new Map<string, ListenerTime>(),
		};
		this.#requests.set(request, times).set(scope, times);
	}

	/** Adds the header to the response of a request. */
	tell(response: Response, request: object): void {
		const times = this.#requests.get(request);
		if (times === undefined) return;
		const { headers } = response;
		if (!this.#said.has(response)) this.#said.set(response, headers.get(HEADER));
		const said = this.#said.get(response);
		headers.set(HEADER, [...(said ? [said] : []), ...metricsOf(times)].join(", "));
	}

	call<T>(call: ListenerCall, go: () => T): T {
		const times = this.#requests.get(call.scope);
		if (times === undefined) return go();
		const start = performance.now();
		const end = (): void => count(times, call, performance.now() - start);
		return whenDone(go, end, end);
	}
}

function count({ listeners }: RequestTimes, call: ListenerCall, milliseconds: number): void {
	const [listener, event] = [call.listenerId, call.event.slug];
	const key = `${event} ${listener}`;
	const known = listeners.get(key);
	const took = Math.max(0, milliseconds);
	if (known === undefined) listeners.set(key, { listener, event, milliseconds: took });
	else known.milliseconds += took;
}

function metricsOf({ start, listeners }: RequestTimes): readonly string[] {
	const slowest = [...listeners.values()]
		.toSorted((one, other) => other.milliseconds - one.milliseconds)
		.slice(0, MAX_LISTENERS);
	return [
		`total;dur=${rounded(Math.max(0, performance.now() - start))}`,
		...slowest.map(
			({ listener, event, milliseconds }) =>
				`${tokenOf(listener)};dur=${rounded(milliseconds)};desc="${quotable(event)}"`,
		),
	];
}

/** A name as a token of HTTP, which has neither spaces nor separators. */
function tokenOf(name: string): string {
	return name.slice(0, MAX_NAME).replace(/[^\w!#$%&'*+.^`|~-]/g, "_");
}

/** A name that can stand in a quoted string as it is. */
function quotable(name: string): string {
	return name.slice(0, MAX_NAME).replace(/[^ !#-[\]-~]/g, "_");
}

function rounded(milliseconds: number): number {
	return Math.round(milliseconds * 1000) / 1000;
}
