import { isPlainObject } from "../../kernel/json.ts";
import { eventErrors } from "../errors.ts";
import type { AnyEvent } from "../event-class.ts";
import { checkEventName } from "../pattern.ts";
import { snapshot } from "../snapshot.ts";

/** Characters of an envelope as text. */
const MAX_TEXT = 256 * 1024;
const MAX_ATTRIBUTE = 256;
const MAX_PATH = 1024;
/** A chain of causes as text, and one id in it. */
const MAX_CAUSATION = 8 * 1024;
const MAX_CAUSE = 128;
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
/** What would end a line of a log, or steer a terminal. */
const CONTROL = /[\p{Cc}\u2028\u2029]/gu;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\b/i;

/** An event on its way to another process: a CloudEvents 1.0 event, and plain JSON. */
export interface EventEnvelope {
	readonly specversion: "1.0";
	readonly id: string;
	/** Who published it. */
	readonly source: string;
	/** The slug. */
	readonly type: string;
	/** The path, if there is one. */
	readonly subject?: string;
	/** RFC 3339. */
	readonly time: string;
	readonly datacontenttype: "application/json";
	/** The params; left out when there are none. */
	readonly data?: unknown;
	readonly topic: string;
	/** The manager that published it, so that it knows its own echo. */
	readonly origin: string;
	/** The listeners that led to it, as JSON in a string: the id of the first event, then theirs. */
	readonly causation?: string;
}

/** What an envelope from outside says, once it has been checked. */
export interface ReceivedEnvelope {
	readonly id: string;
	readonly source: string;
	readonly type: string;
	readonly path: string | undefined;
	/** Milliseconds since the epoch; undefined when it does not say. */
	readonly time: number | undefined;
	readonly data: unknown;
	readonly origin: string | undefined;
	/** The id of the first event, then those of the listeners; empty when nothing caused it. */
	readonly causes: readonly string[];
}

/**
 * Puts an event into an envelope.
 *
 * @throws {EventError} `bad_envelope` when it is over 256 KiB, or its path is too long.
 */
export function toEnvelope(
	event: AnyEvent,
	{ source, origin }: { readonly source: string; readonly origin: string },
): EventEnvelope {
	const { context, path } = event;
	const { rootId, path: listeners } = context.causation;
	const text = JSON.stringify(
		{
			specversion: "1.0",
			id: context.id,
			source,
			type: event.slug,
			subject: path,
			time: new Date(context.time).toISOString(),
			datacontenttype: "application/json",
			data: snapshot(event.params),
			topic: event.topic,
			origin,
			causation:
				listeners.length === 0 ? undefined : JSON.stringify([rootId, ...listeners].map(causeName)),
		},
		(_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
	);
	const envelope = parse(text) as EventEnvelope;
	attribute({ ...envelope }, "subject", MAX_PATH);
	return envelope;
}

/**
 * Reads an envelope that comes from outside, as text or as an object. Nothing of it is trusted.
 *
 * @param maxDepth how many listeners may have led to it.
 * @throws {EventError} `bad_envelope`.
 */
export function readEnvelope(input: unknown, maxDepth: number): ReceivedEnvelope {
	const envelope = parse(typeof input === "string" ? input : textOf(input));
	if (!isPlainObject(envelope)) throw bad("it is not an object");
	if (envelope.specversion !== "1.0") throw bad("its specversion is not 1.0");
	const type = required(envelope, "type");
	try {
		checkEventName(type);
	} catch (error) {
		throw bad((error as Error).message);
	}
	const contentType = attribute(envelope, "datacontenttype");
	if ((contentType && !JSON_TYPE.test(contentType)) || "data_base64" in envelope) {
		throw bad("its data is not JSON");
	}
	const time = attribute(envelope, "time");
	if (time !== undefined && !(TIME.test(time) && Date.parse(time) > -Infinity)) {
		throw bad("its time is not one of RFC 3339");
	}
	return {
		id: required(envelope, "id"),
		source: required(envelope, "source"),
		type,
		path: attribute(envelope, "subject", MAX_PATH),
		time: time === undefined ? undefined : Date.parse(time),
		data: envelope.data,
		origin: attribute(envelope, "origin"),
		causes: readCauses(attribute(envelope, "causation", MAX_CAUSATION), maxDepth),
	};
}

function readCauses(text: string | undefined, maxDepth: number): readonly string[] {
	if (text === undefined) return [];
	const causes = parse(text);
	if (!Array.isArray(causes) || causes.length > maxDepth + 1 || !causes.every(isCause)) {
		throw bad(`its causation is not a list of at most ${maxDepth} listeners`);
	}
	return causes;
}

function causeName(id: string): string {
	return id.slice(0, MAX_CAUSE).replace(CONTROL, " ");
}

function isCause(value: unknown): value is string {
	return typeof value === "string" && value.length <= MAX_CAUSE && !hasControls(value);
}

/** Whether a text could forge lines of a log. */
export function hasControls(text: string): boolean {
	return text.search(CONTROL) >= 0;
}

function required(envelope: Readonly<Record<string, unknown>>, name: string): string {
	const value = attribute(envelope, name);
	if (value === undefined) throw bad(`it has no ${name}`);
	return value;
}

function attribute(
	envelope: Readonly<Record<string, unknown>>,
	name: string,
	most = MAX_ATTRIBUTE,
): string | undefined {
	const value = envelope[name];
	if (value === undefined || value === null) return undefined;
	if (typeof value === "string" && value !== "" && value.length <= most && !hasControls(value)) {
		return value;
	}
	throw bad(`its ${name} is not a text of 1 to ${most} characters without control characters`);
}

function textOf(input: unknown): string {
	try {
		return JSON.stringify(input) ?? "";
	} catch {
		return "";
	}
}

function parse(text: string): unknown {
	if (text.length > MAX_TEXT) throw bad(`it is longer than ${MAX_TEXT} characters`);
	try {
		return JSON.parse(text);
	} catch {
		throw bad("it is not JSON");
	}
}

function bad(reason: string): Error {
	return eventErrors.create("bad_envelope", { reason });
}
