import { queryObjects } from "node:v8";
import { describe, expect, it } from "vitest";
import { Channel } from "../../../src/events/channel/channel.ts";
import { Channels } from "../../../src/events/channel/channels.ts";
import { EventManager, select } from "../../../src/events/index.ts";
import { failure, Other, Plain } from "../stand-ins.ts";

/** A manager with a registry of channels that can be looked at. */
class OpenManager extends EventManager {
	readonly channels = new Channels((ref, recorder, options) =>
		this.add(ref, recorder, options, "record"),
	);
}

function opened() {
	const emgr = new OpenManager([Plain, Other]);
	return { emgr, channels: emgr.channels };
}

describe("the channels of a manager", () => {
	it("are known while they are open", async () => {
		const { emgr, channels } = opened();
		const first = channels.subscribe<Plain>(Plain);
		const second = channels.subscribe<Plain>(Plain, { buffer: 1 });
		const next = channels.next(Other);
		channels.subscribe(Plain, { signal: AbortSignal.abort() });
		expect(() => channels.subscribe("plane")).toThrow(/There is no event/);
		expect(channels.size).toBe(3);
		await emgr.emit(new Plain({ n: 1 }));
		await emgr.emit(new Plain({ n: 2 }));
		expect([channels.size, second.closed]).toEqual([2, true]);
		await emgr.emit(new Other());
		await next;
		first.close();
		expect(channels.size).toBe(0);
	});

	it("are all closed at once, and deliver what they hold", async () => {
		const { emgr, channels } = opened();
		const full = channels.subscribe<Plain>(Plain, { buffer: 1, overflow: "wait" });
		const empty = channels.subscribe<Other>(Other);
		const receiving = empty.receive();
		const next = failure(() => channels.next(Other));
		const emits = [emgr.emit(new Plain({ n: 1 })), emgr.emit(new Plain({ n: 2 }))];
		channels.closeAll();
		channels.closeAll();
		await Promise.all(emits);
		expect([channels.size, emgr.getListeners()]).toEqual([0, []]);
		const left = [await full.receive(), await full.receive(), await full.receive()];
		expect(left.map((event) => event?.params.n)).toEqual([1, 2, undefined]);
		expect([await receiving, await next]).toMatchObject([undefined, { code: "channel_closed" }]);
	});

	it("leave nothing behind: not 1 000 times subscribed, received and closed", async () => {
		const { emgr, channels } = opened();
		const before = queryObjects(Channel);
		await useThousandChannels(emgr, channels);
		expect([emgr.getListeners(), channels.size, emgr.has(Plain)]).toEqual([[], 0, false]);
		expect(queryObjects(Channel)).toBe(before);
	});
});

async function useThousandChannels(emgr: EventManager, channels: Channels): Promise<void> {
	const { signal } = new AbortController();
	for (let n = 0; n < 1000; n++) {
		const channel = channels.subscribe<Plain>(n % 2 === 0 ? Plain : "pl*", { signal });
		const other = channels.subscribe<Other>(Other, { buffer: 1, overflow: "wait" });
		const next = channels.next<Plain>(Plain, { timeout: 60_000, signal });
		const received = [channel.receive({ timeout: 60_000, signal }), channel.receive()];
		await emgr.emit(new Plain({ n }));
		await emgr.emit(new Plain({ n: -n }));
		const heard = [await next, await received[0], await received[1]];
		expect(heard.map((event) => event?.params.n)).toEqual([n, n, -n]);
		await failure(() => select([channel, other], { signal: AbortSignal.abort() }));
		channel.close();
		other.close();
	}
	await emgr.emit(new Plain({ n: 0 }));
	await emgr.emit(new Other());
}
