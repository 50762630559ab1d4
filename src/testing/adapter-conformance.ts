import type { EventEnvelope } from "../events/bridge/envelope.ts";
import { EventManager } from "../events/event-manager.ts";
import type { Maybe } from "../kernel/maybe.ts";
import { silentLogger } from "../kernel/logger.ts";
import { BusEnds, type BusUnderTest, type End } from "./bus-ends.ts";

/** One promise of an adapter, for the test runner of your choice. */
export interface ConformanceCase {
	readonly name: string;
	/** Rejects, with what was expected and what came, when the adapter breaks the promise. */
	run(): Promise<void>;
}

type Check = (ends: BusEnds) => Promise<void>;

const CASES: readonly (readonly [name: string, check: Check])[] = [
	["delivers an envelope to every other end, as it was", deliversToAll],
	["keeps the envelopes of a publisher in order", keepsOrder],
	["carries falsy data", (ends) => carries(ends, [0, "", false, null, [], {}])],
	["carries any text", (ends) => carries(ends, ["ä€😀", '"\\\n\r\0\u2028', "</script>", "${a}"])],
	["carries 200 KiB", (ends) => carries(ends, ["x".repeat(200 * 1024), "€".repeat(60 * 1024)])],
	["lets a manager know its own echo", knowsEcho],
	["hands over nothing after a subscription has ended", endsSubscription],
	["hands over nothing after it was stopped", endsWhenStopped],
	["may be stopped twice", stopsTwice],
	["keeps no event from local listeners when it fails", keepsLocal],
];

/**
 * What an {@link EventAdapter} promises, as a list of cases.
 *
 * @param makeBus called for each case.
 * @param options `timeout`: milliseconds to wait for an envelope; default 5 000.
 * @example
 * ```ts
 * for (const { name, run } of adapterConformance(() => new InProcessBus())) it(name, run);
 * ```
 */
export function adapterConformance(
	makeBus: () => Maybe<BusUnderTest>,
	{ timeout = 5_000 }: { readonly timeout?: number } = {},
): readonly ConformanceCase[] {
	return CASES.map(([name, check]) => ({
		name,
		async run() {
			const ends = new BusEnds(await makeBus(), timeout);
			try {
				await check(ends);
			} finally {
				await ends.close();
			}
		},
	}));
}

async function deliversToAll(ends: BusEnds): Promise<void> {
	const others = [await ends.open(), await ends.open()];
	const sent = envelope("e1", { n: 1 });
	await (await ends.adapter()).publish(sent);
	for (const other of others) {
		await ends.received(other, 1);
		expectSame(other.received, [sent]);
	}
}

async function keepsOrder(ends: BusEnds): Promise<void> {
	const other = await ends.open();
	const adapter = await ends.adapter();
	const sent = Array.from({ length: 100 }, (_, n) => envelope(`e${n}`, n));
	await Promise.all(sent.map(async (one) => adapter.publish(one)));
	await ends.received(other, sent.length);
	expectSame(other.received, sent);
}

async function carries(ends: BusEnds, values: readonly unknown[]): Promise<void> {
	const other = await ends.open();
	const adapter = await ends.adapter();
	for (const value of values) await adapter.publish(envelope("e", value));
	await ends.received(other, values.length);
	expectSame(
		other.received.map(({ data }) => data),
		values,
	);
}

/** What a manager publishes comes back with its origin, or not at all. */
async function knowsEcho(ends: BusEnds): Promise<void> {
	const [first, second] = [silentManager(), silentManager()];
	let heard = 0;
	first.on("case.asked", () => void heard++, "sync");
	second.on("case.asked", (_, __, { emit }) => emit("case.answered", {}), "sync");
	const bridges = [first, second].map(async (emgr) => {
		const bridge = emgr.connect(await ends.adapter(), { publish: "case.*" });
		await bridge.ready;
		return bridge;
	});
	await Promise.all(bridges);
	const answered = first.next("case.answered");
	await first.emit("case.asked", {});
	await ends.within(answered, () => "an answer of the other manager");
	if (heard !== 1)
		throw new Error(`Expected an event to be heard once; it was heard ${heard} times.`);
}

async function endsSubscription(ends: BusEnds): Promise<void> {
	const [ended, other] = [await ends.open(), await ends.open()];
	const { unsubscribe, adapter } = ended;
	if (typeof unsubscribe === "function") await (unsubscribe as () => unknown)();
	else await adapter.stop?.();
	await silent(ends, ended, other);
}

async function endsWhenStopped(ends: BusEnds): Promise<void> {
	const [ended, other] = [await ends.open(), await ends.open()];
	await ended.adapter.stop?.();
	await silent(ends, ended, other);
}

/** Publishes until `other` has heard it, and by then `ended` must not have. */
async function silent(ends: BusEnds, ended: End, other: End): Promise<void> {
	const adapter = await ends.adapter();
	for (const id of ["e1", "e2"]) await adapter.publish(envelope(id, 1));
	await ends.received(other, 2);
	if (ended.received.length > 0) {
		throw new Error(`Expected nothing more to come in; ${ended.received.length} envelopes did.`);
	}
}

async function stopsTwice(ends: BusEnds): Promise<void> {
	const { adapter } = await ends.open();
	await adapter.stop?.();
	try {
		await adapter.stop?.();
	} catch (error) {
		throw new Error("Expected a second stop to be harmless; it failed.", { cause: error });
	}
}

async function keepsLocal(ends: BusEnds): Promise<void> {
	const emgr = silentManager();
	const adapter = await ends.adapter();
	const bridge = emgr.connect(adapter, { publish: "case.*" });
	await bridge.ready;
	await adapter.stop?.();
	let heard = 0;
	emgr.on("case.asked", () => void heard++, "sync");
	emgr.on("case.asked", () => void heard++);
	await ends.within(emgr.emit("case.asked", {}), () => "an emit to end");
	await ends.within(emgr.executeAsyncs(), () => "listeners to end");
	await bridge.close();
	if (heard !== 2) throw new Error(`Expected two local listeners to hear it; ${heard} did.`);
}

function envelope(id: string, data: unknown): EventEnvelope {
	return {
		specversion: "1.0",
		id,
		source: "/conformance",
		type: "case.happened",
		time: "2026-01-01T00:00:00.000Z",
		datacontenttype: "application/json",
		data,
		topic: "case.happened",
		origin: "conformance",
	};
}

function silentManager(): EventManager {
	return new EventManager([], { logger: silentLogger });
}

function expectSame(given: unknown, expected: unknown): void {
	const [left, right] = [sorted(given), sorted(expected)];
	if (left === right) return;
	throw new Error(`Expected ${shorten(right)}; given ${shorten(left)}.`);
}

/** JSON with its keys in order: a transport may change that. */
function sorted(value: unknown): string {
	return JSON.stringify(value, (_, one: unknown) =>
		typeof one === "object" && one !== null && !Array.isArray(one)
			? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
			: one,
	);
}

function shorten(text: string): string {
	return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
