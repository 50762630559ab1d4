import { CloudEvent } from "cloudevents";
import { describe, expect, it } from "vitest";
import { readEnvelope, toEnvelope } from "../../../src/events/bridge/envelope.ts";
import type { EventEnvelope } from "../../../src/events/index.ts";
import { EventError } from "../../../src/events/index.ts";
import { failure, manager, Plain, posts, Saving } from "../stand-ins.ts";

const sender = { source: "/shop", origin: "0123456789abcdef01234567" };

const valid = {
	specversion: "1.0",
	id: "e1",
	source: "burdock",
	type: "order.paid",
	time: "2026-11-01T12:00:00Z",
	datacontenttype: "application/json",
	data: { id: "a1" },
	topic: "order.paid",
	origin: "o1",
};

function without(name: keyof typeof valid): object {
	return Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name));
}

/** The envelope of an event that is emitted by a name. */
async function envelopeOf(params: unknown, path?: string): Promise<EventEnvelope> {
	const { emgr } = manager({ clock: { now: () => Date.UTC(2026, 10, 1, 12) } });
	const options = path === undefined ? {} : { path };
	return toEnvelope(await emgr.emit("order.paid", params, options), sender);
}

describe("an envelope", () => {
	it("is a CloudEvent that the official SDK takes", async () => {
		const { emgr } = manager();
		const envelopes: EventEnvelope[] = [];
		emgr.onEvent(
			Plain,
			async (event, _, { emit }) => void (await emit("order.paid", { n: event.params.n })),
			"sync",
		);
		emgr.on("order.paid", (event) => void envelopes.push(toEnvelope(event, sender)), "sync");
		await emgr.emit(new Plain({ n: 1 }));
		envelopes.push(await envelopeOf({ n: 1 }, "orders/ä 1"), await envelopeOf(undefined));
		expect(envelopes).toHaveLength(3);
		for (const envelope of envelopes) {
			const event = new CloudEvent({ ...envelope });
			expect(event.validate()).toBe(true);
			expect(JSON.parse(JSON.stringify(event))).toEqual(envelope);
		}
	});

	it("says what happened, where, when and by whom it was published", async () => {
		expect(await envelopeOf({ total: 42 }, "orders/a1")).toEqual({
			specversion: "1.0",
			id: expect.stringMatching(/^[\da-f]{24}$/),
			source: "/shop",
			type: "order.paid",
			subject: "orders/a1",
			time: "2026-11-01T12:00:00.000Z",
			datacontenttype: "application/json",
			data: { total: 42 },
			topic: "order.paid",
			origin: sender.origin,
		});
	});

	it.each([0, "", false, null, [], {}, "ä\u2028😀"])("keeps the data %j", async (data) => {
		const envelope = await envelopeOf(data);
		expect(envelope.data).toEqual(data);
		expect(readEnvelope(JSON.stringify(envelope), 16).data).toEqual(data);
	});

	it("has no data where there is none", async () => {
		expect("data" in (await envelopeOf(undefined))).toBe(false);
	});

	it("is plain JSON, whatever the params hold", async () => {
		const circular: Record<string, unknown> = { big: 1n, at: new Date(0), set: new Set([1]) };
		circular.self = circular;
		const { data } = await envelopeOf(circular);
		expect(data).toEqual({
			big: "1",
			at: "1970-01-01T00:00:00.000Z",
			set: [1],
			self: "[circular]",
		});
	});

	it("gives an entity by its name, and the topic of the instance", async () => {
		const { emgr } = manager();
		const entity = { ...posts, toJSON: () => "posts" };
		const event = await emgr.emit(new Saving({ entity, data: { title: "a" }, id: 1 }));
		expect(toEnvelope(event, sender)).toMatchObject({
			type: "saving",
			topic: "data.posts.save.before",
			subject: "posts/1",
			data: { entity: "posts", data: { title: "a" }, id: 1 },
		});
	});

	it("carries the listeners that led to it as one string, and gives them back", async () => {
		const { emgr } = manager();
		const long = `l${"o".repeat(300)}ng`;
		let text = "";
		emgr.on("a.b", (_, __, { emit }) => emit("b.c", {}), { mode: "sync", id: "first, second" });
		emgr.on("b.c", (_, __, { emit }) => emit("c.d", {}), { mode: "sync", id: long });
		emgr.on("c.d", (event) => void (text = JSON.stringify(toEnvelope(event, sender))), "sync");
		const root = await emgr.emit("a.b", {});
		const { causes } = readEnvelope(text, 16);
		expect(causes).toEqual([root.context.id, "first, second", long.slice(0, 128)]);
		expect(readEnvelope(JSON.stringify(await envelopeOf({})), 16).causes).toEqual([]);
	});

	it("names listeners without the control characters of their ids", async () => {
		const { emgr } = manager();
		let text = "";
		emgr.on("a.b", (_, __, { emit }) => emit("b.c", {}), { mode: "sync", id: "first\nsecond" });
		emgr.on("b.c", (event) => void (text = JSON.stringify(toEnvelope(event, sender))), "sync");
		await emgr.emit("a.b", {});
		expect(readEnvelope(text, 16).causes[1]).toBe("first second");
	});

	it("is not made of an event that is too large, or has too long a path", async () => {
		const { emgr } = manager();
		const large = await emgr.emit("a.b", { text: "x".repeat(256 * 1024) });
		const far = await emgr.emit("a.b", {}, { path: "x".repeat(1025) });
		for (const event of [large, far]) {
			expect(await failure(() => toEnvelope(event, sender))).toMatchObject({
				code: "bad_envelope",
			});
		}
	});
});

describe("an envelope from outside", () => {
	it("is read from text or from an object", () => {
		const read = {
			id: "e1",
			source: "burdock",
			type: "order.paid",
			path: undefined,
			time: Date.UTC(2026, 10, 1, 12),
			data: { id: "a1" },
			origin: "o1",
			causes: [],
		};
		expect(readEnvelope(valid, 16)).toEqual(read);
		expect(readEnvelope(JSON.stringify(valid), 16)).toEqual(read);
	});

	it("may be of another program, with what CloudEvents asks for only", () => {
		const event = new CloudEvent({ type: "order.paid", source: "https://a.example", data: 1 });
		expect(readEnvelope(event, 16)).toMatchObject({ type: "order.paid", data: 1, causes: [] });
		const least = { specversion: "1.0", id: "1", source: "/a", type: "a.b" };
		expect(readEnvelope(least, 16)).toMatchObject({ data: undefined, time: undefined });
	});

	const circular: { self?: unknown } = {};
	circular.self = circular;
	const causes = (count: number) => JSON.stringify(Array.from({ length: count }, () => "l"));

	it.each<readonly [string, unknown]>([
		["nothing", undefined],
		["null", null],
		["text that is not JSON", "{"],
		["a list", [valid]],
		["a number", "1"],
		["what cannot be JSON", circular],
		["what is too large", { ...valid, data: "x".repeat(256 * 1024) }],
		["too long a text", " ".repeat(256 * 1024 + 1)],
		["another version", { ...valid, specversion: "0.3" }],
		["no version", without("specversion")],
		["no id", without("id")],
		["no source", without("source")],
		["no type", without("type")],
		["an empty id", { ...valid, id: "" }],
		["too long an id", { ...valid, id: "x".repeat(257) }],
		["an id that is a number", { ...valid, id: 1 }],
		["a type that is a pattern", { ...valid, type: "order.*" }],
		["a type with an empty segment", { ...valid, type: "order..paid" }],
		["too long a type", { ...valid, type: "x".repeat(257) }],
		["too many segments", { ...valid, type: "a.".repeat(40) + "a" }],
		["a type with a NUL", { ...valid, type: "a.\0" }],
		["an id with a line end", { ...valid, id: "e1\ninjected" }],
		["an id with a NUL", { ...valid, id: "e1\0" }],
		["an id with an escape sequence", { ...valid, id: "\u001b[2J" }],
		["an id with a line separator", { ...valid, id: "e1\u2028" }],
		["a source with a line end", { ...valid, source: "/a\r\nb" }],
		["a source with a delete", { ...valid, source: "/a\u007f" }],
		["a type with a line end", { ...valid, type: "order.paid\n" }],
		["a type with a control of C1", { ...valid, type: "order.\u0085" }],
		["a subject with a line end", { ...valid, subject: "posts/1\n" }],
		["an origin with a line end", { ...valid, origin: "o1\n" }],
		["a cause with a line end", { ...valid, causation: JSON.stringify(["root", "l\n"]) }],
		["an empty subject", { ...valid, subject: "" }],
		["a subject that is an object", { ...valid, subject: {} }],
		["too long a subject", { ...valid, subject: "x".repeat(1025) }],
		["a time that is none", { ...valid, time: "yesterday" }],
		["a time that is no date", { ...valid, time: "2026-99-01T12:00:00Z" }],
		["a time without a zone", { ...valid, time: "2026-11-01T12:00:00" }],
		["other data than JSON", { ...valid, datacontenttype: "text/xml" }],
		["binary data", { ...valid, data_base64: "AAAA" }],
		["an origin that is a list", { ...valid, origin: ["o1"] }],
		["a causation that is no JSON", { ...valid, causation: "root" }],
		["a causation that is an object", { ...valid, causation: "{}" }],
		["causes that are no texts", { ...valid, causation: "[1, 2]" }],
		["too many causes", { ...valid, causation: causes(18) }],
		["too long a cause", { ...valid, causation: JSON.stringify(["x".repeat(129)]) }],
		["too long a causation", { ...valid, causation: `["${"x".repeat(9000)}"]` }],
	])("is refused when it is %s", async (_, input) => {
		const error = await failure(() => readEnvelope(input, 16));
		expect(error).toBeInstanceOf(EventError);
		expect(error).toMatchObject({ code: "bad_envelope", kind: "malformed", retryable: false });
	});

	it("may have as many causes as a chain can have", () => {
		expect(readEnvelope({ ...valid, causation: causes(17) }, 16).causes).toHaveLength(17);
	});
});
