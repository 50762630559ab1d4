import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createClient } from "redis";
import { redisAdapter } from "../../../src/events/bridge/redis.ts";
import type { AnyEvent, EventAdapter } from "../../../src/events/index.ts";
import { adapterConformance } from "../../../src/testing/index.ts";
import type { BusUnderTest } from "../../../src/testing/index.ts";
import { HAS_REDIS, RedisServer } from "../../support/redis-server.ts";
import { RunningCommand } from "../../support/running-command.ts";
import { manager, signal } from "../stand-ins.ts";

const where = HAS_REDIS ? "" : " (skipped: there is no redis-server on the PATH)";

describe.skipIf(!HAS_REDIS)(`Redis as a transport${where}`, () => {
	let server: RedisServer;

	beforeAll(async () => {
		server = await RedisServer.start();
	});

	afterAll(() => server.kill());

	/** A client, and what ends it. Redis may go away: that is not an error of the test. */
	function newClient(options: { readonly disableOfflineQueue?: boolean } = {}) {
		const socket = { reconnectStrategy: () => 10 };
		return createClient({ url: server.url, socket, ...options }).on("error", () => {});
	}

	/** Ends of one channel, as many as are asked for. */
	function bus(channel?: string): BusUnderTest & { adapter(): Promise<EventAdapter> } {
		const clients: ReturnType<typeof newClient>[] = [];
		return {
			async adapter() {
				const [publisher, subscriber] = [newClient({ disableOfflineQueue: true }), newClient()];
				clients.push(publisher, subscriber);
				await Promise.all([publisher.connect(), subscriber.connect()]);
				return redisAdapter({ publisher, subscriber, ...(channel ? { channel } : {}) });
			},
			stop() {
				for (const client of clients) client.destroy();
			},
		};
	}

	/** Managers that are connected with each other, for the time of a test. */
	async function connected(count: number, channel?: string) {
		const { adapter, stop } = bus(channel);
		onTestFinished(() => stop?.());
		const managers = Array.from({ length: count }, () => manager());
		for (const { emgr } of managers) {
			await emgr.connect(await adapter(), { publish: "order.*" }).ready;
		}
		return managers;
	}

	it.each(adapterConformance(() => bus("conformance")))("$name", ({ run }) => run());

	it("connects two managers of one process, in both directions", async () => {
		const [a, b] = (await connected(2)).map(({ emgr }) => emgr);
		const heard: string[] = [];
		a?.on("order.*", (event) => void heard.push(`a ${event.slug}`), "sync");
		b?.on("order.*", (event) => void heard.push(`b ${event.slug}`), "sync");
		const [paid, shipped] = [b?.next("order.paid"), a?.next("order.shipped")];
		await a?.emit("order.paid", { n: 1 });
		await paid;
		await b?.emit("order.shipped", { n: 1 });
		expect((await shipped)?.context.meta).toMatchObject({ source: "burdock" });
		expect(heard).toEqual(["a order.paid", "b order.paid", "b order.shipped", "a order.shipped"]);
	});

	it("connects clients that nobody has connected, and ends them with the bridge", async () => {
		const [publisher, subscriber] = [newClient({ disableOfflineQueue: true }), newClient()];
		const [a, b] = [manager(), (await connected(1))[0]];
		const bridge = a.emgr.connect(redisAdapter({ publisher, subscriber }), { publish: "order.*" });
		await bridge.ready;
		const [paid, shipped] = [b?.emgr.next("order.paid"), a.emgr.next("order.shipped")];
		await a.emgr.emit("order.paid", { n: 1 });
		expect((await paid)?.params).toEqual({ n: 1 });
		await b?.emgr.emit("order.shipped", { n: 2 });
		expect((await shipped).params).toEqual({ n: 2 });
		await bridge.close();
		expect([publisher.isOpen, subscriber.isOpen]).toEqual([false, false]);
		expect(a.log.lines).toEqual([]);
	});

	it("leaves clients open that were connected before", async () => {
		const [publisher, subscriber] = [newClient(), newClient()];
		onTestFinished(() => [publisher, subscriber].forEach((client) => client.destroy()));
		await Promise.all([publisher.connect(), subscriber.connect()]);
		const { emgr } = manager();
		const bridge = emgr.connect(redisAdapter({ publisher, subscriber }), { publish: "order.*" });
		await bridge.ready;
		await bridge.close();
		expect([publisher.isOpen, subscriber.isOpen]).toEqual([true, true]);
	});

	it("can be closed while it waits for a Redis that is away", async () => {
		const away = createClient({ url: "redis://127.0.0.1:1" }).on("error", () => {});
		const { emgr, log } = manager();
		const adapter = redisAdapter({ publisher: away, subscriber: away });
		const bridge = emgr.connect(adapter, { publish: "order.*" });
		await bridge.close();
		await expect(bridge.ready).rejects.toMatchObject({ code: "adapter_failed" });
		expect(away.isOpen).toBe(false);
		expect(log.of("error")).toEqual(["An adapter failed."]);
	});

	it("keeps to its channel", async () => {
		const [a] = await connected(1, "one");
		const [b] = await connected(1, "two");
		const [c] = await connected(1, "one");
		let heard = 0;
		b?.emgr.on("order.paid", () => void heard++, "sync");
		const paid = c?.emgr.next("order.paid");
		await a?.emgr.emit("order.paid", {});
		await paid;
		expect(heard).toBe(0);
	});

	it("connects two processes", async () => {
		const { adapter, stop } = bus();
		onTestFinished(() => stop?.());
		const peer = new RunningCommand(
			process.execPath,
			["test/events/bridge/redis-peer.ts", server.url],
			{ cwd: process.cwd(), env: process.env },
		);
		onTestFinished(async () => void (await peer.stop()));
		await peer.printed("ready");
		const { emgr } = manager();
		const bridge = emgr.connect(await adapter(), {
			publish: "peer.asked",
			receive: "peer.answered",
		});
		await bridge.ready;
		const answered = emgr.next("peer.answered");
		const asked = await emgr.emit("peer.asked", { n: 1 });
		const { params, context } = await answered;
		expect(params).toEqual({ n: 2, pid: expect.any(Number) });
		expect((params as { pid: number }).pid).not.toBe(process.pid);
		expect(context.meta).toMatchObject({ source: "/peer" });
		expect(context.causation).toMatchObject({ rootId: asked.context.id, depth: 1 });
	});

	it("is silent to what others write into the channel", async () => {
		const [a, b] = await connected(2);
		const client = await newClient().connect();
		onTestFinished(() => client.destroy());
		const paid = a?.emgr.next("order.paid");
		for (const text of ["", "{", "[]", JSON.stringify({ specversion: "1.0" })]) {
			await client.publish("burdock.events", text);
		}
		await b?.emgr.emit("order.paid", {});
		await paid;
		expect(a?.log.of("error")).toEqual(Array.from({ length: 4 }, () => "An envelope was dropped."));
	});

	it("goes on when the server was killed and is back; until then events stay local", async () => {
		const own = await RedisServer.start();
		onTestFinished(() => own.kill());
		const clients = [0, 1].map((end) => {
			const made = ["publisher", "subscriber"].map((role) => {
				const disableOfflineQueue = role === "publisher";
				const socket = { reconnectStrategy: () => 10 };
				return createClient({ url: own.url, socket, disableOfflineQueue }).on("error", () => {});
			});
			return { end, publisher: made[0]!, subscriber: made[1]! };
		});
		onTestFinished(() => {
			for (const { publisher, subscriber } of clients) {
				publisher.destroy();
				subscriber.destroy();
			}
		});
		const [a, b] = [manager(), manager()];
		for (const [at, { emgr }] of [a, b].entries()) {
			const { publisher, subscriber } = clients[at]!;
			await Promise.all([publisher.connect(), subscriber.connect()]);
			await emgr.connect(redisAdapter({ publisher, subscriber }), { publish: "order.*" }).ready;
		}
		const local: AnyEvent[] = [];
		a.emgr.on("order.*", (event) => void local.push(event), "sync");
		const first = b.emgr.next("order.paid");
		await a.emgr.emit("order.paid", { n: 1 });
		await first;

		const lost = clients
			.flatMap(({ publisher, subscriber }) => [publisher, subscriber])
			.map(reconnecting);
		await own.kill();
		await Promise.all(lost);
		await a.emgr.emit("order.paid", { n: 2 }, { settle: true });
		expect(local).toHaveLength(2);
		expect(a.log.lines).toMatchObject([{ fields: { error: { code: "adapter_failed" } } }]);

		const back = clients.flatMap(({ publisher, subscriber }) => [publisher, subscriber]).map(ready);
		await own.start();
		await Promise.all(back);
		const second = b.emgr.next("order.paid");
		await a.emgr.emit("order.paid", { n: 3 });
		expect((await second).params).toEqual({ n: 3 });
		expect(b.log.lines).toEqual([]);
	});
});

type Client = { once(event: string, listener: () => void): unknown };

/** Resolves when a client knows that it has lost its connection. */
function reconnecting(client: Client): Promise<void> {
	const { promise, resolve } = signal();
	client.once("reconnecting", resolve);
	return promise;
}

/** Resolves when a client is connected again. */
function ready(client: Client): Promise<void> {
	const { promise, resolve } = signal();
	client.once("ready", resolve);
	return promise;
}
