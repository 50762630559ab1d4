import { eventErrors } from "../errors.ts";
import type { AnyEvent } from "../event-class.ts";
import { matchRef } from "../match-ref.ts";
import type { Recording } from "../recording.ts";
import type { Redact } from "../redact-url.ts";
import { copySnapshot, snapshot } from "../snapshot.ts";
import type { EventRecord, HistoryOptions, HistoryQuery } from "./event-record.ts";

/** The last events of a manager, in memory: a ring of copies, which nothing can change. */
export class EventHistory {
	readonly #ring: EventRecord[] = [];
	readonly #size: number;
	readonly #redact: Redact;
	/** Where the next record goes, which is where the oldest one is. */
	#next = 0;

	/** @throws {EventError} `bad_history`, `bad_pattern`, `unknown_event`. */
	constructor(options: HistoryOptions, record: Recording) {
		const { size = 1000, topics = "**", redact = [] } = options;
		if (!Number.isSafeInteger(size) || size < 1) {
			throw badHistory(`its size is ${String(size)}, not a whole number of 1 or more`);
		}
		if (!Array.isArray(redact) || redact.some((name) => typeof name !== "string")) {
			throw badHistory("redact is not a list of names");
		}
		this.#size = size;
		const names = new Set(redact.map((name: string) => name.toLowerCase()));
		this.#redact = (name) => names.has(name.toLowerCase());
		record(topics, (event, slug) => this.#add(event, slug), { id: "events:history" });
	}

	/**
	 * The last records that a query asks for, oldest first, in the order in which they were recorded.
	 * They are copies anew: a Date in them is the caller's own.
	 *
	 * @throws {EventError} `bad_history`, `bad_pattern`.
	 */
	query({ ref = "**", limit = 100, since, path }: HistoryQuery = {}): readonly EventRecord[] {
		if (typeof limit !== "number" || !(limit >= 0)) {
			throw badHistory(`a limit of ${String(limit)} is not a number of 0 or more`);
		}
		const start = since === undefined ? -Infinity : Number(since);
		if (Number.isNaN(start)) throw badHistory("since is neither a date nor milliseconds");
		const matches = matchRef(ref);
		const found: EventRecord[] = [];
		const ring = this.#ring;
		for (let back = 1; back <= ring.length && found.length + 1 <= limit; back++) {
			const record = ring[(this.#next - back + ring.length) % ring.length] as EventRecord;
			if (record.time < start || (path !== undefined && record.path !== path)) continue;
			if (matches(record.slug, record.topic)) found.push(copyOf(record));
		}
		return Object.freeze(found.reverse());
	}

	#add(event: AnyEvent, slug: string): void {
		const { id, time, actor, meta } = event.context;
		const { path } = event;
		const redact = this.#redact;
		this.#ring[this.#next] = Object.freeze({
			id,
			slug,
			topic: event.topic,
			...(path === undefined ? {} : { path }),
			time,
			params: snapshot(event.params, redact),
			...(actor === undefined ? {} : { actor: snapshot(actor, redact) }),
			meta: snapshot(meta, redact) as EventRecord["meta"],
		});
		this.#next = (this.#next + 1) % this.#size;
	}
}

function copyOf(record: EventRecord): EventRecord {
	const { params, actor, meta } = record;
	return Object.freeze({
		...record,
		params: copySnapshot(params),
		...(actor === undefined ? {} : { actor: copySnapshot(actor) }),
		meta: copySnapshot(meta),
	});
}

function badHistory(reason: string): Error {
	return eventErrors.create("bad_history", { reason });
}
