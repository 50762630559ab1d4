import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventManager, select } from "../../../src/events/index.ts";
import type { Channel, EventError, Overflow } from "../../../src/events/index.ts";
import { Other, Plain } from "../stand-ins.ts";

/** What is done to a channel. */
type Step =
	| { readonly do: "emit"; readonly times: number }
	| { readonly do: "receive"; readonly timeout?: number }
	| { readonly do: "abort"; readonly which: number }
	| { readonly do: "pass"; readonly ms: number }
	| { readonly do: "close" };

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({ do: fc.constant("emit"), times: fc.integer({ min: 1, max: 4 }) }),
	},
	{ weight: 5, arbitrary: fc.constant({ do: "receive" } as const) },
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant("receive"), timeout: fc.integer({ min: 1, max: 30 }) }),
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constant("abort"), which: fc.nat({ max: 5 }) }) },
	{
		weight: 2,
		arbitrary: fc.record({ do: fc.constant("pass"), ms: fc.integer({ min: 1, max: 30 }) }),
	},
	{ weight: 1, arbitrary: fc.constant({ do: "close" } as const) },
);

/** What became of a call, by its number: the event's number, or how it ended; absent: it waits. */
type Outcomes = Record<number, number | "end" | "aborted" | "channel_timeout" | "channel_overflow">;

/** What a channel should do, in the plainest words. */
class Model {
	readonly received: Outcomes = {};
	readonly emitted: number[] = [];
	events: number[] = [];
	waiting: { readonly call: number; readonly until: number }[] = [];
	emitters: number[] = [];
	dropped = 0;
	closed = false;
	overflowed = false;
	readonly #buffer: number;
	readonly #overflow: Overflow;
	#now = 0;

	constructor(buffer: number, overflow: Overflow) {
		this.#buffer = buffer;
		this.#overflow = overflow;
	}

	emit(n: number): void {
		const first = this.closed ? undefined : this.waiting.shift();
		if (first !== undefined) this.received[first.call] = n;
		else if (!this.closed) this.#keep(n);
		if (!this.emitters.includes(n)) this.emitted.push(n);
	}

	receive(call: number, timeout = Infinity): void {
		const event = this.events.shift();
		if (event !== undefined) {
			this.received[call] = event;
			this.#release(1);
		} else if (this.overflowed) {
			this.overflowed = false;
			this.received[call] = "channel_overflow";
		} else if (this.closed) {
			this.received[call] = "end";
		} else {
			this.waiting.push({ call, until: this.#now + timeout });
		}
	}

	abort(call: number): void {
		if (!this.waiting.some((one) => one.call === call)) return;
		this.#giveUp((one) => one.call === call, "aborted");
	}

	pass(ms: number): void {
		this.#now += ms;
		this.#giveUp(({ until }) => until <= this.#now, "channel_timeout");
	}

	close(): void {
		this.closed = true;
		this.#giveUp(() => true, "end");
		this.#release(Infinity);
	}

	#keep(n: number): void {
		if (this.events.length >= this.#buffer) {
			if (this.#overflow === "error") {
				this.overflowed = true;
				return this.close();
			}
			if (this.#overflow === "wait") this.emitters.push(n);
			else this.dropped++;
			if (this.#overflow === "drop-newest") return;
			if (this.#overflow === "drop-oldest") this.events.shift();
		}
		this.events.push(n);
	}

	#release(count: number): void {
		this.emitted.push(...this.emitters.splice(0, count));
	}

	#giveUp(who: (one: Model["waiting"][number]) => boolean, outcome: Outcomes[number]): void {
		for (const { call } of this.waiting.filter(who)) this.received[call] = outcome;
		this.waiting = this.waiting.filter((one) => !who(one));
	}
}

/** A channel, and what became of the calls of it. */
class Subject {
	readonly received: Outcomes = {};
	readonly emitted: number[] = [];
	readonly emgr = new EventManager([Plain]);
	readonly channel: Channel<Plain>;
	readonly aborts: AbortController[] = [];

	constructor(buffer: number, overflow: Overflow) {
		this.channel = this.emgr.subscribe(Plain, { buffer, overflow });
	}

	emit(n: number): void {
		void this.emgr.emit(new Plain({ n })).then(() => this.emitted.push(n));
	}

	receive(call: number, timeout?: number): void {
		const abort = (this.aborts[call] = new AbortController());
		void this.channel.receive({ timeout, signal: abort.signal }).then(
			(event) => (this.received[call] = event?.params.n ?? "end"),
			(error: unknown) =>
				(this.received[call] =
					error === "aborted" ? "aborted" : ((error as EventError).code as "channel_timeout")),
		);
	}
}

beforeEach(() => {
	vi.useFakeTimers();
});

afterEach(() => {
	vi.useRealTimers();
});

describe("a channel", () => {
	it("does what its model does, whatever is done to it", { timeout: 60_000 }, async () => {
		const overflow = fc.constantFrom<Overflow>("error", "drop-oldest", "drop-newest", "wait");
		await fc.assert(
			fc.asyncProperty(
				fc.integer({ min: 1, max: 4 }),
				overflow,
				fc.array(step, { maxLength: 40 }),
				compare,
			),
			{ numRuns: 500 },
		);
	});

	it("loses and doubles nothing among those who select and receive", async () => {
		const act = fc.constantFrom("emit a", "emit b", "select", "receive a", "abort select");
		await fc.assert(fc.asyncProperty(fc.array(act, { maxLength: 40 }), share), { numRuns: 300 });
	});
});

async function compare(buffer: number, overflow: Overflow, steps: readonly Step[]): Promise<void> {
	const model = new Model(buffer, overflow);
	const subject = new Subject(buffer, overflow);
	using _closed = subject.channel;
	let emits = 0;
	let calls = 0;
	for (const one of steps) {
		if (one.do === "emit") {
			for (let times = one.times; times > 0; times--) {
				model.emit(++emits);
				subject.emit(emits);
			}
		} else if (one.do === "receive") {
			model.receive(calls, one.timeout);
			subject.receive(calls++, one.timeout);
		} else if (one.do === "abort") {
			model.abort(one.which);
			subject.aborts[one.which]?.abort("aborted");
		} else if (one.do === "close") {
			model.close();
			subject.channel.close();
		} else {
			model.pass(one.ms);
		}
		await vi.advanceTimersByTimeAsync(one.do === "pass" ? one.ms : 0);
		const { channel, emgr } = subject;
		expect(subject.received).toEqual(model.received);
		expect(subject.emitted.toSorted(byNumber)).toEqual(model.emitted.toSorted(byNumber));
		expect([channel.size, channel.dropped, channel.closed]).toEqual([
			model.events.length,
			model.dropped,
			model.closed,
		]);
		expect([channel.waiters.size, vi.getTimerCount(), emgr.getListeners().length]).toEqual([
			model.waiting.length,
			model.waiting.filter(({ until }) => until !== Infinity).length,
			model.closed ? 0 : 1,
		]);
	}
}

function byNumber(a: number, b: number): number {
	return a - b;
}

/** Each event comes out exactly once: to somebody who asked, or else at the end. */
async function share(acts: readonly string[]): Promise<void> {
	const emgr = new EventManager([Plain, Other]);
	const a = emgr.subscribe(Plain, { overflow: "drop-oldest" });
	const b = emgr.subscribe(Other, { overflow: "drop-oldest" });
	const out: unknown[] = [];
	const sent: unknown[] = [];
	let abort = new AbortController();
	const pending: Promise<unknown>[] = [];
	const keep = (event: unknown): void => void (event !== undefined && out.push(event));
	for (const act of acts) {
		if (act.startsWith("emit")) {
			sent.push(emgr.dispatch(act === "emit a" ? new Plain({ n: sent.length }) : new Other()));
		} else if (act === "select") {
			const { signal } = abort;
			pending.push(
				select([a, b], { signal }).then(
					(found) => keep(found?.event),
					() => {},
				),
			);
		} else if (act === "receive a") {
			pending.push(a.receive().then(keep));
		} else {
			abort.abort();
			abort = new AbortController();
		}
	}
	a.close();
	b.close();
	await Promise.all(pending);
	for await (const event of a) out.push(event);
	for await (const event of b) out.push(event);
	expect(out.length).toBe(sent.length);
	expect(new Set(out)).toEqual(new Set(sent));
	expect([a.waiters.size, b.waiters.size]).toEqual([0, 0]);
}
