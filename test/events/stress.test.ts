import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AdHocEvent, EventManager, type ListenerContext } from "../../src/events/index.ts";

/** A source of numbers that gives the same ones each time (xorshift32). */
function numbers(seed: number): (below: number) => number {
	let state = seed | 1;
	return (below) => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) % below;
	};
}

const LISTENERS = 100;
const EVENTS = 10_000;

interface Behaviour {
	readonly index: number;
	readonly mode: "sync" | "async";
	readonly order: number;
	/** The names that it listens to, as a glob or not. */
	readonly ref: string;
	readonly stops: boolean;
	readonly throws: boolean;
	readonly unsubscribes: boolean;
	/** Another event that it emits when it is called for the first level. */
	readonly emits: boolean;
}

interface Call {
	readonly listener: number;
	readonly event: number;
}

const REFS = ["load.a", "load.b", "load.*", "load.(a|c)", "**", "load.c"];

/** Whether a ref matches, decided again and in another way than by patterns. */
function hears(ref: string, name: string): boolean {
	if (ref === "**" || ref === "load.*") return true;
	return ref === "load.(a|c)" ? name !== "load.b" : ref === name;
}

function behaviours(random: (below: number) => number): Behaviour[] {
	return Array.from({ length: LISTENERS }, (_, index) => ({
		index,
		// Only those that are waited for emit: the calls of the others overlap.
		...(index % 10 === 0
			? { mode: "sync" as const, emits: true }
			: { mode: random(2) === 0 ? ("sync" as const) : ("async" as const), emits: false }),
		order: random(5) - 2,
		ref: REFS[random(REFS.length)] as string,
		stops: random(20) === 0,
		throws: random(20) === 0,
		unsubscribes: random(4) === 0,
	}));
}

/** What a listener does at its nth call with an event; decided by numbers alone. */
function chance(listener: number, event: number, of: number): boolean {
	return ((listener * 7919 + event * 104_729) >>> 3) % of === 0;
}

/** The same listeners without Burdock: plain loops over a sorted list. */
class Model {
	readonly calls: Call[] = [];
	readonly #active: Behaviour[];
	readonly #rank = new Map<number, number>();

	constructor(listeners: readonly Behaviour[]) {
		this.#active = [...listeners];
		listeners.forEach(({ index }, rank) => this.#rank.set(index, rank));
	}

	/** Emits, and answers whether it was aborted. */
	emit(name: string, event: number, depth: number): boolean {
		const snapshot = this.#active
			.filter(({ ref }) => hears(ref, name))
			.toSorted((a, b) => a.order - b.order || this.#of(a) - this.#of(b));
		const deferred = snapshot.filter(({ mode }) => mode === "async");
		for (const listener of snapshot.filter(({ mode }) => mode === "sync")) {
			const outcome = this.#call(listener, event, depth);
			if (outcome === "throw") return true;
			if (outcome === "stop") break;
		}
		for (const listener of deferred) this.#call(listener, event, depth);
		return false;
	}

	#of({ index }: Behaviour): number {
		return this.#rank.get(index) as number;
	}

	#call(listener: Behaviour, event: number, depth: number): "throw" | "stop" | "go" {
		const { index, throws, stops, unsubscribes, emits } = listener;
		this.calls.push({ listener: index, event });
		if (unsubscribes && chance(index, event, 200)) {
			const at = this.#active.indexOf(listener);
			if (at >= 0) this.#active.splice(at, 1);
		}
		if (emits && depth === 0 && chance(index, event, 3)) this.emit("load.c", event + EVENTS, 1);
		if (throws && chance(index, event, 5)) return "throw";
		return stops && chance(index, event, 4) ? "stop" : "go";
	}
}

/** Registers the listeners, and notes their calls: one half plain functions, the other asynchronous. */
function register(emgr: EventManager, listeners: readonly Behaviour[], calls: Call[]): void {
	for (const behaviour of listeners) {
		const { index, mode, order, ref, emits } = behaviour;
		const begin = (event: number): void => {
			calls.push({ listener: index, event });
			if (behaviour.unsubscribes && chance(index, event, 200)) subscription.unsubscribe();
		};
		const end = (event: AdHocEvent<number>): void => {
			if (behaviour.throws && chance(index, event.params, 5)) throw new Error(`listener ${index}`);
			if (behaviour.stops && chance(index, event.params, 4)) event.stop();
		};
		const plain = (event: AdHocEvent<number>): void => {
			begin(event.params);
			end(event);
		};
		const waiting = async (
			event: AdHocEvent<number>,
			_slug: string,
			{ emit }: ListenerContext,
		): Promise<void> => {
			const number = event.params;
			begin(number);
			if (emits && number < EVENTS && chance(index, number, 3)) {
				await emit("load.c", number + EVENTS, { settle: true }).catch(() => {});
			}
			end(event);
		};
		const handler = emits || index % 2 === 0 ? waiting : plain;
		const subscription = emgr.on<AdHocEvent<number>>(ref, handler, {
			mode,
			order,
			id: `listener-${index}`,
		});
	}
}

describe(`${EVENTS} events, ${LISTENERS} listeners`, () => {
	it.each([1, 7, 42])(
		"that unsubscribe, stop, throw and emit at random are called exactly as a plain loop would call them (seed %i)",
		async (seed) => {
			const random = numbers(seed);
			const listeners = behaviours(random);
			const names = Array.from({ length: EVENTS }, () => `load.${"abc"[random(3)]}`);
			const calls: Call[] = [];
			const emgr = new EventManager([], { onError: () => {} });
			register(emgr, listeners, calls);
			const model = new Model(listeners);
			let aborts = 0;
			for (const [event, name] of names.entries()) {
				const aborted = await emgr.emit(name, event, { settle: true }).then(
					() => false,
					() => true,
				);
				expect(model.emit(name, event, 0)).toBe(aborted);
				if (aborted) aborts++;
			}
			const sorted = (all: readonly Call[]): string[] =>
				all.map(({ listener, event }) => `${listener}:${event}`).toSorted();
			expect(calls).toHaveLength(model.calls.length);
			expect(sorted(calls)).toEqual(sorted(model.calls));
			for (const { index } of listeners) {
				const of = (all: readonly Call[]): number[] =>
					all.filter(({ listener }) => listener === index).map(({ event }) => event);
				expect(of(calls), `the order of listener ${index}`).toEqual(of(model.calls));
			}
			expect(emgr.pending).toBe(0);
			// All of it did happen, and often.
			expect(aborts).toBeGreaterThan(500);
			expect(calls.filter(({ event }) => event >= EVENTS).length).toBeGreaterThan(1000);
			expect(emgr.getListeners().length).toBeLessThan(LISTENERS - 10);
		},
		60_000,
	);

	it("interleave without a call that is lost or made twice when nobody waits", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.nat(2), { minLength: 1, maxLength: 300 }), async (kinds) => {
				const emgr = new EventManager();
				const heard: number[][] = Array.from({ length: 10 }, () => []);
				for (const [index, list] of heard.entries()) {
					emgr.on("flow.*", (event) => void list.push(event.params as number), {
						mode: index % 2 === 0 ? "sync" : "async",
					});
				}
				const emits = kinds.map((kind, event) =>
					emgr.emit("flow.one", event, { settle: kind === 0 }),
				);
				await Promise.all(emits);
				await emgr.drain();
				const all = kinds.map((_, event) => event);
				for (const list of heard) expect(list.toSorted((a, b) => a - b)).toEqual(all);
				for (let index = 0; index < heard.length; index += 2) expect(heard[index]).toEqual(all);
			}),
			{ numRuns: 50 },
		);
	});
});
