import type { EventEnvelope } from "../events/bridge/envelope.ts";
import type { EventAdapter } from "../events/bridge/event-adapter.ts";
import type { Maybe } from "../kernel/maybe.ts";

/** A transport under test: it makes as many ends of it as a case asks for. */
export interface BusUnderTest {
	/** Another end, as another process would have it. */
	adapter(): Maybe<EventAdapter>;
	/** Called when a case is over, passed or failed. */
	stop?(): Maybe<void>;
}

/** An end of the bus, and what has come in. */
export interface End {
	readonly adapter: EventAdapter;
	readonly received: EventEnvelope[];
	unsubscribe: unknown;
	/** Told when something has come in. */
	onReceived: () => void;
}

/** The ends of a bus that a case uses. */
export class BusEnds {
	readonly #bus: BusUnderTest;
	readonly #timeout: number;
	readonly #adapters: EventAdapter[] = [];

	constructor(bus: BusUnderTest, timeout: number) {
		this.#bus = bus;
		this.#timeout = timeout;
	}

	async adapter(): Promise<EventAdapter> {
		const adapter = await this.#bus.adapter();
		this.#adapters.push(adapter);
		return adapter;
	}

	/** An end that keeps what comes in. */
	async open(): Promise<End> {
		const adapter = await this.adapter();
		const end: End = { adapter, received: [], unsubscribe: undefined, onReceived: () => {} };
		if (adapter.subscribe === undefined) throw new Error("The adapter cannot subscribe.");
		end.unsubscribe = await adapter.subscribe((input) => {
			end.received.push((typeof input === "string" ? JSON.parse(input) : input) as EventEnvelope);
			end.onReceived();
		});
		return end;
	}

	/** Resolves once so many envelopes have come in. */
	received(end: End, count: number): Promise<void> {
		const wait = new Promise<void>((resolve) => {
			end.onReceived = () => {
				if (end.received.length >= count) resolve();
			};
			end.onReceived();
		});
		return this.within(wait, () => `${count} envelopes to come in; ${end.received.length} did`);
	}

	/** What `work` becomes, or a rejection that says what was expected. */
	async within<T>(work: Promise<T>, expected: () => string): Promise<T> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<never>((_, reject) => {
			const fail = (): void =>
				reject(new Error(`Expected ${expected()} within ${this.#timeout} ms.`));
			timer = setTimeout(fail, this.#timeout);
		});
		try {
			return await Promise.race([work, late]);
		} finally {
			if (timer !== undefined) clearTimeout(timer);
		}
	}

	async close(): Promise<void> {
		for (const adapter of this.#adapters) await ignoringErrors(() => adapter.stop?.());
		await this.#bus.stop?.();
	}
}

async function ignoringErrors(call: () => unknown): Promise<void> {
	try {
		await call();
	} catch {
		// The case has said what there is to say.
	}
}
