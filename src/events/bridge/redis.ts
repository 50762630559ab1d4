import type { EventAdapter } from "./event-adapter.ts";

type MessageListener = (message: string) => void;

/** What publishes: a client of `redis` (node-redis), or anything with this method. */
export interface RedisPublisher {
	publish(channel: string, message: string): Promise<unknown>;
}

/** What subscribes: another such client, because one that subscribes may do nothing else. */
export interface RedisSubscriber {
	subscribe(channel: string, listener: MessageListener): Promise<unknown>;
	unsubscribe(channel: string, listener: MessageListener): Promise<unknown>;
}

/** The clients of {@link redisAdapter}; they are yours to connect and to close. */
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
 * Give both clients an `error` listener, without which Node ends the process when a connection
 * breaks, and the publisher `disableOfflineQueue: true`: it then fails at once while Redis is away.
 *
 * @example
 * ```ts
 * const publisher = createClient({ url, disableOfflineQueue: true }).on("error", console.error);
 * const subscriber = createClient({ url }).on("error", console.error);
 * await Promise.all([publisher.connect(), subscriber.connect()]);
 * app.emgr.connect(redisAdapter({ publisher, subscriber }), { publish: "order.**" });
 * ```
 */
export function redisAdapter({
	publisher,
	subscriber,
	channel = "burdock.events",
}: RedisAdapterOptions): EventAdapter {
	const listeners = new Set<MessageListener>();
	const end = async (listener: MessageListener): Promise<void> => {
		if (listeners.delete(listener)) await subscriber.unsubscribe(channel, listener);
	};
	return {
		publish: (envelope) => publisher.publish(channel, JSON.stringify(envelope)),
		async subscribe(receive) {
			const listener: MessageListener = (message) => receive(message);
			listeners.add(listener);
			await subscriber.subscribe(channel, listener);
			return () => end(listener);
		},
		async stop() {
			await Promise.all(Array.from(listeners, end));
		},
	};
}
