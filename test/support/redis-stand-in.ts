type MessageListener = (message: string) => void;

const channels = new Map<string, Set<MessageListener>>();

/** What `createClient` of `redis` gives, for one process: no server is asked. */
export function createClient() {
	const client = {
		on: () => client,
		connect: () => Promise.resolve(client),
		close: () => Promise.resolve(),
		publish(channel: string, message: string): Promise<number> {
			const listeners = channels.get(channel) ?? new Set();
			for (const listener of listeners) queueMicrotask(() => listener(message));
			return Promise.resolve(listeners.size);
		},
		subscribe(channel: string, listener: MessageListener): Promise<void> {
			channels.set(channel, (channels.get(channel) ?? new Set()).add(listener));
			return Promise.resolve();
		},
		unsubscribe(channel: string, listener: MessageListener): Promise<void> {
			channels.get(channel)?.delete(listener);
			return Promise.resolve();
		},
	};
	return client;
}
