import { isPromise } from "../../kernel/maybe.ts";
import type { Maybe } from "../../kernel/maybe.ts";
import { eventErrors } from "../errors.ts";
import type { AnyEvent, EventClass } from "../event-class.ts";
import type { EventCore } from "../event-core.ts";
import type { EventRef } from "../event-ref.ts";
import type { ListenerContext } from "../listener-context.ts";
import { isLocalName } from "../local-events.ts";
import { matchRef } from "../match-ref.ts";
import { Pattern } from "../pattern.ts";
import { classOf } from "../plan.ts";
import type { Recording } from "../recording.ts";
import type { Subscription } from "../subscription.ts";
import { readEnvelope, toEnvelope } from "./envelope.ts";
import type { BridgeOptions, EndSubscription, EventAdapter } from "./event-adapter.ts";
import type { RemoteEvents } from "./remote-events.ts";

/** Publishes that may be under way at a time; what a transport that hangs would pile up. */
const MAX_IN_FLIGHT = 1000;
/** Milliseconds that a bridge has to end. */
const CLOSE_TIMEOUT = 1000;
/** What may be a URI reference, in which no space and no quote is. */
const SOURCE = /^[\w\-.~:/?#[\]@!$&'()*+,;=%]{1,256}$/;

/** What a bridge needs of its manager. */
export interface BridgeHost {
	readonly core: EventCore;
	readonly record: Recording;
	readonly remote: RemoteEvents;
	readonly number: number;
	/** Which manager publishes. */
	origin(): string;
	closed(bridge: Bridge): void;
}

/** How much went over a bridge. */
export interface BridgeCounts {
	readonly published: number;
	/** Events of others that were let in. */
	readonly received: number;
	/** Failures of the adapter, and envelopes that were refused. */
	readonly failed: number;
}

/**
 * A connection of a manager to others, through an adapter; made by `emgr.connect()`. With `await
 * using` it is closed at the end of the block.
 */
export class Bridge implements AsyncDisposable {
	/** Names it in logs. */
	readonly id: string;
	/**
	 * Resolves when events of others come in. Rejects with `adapter_failed` when subscribing failed,
	 * which is logged in any case: nobody has to wait for it.
	 */
	readonly ready: Promise<void>;
	readonly #host: BridgeHost;
	readonly #adapter: EventAdapter;
	readonly #source: string;
	readonly #lets: (slug: string, topic: string) => boolean;
	readonly #subscription: Subscription;
	readonly #inFlight = new Set<Promise<unknown>>();
	readonly #counts = { published: 0, received: 0, failed: 0 };
	#end: EndSubscription | undefined;
	/** Milliseconds that its end may take. */
	#timeout = CLOSE_TIMEOUT;
	/** Set once its listener is removed, by whomever. */
	#closing: Promise<void> | undefined;

	/** @throws {EventError} `bad_adapter`, `bad_pattern`, `unknown_event`. */
	constructor(adapter: EventAdapter, options: BridgeOptions, host: BridgeHost) {
		const { publish, receive = publish, source = "burdock" } = options;
		if (typeof adapter?.publish !== "function") throw badAdapter("it has no publish function");
		if (!SOURCE.test(source))
			throw badAdapter(`the source "${source}" is neither a URI nor a path`);
		this.id = `bridge:${source}#${host.number}`;
		this.#host = host;
		this.#adapter = adapter;
		this.#source = source;
		this.#lets = matchRef(receive);
		for (const ref of [publish, receive]) checkTravels(ref, host.core);
		this.#subscription = host.record(
			publish,
			(event, _, ctx, settle) => this.#publish(event, ctx, settle),
			{ id: this.id, ended: () => (this.#closing = this.#close(this.#timeout)) },
		);
		this.ready = this.#subscribe();
		this.ready.catch((error: unknown) => this.#report("An adapter failed.", error));
	}

	/** False once it was closed, or the listeners of whoever connected it were removed. */
	get active(): boolean {
		return this.#subscription.active;
	}

	/** How much went over it so far. */
	get counts(): BridgeCounts {
		return { ...this.#counts };
	}

	/**
	 * Ends it: nothing goes out or comes in any more, what is being published is waited for, the
	 * adapter is stopped. It never rejects. A second call changes nothing.
	 *
	 * @param options `timeout`: milliseconds that all of this may take at most; default 1 000.
	 */
	close({ timeout = CLOSE_TIMEOUT }: { readonly timeout?: number } = {}): Promise<void> {
		this.#timeout = timeout;
		this.#subscription.unsubscribe();
		return this.#closing ?? Promise.resolve();
	}

	[Symbol.asyncDispose](): Promise<void> {
		return this.close();
	}

	#publish(
		event: AnyEvent,
		ctx: ListenerContext,
		settle: "settle" | undefined,
	): Promise<void> | undefined {
		const { remote, origin } = this.#host;
		if (classOf(event).local || remote.has(event)) return undefined;
		let sent: Maybe<unknown>;
		try {
			if (this.#inFlight.size >= MAX_IN_FLIGHT) {
				throw new Error(`${MAX_IN_FLIGHT} publishes have not ended.`);
			}
			sent = this.#adapter.publish(toEnvelope(event, { source: this.#source, origin: origin() }));
		} catch (cause) {
			throw this.#failed(`publish "${event.slug}"`, cause);
		}
		if (!isPromise(sent)) {
			this.#counts.published++;
			return undefined;
		}
		const work = Promise.resolve(sent).then(
			() => void this.#counts.published++,
			(cause: unknown) => {
				throw this.#failed(`publish "${event.slug}"`, cause);
			},
		);
		ctx.defer(work);
		const settled: Promise<void> = work
			.catch(() => {})
			.then(() => void this.#inFlight.delete(settled));
		this.#inFlight.add(settled);
		return settle === undefined ? undefined : settled;
	}

	async #subscribe(): Promise<void> {
		try {
			const end = await this.#adapter.subscribe?.((envelope) => this.#receive(envelope));
			if (typeof end !== "function") return;
			if (this.#closing === undefined) this.#end = end;
			else await end();
		} catch (cause) {
			throw this.#failed("subscribe", cause);
		}
	}

	#receive(input: unknown): void {
		if (!this.active) return;
		const { core, remote, origin } = this.#host;
		try {
			const envelope = readEnvelope(input, core.settings.maxDepth);
			if (envelope.origin === origin()) return;
			const event = remote.revive(envelope, this.#lets);
			if (event === undefined) return;
			this.#counts.received++;
			const work = remote.deliver(event, envelope).catch((error: unknown) => {
				this.#report("An event from outside was aborted.", error, event.slug);
			});
			core.started(work);
		} catch (error) {
			this.#counts.failed++;
			this.#report("An envelope was dropped.", error);
		}
	}

	async #close(timeout: number): Promise<void> {
		let timer: ReturnType<typeof setTimeout> | undefined;
		const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, timeout)));
		await Promise.race([Promise.all(this.#inFlight), late]);
		await Promise.race([this.#stop(), late]);
		if (timer !== undefined) clearTimeout(timer);
		this.#host.closed(this);
	}

	async #stop(): Promise<void> {
		const stopping = [() => this.#end?.(), () => this.#adapter.stop?.()];
		for (const stop of stopping) {
			try {
				await stop();
			} catch (cause) {
				this.#report("An adapter failed.", this.#failed("stop", cause));
			}
		}
	}

	#failed(task: string, cause: unknown): Error {
		this.#counts.failed++;
		return eventErrors.create("adapter_failed", { bridge: this.id, task }, { cause });
	}

	#report(message: string, error: unknown, event?: string): void {
		const { logger } = this.#host.core.settings;
		logger.error(message, { bridge: this.id, ...(event === undefined ? {} : { event }), error });
	}
}

/** Refuses what would never go out or come in. A glob may match it, which then leaves it out. */
function checkTravels(ref: EventRef, { index }: EventCore): void {
	for (const one of [ref as string | EventClass].flat()) {
		const isClass = typeof one === "function";
		const local = isClass
			? one.local
			: Pattern.parse(one).literal && isLocalName(one, index.classes);
		if (!local) continue;
		const name = isClass ? one.slug : one;
		throw badAdapter(`"${name}" means something only in the process in which it happens`);
	}
}

function badAdapter(reason: string): Error {
	return eventErrors.create("bad_adapter", { reason });
}
