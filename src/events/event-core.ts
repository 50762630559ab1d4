import type { Logger } from "../kernel/logger.ts";
import type { Clock } from "../kernel/clock.ts";
import type { AsyncContext } from "../kernel/platform.ts";
import type { DeferredQueue, QueueHost } from "./deferred-queue.ts";
import { Dispatcher } from "./dispatcher.ts";
import type { Instrument } from "./instrument.ts";
import type { DispatchScope } from "./dispatcher.ts";
import type { ListenerCall } from "./listener-call.ts";
import type { Listener } from "./listener.ts";
import { ListenerIndex } from "./listener-index.ts";
import type { IndexSettings } from "./listener-index.ts";
import { Reporter } from "./reporter.ts";
import type { FailureObservers } from "./reporter.ts";

/** What a manager was given, defaults filled. */
export interface CoreSettings extends IndexSettings {
	readonly app: () => unknown;
	readonly observers: FailureObservers;
	readonly logger: Logger;
	readonly clock: Clock;
	/** Undefined where no storage holds anything. */
	readonly context: AsyncContext<DispatchScope> | undefined;
	readonly deferral: "macrotask" | "await";
	readonly resolve: ((token: unknown, scope: object | undefined) => unknown) | undefined;
	readonly instrument: Instrument | undefined;
	readonly maxDepth: number;
	readonly maxEmits: number;
}

/** What a manager and its scopes share: the listeners, the loop that calls them, and what is deferred. */
export class EventCore implements QueueHost {
	readonly settings: CoreSettings;
	readonly index: ListenerIndex;
	readonly reporter: Reporter;
	readonly dispatcher: Dispatcher;
	readonly #queues = new Set<DeferredQueue>();
	readonly #running = new Set<Promise<void>>();

	constructor(settings: CoreSettings) {
		this.settings = settings;
		this.index = new ListenerIndex(settings);
		this.reporter = new Reporter(settings.observers, settings.logger, (listener) =>
			listener.info(settings.entityNames),
		);
		const spend = (listener: Listener): void => {
			listener.spent = true;
			this.index.remove(listener);
		};
		this.dispatcher = new Dispatcher(this.reporter, spend, settings);
	}

	/** Deferred calls that have not started, and work that has not ended. */
	get pending(): number {
		let pending = this.#running.size;
		for (const queue of this.#queues) pending += queue.length;
		return pending;
	}

	run(call: ListenerCall): Promise<void> {
		const { context } = this.settings;
		if (context === undefined || context.get() === call.scope) return this.dispatcher.run(call);
		return context.run(call.scope as DispatchScope, () => this.dispatcher.run(call));
	}

	/** Calls async listeners at once and waits for them. */
	async runNow(calls: readonly ListenerCall[]): Promise<void> {
		const running = calls.map((call) => this.run(call));
		for (const work of running) this.started(work);
		await Promise.all(running);
	}

	queued(queue: DeferredQueue): void {
		this.#queues.add(queue);
	}

	emptied(queue: DeferredQueue): void {
		this.#queues.delete(queue);
	}

	started(work: Promise<void>): void {
		this.#running.add(work);
		void work.then(() => this.#running.delete(work));
	}

	/** Starts everything that is deferred anywhere and waits for it, at most until `deadline`. */
	async drain(deadline: Promise<"late">): Promise<boolean> {
		while (this.pending > 0) {
			const flushes = [...this.#queues].map((queue) => queue.flush((work) => Promise.all(work)));
			const all = Promise.all([...flushes, ...this.#running]);
			if ((await Promise.race([all, deadline])) === "late") return false;
		}
		return true;
	}
}
