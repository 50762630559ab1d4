import type { AnyEvent } from "./event-class.ts";
import type { ListenerCall } from "./listener-call.ts";

/**
 * What looks on while listeners are called: statistics, tracing, `Server-Timing`. A manager without
 * any asks one `undefined` per emit and per call.
 *
 * Both methods call `go` exactly once and hand on what it returns or throws. It returns a promise when
 * a listener did.
 */
export interface Instrument {
	/** Goes around an emit that somebody listens to: its sync listeners. */
	emit?<T>(event: AnyEvent, go: () => T): T;
	/** Goes around the call of one listener, sync or async. */
	call?<T>(call: ListenerCall, go: () => T): T;
}

/** One instrument of several, the first one outermost; undefined for none. */
export function combineInstruments(instruments: readonly Instrument[]): Instrument | undefined {
	const [first, ...rest] = instruments;
	if (first === undefined) return undefined;
	const inner = combineInstruments(rest);
	const emit = nest(first.emit?.bind(first), inner?.emit);
	const call = nest(first.call?.bind(first), inner?.call);
	return { ...(emit && { emit }), ...(call && { call }) };
}

type Around<Subject> = <T>(subject: Subject, go: () => T) => T;

function nest<Subject>(
	outer: Around<Subject> | undefined,
	inner: Around<Subject> | undefined,
): Around<Subject> | undefined {
	if (outer === undefined || inner === undefined) return outer ?? inner;
	return (subject, go) => outer(subject, () => inner(subject, go));
}
