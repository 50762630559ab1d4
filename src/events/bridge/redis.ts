import type { EventAdapter } from "./event-adapter.ts";

type MessageListener = (message: string) => void;

/** What a client of `redis` (node-redis) has, so that one which is not connected yet can be. */
interface RedisClient {
	readonly isOpen?: boolean;
	connect?(): Promise<unknown>;
	destroy?(): void;
}

/** What publishes: a client of `redis` (node-redis), or anything with this method. */
export interface RedisPublisher extends RedisClient {
	publish(channel: string, message: string): Promise<unknown>;
}

/** What subscribes: another such client, because one that subscribes may do nothing else. */
export interface RedisSubscriber extends RedisClient {
	subscribe(channel: string, listener: MessageListener): Promise<unknown>;
	unsubscribe(channel: string, listener: MessageListener): Promise<unknown>;
}

/** The clients of {@link redisAdapter}. Those that you connect are yours to close. */
export interface RedisAdapterOptions {
	readonly publisher: RedisPublisher;
	readonly subscriber: RedisSubscriber;
	/** The Redis channel that all processes share. Default: `"burdock.events"`. */
	readonly channel?: string;
}

/**
 * Carries events by Redis' publish and subscribe. An event reaches the processes that are connected
 * when it is published, once or, when the connection breaks, not at all; node-redis reconnects and
 * subscribes again by itself.
 *
 * Clients that are not connected yet are connected with the bridge, and end with it.
 *
 * Give both clients an `error` listener, without which Node ends the process when a connection
 * breaks, and the publisher `disableOfflineQueue: true`: it then fails at once while Redis is away.
 *
 * @example
 * ```ts
 * const publisher = createClient({ url, disableOfflineQueue: true }).on("error", console.error);
 * const subscriber = createClient({ url }).on("error", console.error);
 * app.emgr.connect(redisAdapter({ publisher, subscriber }), { publish: "order.**" });
 * ```
 */
export function redisAdapter({
	publisher,
	subscriber,
	channel = "burdock.events",
}: RedisAdapterOptions): EventAdapter {
	const listeners = new Set<MessageListener>();
	const opened = new Set<RedisClient>();
	const open = async (client: RedisClient): Promise<void> => {
		if (client.isOpen !== false || !client.connect) return;
		opened.add(client);
		await client.connect();
	};
	/** Ends a client that was connected here; false if it was not. One that waits for Redis ends, too. */
	const leave = (client: RedisClient): boolean => {
		if (!opened.delete(client)) return false;
		if (client.isOpen) client.destroy?.();
		return true;
	};
	const end = async (listener: MessageListener): Promise<void> => {
		if (!listeners.delete(listener)) return;
		if (listeners.size > 0 || !leave(subscriber)) await subscriber.unsubscribe(channel, listener);
	};
	return {
		publish: (envelope) => publisher.publish(channel, JSON.stringify(envelope)),
		async subscribe(receive) {
			await Promise.all([open(publisher), open(subscriber)]);
			const listener: MessageListener = (message) => receive(message);
			listeners.add(listener);
			await subscriber.subscribe(channel, listener);
			return () => end(listener);
		},
		async stop() {
			await Promise.all(Array.from(listeners, end));
			leave(publisher);
			leave(subscriber);
		},
	};
}
