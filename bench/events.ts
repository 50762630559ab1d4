// Emit, beside the emitters of other projects: `npm run bench:events` prints the table and exits with
// 1 when a budget is missed by more than 15 %. `--src` measures the sources rather than the build.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { EventDispatcher, EventToken, BaseEvent } from "@deepkit/event";
import { Event as BkndEvent, EventManager as BkndEventManager } from "bknd";
import Emittery from "emittery";
import { createHooks } from "hookable";
import { do_not_optimize } from "mitata";
import tapable from "tapable";
import type { EventManagerOptions } from "../src/events/index.ts";

const ROUNDS = 5;
const REPETITIONS = 7;
const WARM_UP = 30_000;
const ITERATIONS = 60_000;
const HAS_ITERATIONS = 5_000_000;
const UNRELATED = 100;
const TOLERANCE = 1.15;

const built = new URL("../dist/events/index.js", import.meta.url);
const useBuild = existsSync(built) && !process.argv.includes("--src");
const { defineEvent, Event, EventManager, statistics } = (await import(
	useBuild ? built.href : "../src/events/index.ts"
)) as typeof import("../src/events/index.ts");
const { openTelemetry } = (await import(
	useBuild ? new URL("../otel/index.js", built).href : "../src/otel/index.ts"
)) as typeof import("../src/otel/index.ts");

interface Payload {
	readonly id: number;
}

type Handler = (payload: unknown) => unknown;

/** One emit, with an event of its own. */
type Once = (id: number) => unknown;

/** What is measured, `count` times. */
type Loop = (count: number) => Promise<void> | void;

/** Awaits each emit in a function of its own, as mitata does and as handlers of requests do. */
function awaited(emit: Once): Loop {
	const once = async (id: number): Promise<void> => {
		do_not_optimize(await emit(id));
	};
	return async (count) => {
		for (let id = 0; id < count; id++) await once(id);
	};
}

/** Awaits nothing, for what returns no promise. */
function atOnce(emit: Once): Loop {
	return (count) => {
		for (let id = 0; id < count; id++) do_not_optimize(emit(id));
	};
}

/** Handlers are made anew, as every listener of a program is another function. */
const asyncHandler = (): Handler => async () => {
	await undefined;
};
const plainHandler = (): Handler => () => {};

class Measured extends Event<Payload> {
	static override slug = "measured";
}

function burdock(
	listeners: number,
	handler: () => Handler,
	options: EventManagerOptions = {},
): InstanceType<typeof EventManager> {
	const emgr = new EventManager([Measured], options);
	for (let i = 0; i < UNRELATED; i++) {
		emgr.onEvent(defineEvent(`unrelated.${i}`), () => {}, "sync");
	}
	for (let i = 0; i < listeners; i++) emgr.onEvent(Measured, handler() as () => void, "sync");
	return emgr;
}

function burdockEmit(listeners: number, handler: () => Handler): Loop {
	const emgr = burdock(listeners, handler);
	return awaited((id) => emgr.emit(new Measured({ id })));
}

/** What the data floor does: wait only for what is a promise. */
function burdockDispatch(listeners: number, handler: () => Handler): Loop {
	const emgr = burdock(listeners, handler);
	const emit: Once = (id) => emgr.dispatch(new Measured({ id }));
	return emit(0) instanceof Promise ? awaited(emit) : atOnce(emit);
}

/** What looks on while listeners are called. */
const INSTRUMENTS = { "statistics()": statistics, "otel without SDK": openTelemetry } as const;

/** The same, of plain and of async handlers, with an instrument. */
function observedEmit(
	instrument: keyof typeof INSTRUMENTS | "none",
	listeners: number,
	handler: () => Handler,
): Loop {
	const instruments = instrument === "none" ? [] : [INSTRUMENTS[instrument]()];
	const emgr = burdock(listeners, handler, { instruments });
	const emit: Once = (id) => emgr.dispatch(new Measured({ id }));
	return emit(0) instanceof Promise ? awaited(emit) : atOnce(emit);
}

/** Its cases, which run in a process of their own. */
function observed(instrument: keyof typeof INSTRUMENTS | "none"): Record<string, Loop> {
	return {
		...perCount(`${instrument} async`, (count) => observedEmit(instrument, count, asyncHandler)),
		...perCount(`${instrument} plain`, (count) => observedEmit(instrument, count, plainHandler)),
	};
}

function tapableLoop(listeners: number): Loop {
	const hook = new tapable.AsyncSeriesHook<[Measured]>(["event"]);
	for (let i = 0; i < listeners; i++)
		hook.tapPromise(`listener ${i}`, asyncHandler() as () => Promise<void>);
	return awaited((id) => hook.promise(new Measured({ id })));
}

/** The least that a dispatcher can do: call one after the other, wait for what is a promise. */
function bareLoop(listeners: number): Loop {
	const handlers = Array.from({ length: listeners }, asyncHandler);
	const emit = async (event: Measured): Promise<Measured> => {
		for (const handler of handlers) {
			const reply = handler(event);
			if (reply instanceof Promise) await reply;
		}
		return event;
	};
	return awaited((id) => emit(new Measured({ id })));
}

function hookableLoop(listeners: number): Loop {
	const hooks = createHooks<Record<string, (payload: Payload) => Promise<void>>>();
	for (let i = 0; i < UNRELATED; i++) hooks.hook(`unrelated:${i}`, async () => {});
	for (let i = 0; i < listeners; i++) hooks.hook("measured", asyncHandler() as () => Promise<void>);
	return awaited((id) => hooks.callHook("measured", { id }));
}

function emitteryLoop(listeners: number): Loop {
	const emitter = new Emittery<Record<string, Payload>>();
	for (let i = 0; i < UNRELATED; i++) emitter.on(`unrelated-${i}`, async () => {});
	for (let i = 0; i < listeners; i++) emitter.on("measured", asyncHandler() as () => Promise<void>);
	return awaited((id) => emitter.emitSerial("measured", { id }));
}

function deepkitLoop(listeners: number): Loop {
	class DeepkitMeasured extends BaseEvent {
		readonly id: number;
		constructor(id: number) {
			super();
			this.id = id;
		}
	}
	const token = new EventToken<DeepkitMeasured>("measured");
	const dispatcher = new EventDispatcher();
	for (let i = 0; i < UNRELATED; i++) {
		dispatcher.listen(new EventToken(`unrelated-${i}`), async () => {});
	}
	for (let i = 0; i < listeners; i++)
		dispatcher.listen(token, asyncHandler() as () => Promise<void>);
	return awaited((id) => dispatcher.dispatch(token, new DeepkitMeasured(id)));
}

function bkndLoop(listeners: number): Loop {
	class BkndMeasured extends BkndEvent<Payload> {
		static override slug = "measured";
	}
	const emgr = new BkndEventManager({ BkndMeasured });
	for (let i = 0; i < UNRELATED; i++) {
		class Unrelated extends BkndEvent<Payload> {
			static override slug = `unrelated-${i}`;
		}
		emgr.registerEvent(Unrelated);
		emgr.onEvent(Unrelated, async () => {}, "sync");
	}
	for (let i = 0; i < listeners; i++)
		emgr.onEvent(BkndMeasured, asyncHandler() as () => Promise<void>, "sync");
	return awaited((id) => emgr.emit(new BkndMeasured({ id })));
}

function hasLoop(load: "empty" | "loaded"): Loop {
	const emgr = new EventManager([Measured]);
	if (load === "loaded") {
		for (let i = 0; i < 10_000; i++) emgr.on(`unrelated.name${i}`, () => {}, "sync");
		for (let i = 0; i < 1_000; i++) emgr.on(`glob${i}.**.(a|b)*`, () => {}, "sync");
	}
	return (count) => {
		let heard = 0;
		for (let i = 0; i < count; i++) if (emgr.has(Measured)) heard++;
		do_not_optimize(heard);
	};
}

/** What is measured, by system: each runs in processes of its own, as it does in an application. */
const LISTENERS = [0, 1, 5] as const;
const SYSTEMS: Readonly<Record<string, () => Readonly<Record<string, Loop>>>> = {
	burdock: () => ({
		...perCount("emit async", (count) => burdockEmit(count, asyncHandler)),
		...perCount("dispatch async", (count) => burdockDispatch(count, asyncHandler)),
		...perCount("emit plain", (count) => burdockEmit(count, plainHandler)),
		...perCount("dispatch plain", (count) => burdockDispatch(count, plainHandler)),
	}),
	"observed by none": () => observed("none"),
	"observed by statistics": () => observed("statistics()"),
	"observed by otel": () => observed("otel without SDK"),
	bare: () => perCount("bare", bareLoop),
	tapable: () => perCount("tapable", tapableLoop),
	deepkit: () => perCount("deepkit", deepkitLoop),
	hookable: () => perCount("hookable", hookableLoop),
	emittery: () => perCount("emittery", emitteryLoop),
	bknd: () => perCount("bknd", bkndLoop),
	has: () => ({ "has empty": hasLoop("empty"), "has loaded": hasLoop("loaded") }),
};

function perCount(name: string, make: (count: number) => Loop): Record<string, Loop> {
	return Object.fromEntries(LISTENERS.map((count) => [`${name} ${count}`, make(count)]));
}

/** Nanoseconds of each case of a system: the median of a few repetitions. */
async function measure(system: string): Promise<Record<string, number>> {
	const loops = Object.entries(SYSTEMS[system]?.() ?? {});
	const iterations = system === "has" ? HAS_ITERATIONS : ITERATIONS;
	for (let i = 0; i < 3; i++) for (const [, loop] of loops) await loop(WARM_UP);
	const times = new Map<string, number[]>(loops.map(([name]) => [name, []]));
	for (let i = 0; i < REPETITIONS; i++) {
		for (const [name, loop] of loops) {
			// The CPU's time, not the clock's: other programs share the machine.
			const start = process.cpuUsage().user;
			await loop(iterations);
			times.get(name)?.push(((process.cpuUsage().user - start) * 1000) / iterations);
		}
	}
	const found = Object.fromEntries([...times].map(([name, all]) => [name, median(all)]));
	return system === "has" ? { ...found, "has allocation": hasAllocation() } : found;
}

const only = process.argv.indexOf("--only");
if (only !== -1) {
	console.log(JSON.stringify(await measure(process.argv[only + 1] ?? "")));
	process.exit();
}

const cases = new Map<string, number[]>();
for (let round = 0; round < ROUNDS; round++) {
	for (const system of Object.keys(SYSTEMS)) {
		const child = [...process.argv.slice(1), "--only", system];
		const output = execFileSync(process.execPath, child, { encoding: "utf8" });
		for (const [name, time] of Object.entries(JSON.parse(output) as Record<string, number>)) {
			cases.set(name, [...(cases.get(name) ?? []), time]);
		}
	}
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function time(name: string): number {
	return median(cases.get(name) ?? []);
}

/** The median of the ratios of one round each, so that a slow moment of the machine hits both. */
function ratio(name: string, reference: string): number {
	const others = cases.get(reference) ?? [];
	return median((cases.get(name) ?? []).map((value, at) => value / (others[at] ?? 1)));
}

/** Bytes that one call of `has` allocates. */
function hasAllocation(): number {
	const loop = hasLoop("loaded");
	void loop(1_000_000);
	const before = process.memoryUsage().heapUsed;
	void loop(HAS_ITERATIONS);
	return Math.max(0, (process.memoryUsage().heapUsed - before) / HAS_ITERATIONS);
}

const ROWS = [
	["burdock emit, async handlers", "emit async"],
	["burdock dispatch, async handlers", "dispatch async"],
	["burdock emit, plain handlers", "emit plain"],
	["burdock dispatch, plain handlers", "dispatch plain"],
	["a bare loop, async handlers", "bare"],
	["tapable 2.3.4 AsyncSeriesHook, async taps", "tapable"],
	["@deepkit/event 1.0.19", "deepkit"],
	["hookable 6.1.2", "hookable"],
	["emittery 2.2.0, serial", "emittery"],
	["bknd 0.20.0 EventManager", "bknd"],
] as const;

console.log(`Node ${process.version}, burdock from ${useBuild ? "dist" : "src"}\n`);
console.log("| one awaited emit | 0 listeners | 1 + 100 unrelated | 5 + 100 unrelated |");
console.log("|---|---|---|---|");
for (const [label, name] of ROWS) {
	const cells = LISTENERS.map((count) => {
		const own = time(`${name} ${count}`);
		return `${own.toFixed(0)} ns (${ratio(`${name} ${count}`, `tapable ${count}`).toFixed(2)} ×)`;
	});
	console.log(`| ${label} | ${cells.join(" | ")} |`);
}

console.log("\n| one dispatch, by what looks on | 1 async | 5 async | 1 plain | 5 plain |");
console.log("|---|---|---|---|---|");
for (const name of ["none", ...Object.keys(INSTRUMENTS)]) {
	const cells = ["async 1", "async 5", "plain 1", "plain 5"].map((handlers) => {
		const own = `${name} ${handlers}`;
		return `${time(own).toFixed(0)} ns (${ratio(own, `none ${handlers}`).toFixed(2)} ×)`;
	});
	console.log(`| ${name} | ${cells.join(" | ")} |`);
}
const bare = ["async 1", "async 5"].map((handlers) =>
	ratio(`none ${handlers}`, `bare ${handlers.slice(-1)}`).toFixed(2),
);
console.log(`\nNone, async handlers, beside a bare loop: ${bare.join(" × and ")} ×.`);

const budgets: readonly (readonly [label: string, value: number, budget: number, unit: string])[] =
	[
		["emit, async handlers, 1 listener", ratio("emit async 1", "tapable 1"), 0.9, "×"],
		["emit, async handlers, 5 listeners", ratio("emit async 5", "tapable 5"), 1, "×"],
		["dispatch, plain handlers, 1 listener", ratio("dispatch plain 1", "tapable 1"), 0.4, "×"],
		["dispatch, plain handlers, 5 listeners", ratio("dispatch plain 5", "tapable 5"), 0.4, "×"],
		["emit, plain handlers, 1 listener", ratio("emit plain 1", "tapable 1"), 0.7, "×"],
		["emit, plain handlers, 5 listeners", ratio("emit plain 5", "tapable 5"), 0.7, "×"],
		["has, 10 000 listeners, 1 000 globs", time("has loaded"), 15, "ns"],
		["has, loaded against empty", ratio("has loaded", "has empty"), 1.1, "×"],
		["has, allocation", time("has allocation"), 0.1, "bytes"],
	];
console.log("\n| budget | measured | at most | |\n|---|---|---|---|");
let missed = false;
for (const [label, value, budget, unit] of budgets) {
	const verdict = value <= budget ? "met" : value <= budget * TOLERANCE ? "near" : "MISSED";
	if (verdict === "MISSED") missed = true;
	console.log(`| ${label} | ${value.toFixed(2)} ${unit} | ${budget} ${unit} | ${verdict} |`);
}
if (missed) process.exitCode = 1;
