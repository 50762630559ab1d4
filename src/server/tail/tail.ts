import { isAppError } from "../../kernel/error.ts";
import type { AnyEvent } from "../../events/event-class.ts";
import type { Channel } from "../../events/channel/channel.ts";

/** Milliseconds without an event after which a blank line says that the server is still there. */
const HEARTBEAT = 15_000;
/** Milliseconds that a reader has to take the end, before it is cut off. */
const GRACE = 1_000;

type Controller = ReadableStreamDefaultController<Uint8Array>;

/** What a {@link Tail} is made with. */
export interface TailOptions {
	readonly channel: Channel;
	/** The line of an event, without its end. */
	readonly line: (event: AnyEvent) => string;
	/** Called once, when nobody reads any more or nothing is left to read. */
	readonly onEnd: () => void;
}

/**
 * The events of a channel as lines. A line is made when the reader asks for it, so that a slow one
 * holds at most what the channel buffers; what it loses is told as `{"dropped": n}`. The first line is
 * blank: who has read it misses nothing from then on.
 */
export class Tail {
	readonly stream: ReadableStream<Uint8Array>;
	readonly #options: TailOptions;
	readonly #encoder = new TextEncoder();
	#controller: Controller | undefined;
	/** How many lost events were told. */
	#told = 0;
	#state: "open" | "ending" | "ended" = "open";
	#cut: ReturnType<typeof setTimeout> | undefined;

	constructor(options: TailOptions) {
		this.#options = options;
		this.stream = new ReadableStream<Uint8Array>(
			{
				start: (controller) => {
					this.#controller = controller;
					this.#write("");
				},
				pull: () =>
					this.#pull().catch((error: unknown) => {
						this.#finish();
						throw error;
					}),
				cancel: () => this.#finish(),
			},
			{ highWaterMark: 0 },
		);
	}

	/** Ends it at once, whatever is buffered; a reader that does not read is cut off soon after. */
	end(): void {
		if (this.#state !== "open") return;
		this.#state = "ending";
		this.#cut = setTimeout(() => {
			this.#controller?.error(new Error("A reader of events did not take their end."));
			this.#finish();
		}, GRACE);
		// Whoever waits for the next event is woken, and finds that this has ended.
		this.#options.channel.close();
	}

	async #pull(): Promise<void> {
		const { channel, line } = this.#options;
		const event = await this.#next();
		if (this.#state === "ended") return;
		if (event === "none yet") return this.#write("");
		if (event === undefined || this.#state === "ending") {
			this.#controller?.close();
			return this.#finish();
		}
		const lost = channel.dropped - this.#told;
		this.#told += lost;
		this.#write(lost === 0 ? line(event) : `${JSON.stringify({ dropped: lost })}\n${line(event)}`);
	}

	async #next(): Promise<AnyEvent | "none yet" | undefined> {
		if (this.#state !== "open") return undefined;
		try {
			return await this.#options.channel.receive({ timeout: HEARTBEAT });
		} catch (error) {
			if (isAppError(error) && error.code === "channel_timeout") return "none yet";
			throw error;
		}
	}

	#write(line: string): void {
		this.#controller?.enqueue(this.#encoder.encode(`${line}\n`));
	}

	#finish(): void {
		if (this.#state === "ended") return;
		this.#state = "ended";
		if (this.#cut !== undefined) clearTimeout(this.#cut);
		this.#options.channel.close();
		this.#options.onEnd();
	}
}
