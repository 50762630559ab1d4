import { describe, expect, it } from "vitest";
import {
	AdHocEvent,
	defineEvent,
	Event,
	EventError,
	InvalidEventReturn,
	NoParamEvent,
} from "../../src/events/index.ts";
import { isAppError } from "../../src/kernel/error.ts";
import { Other, Piped, Plain } from "./stand-ins.ts";

describe("Event", () => {
	it("knows its slug, topic and params, and nothing else before it is emitted", () => {
		const event = new Plain({ n: 1 });
		expect([event.slug, event.topic, event.params]).toEqual(["plain", "plain", { n: 1 }]);
		expect([event.path, event.entityName]).toEqual([undefined, undefined]);
		expect([event.returned, event.stopped, event.defaultPrevented]).toEqual([false, false, false]);
		expect(event.errors).toEqual([]);
	});

	it("makes its context once, with an id of its own", () => {
		const event = new Plain({ n: 1 });
		const { context } = event;
		expect(event.context).toBe(context);
		expect(context.id).toMatch(/^[0-9a-f]{24}$/);
		expect(new Plain({ n: 1 }).context.id).not.toBe(context.id);
		expect(Math.abs(context.time - Date.now())).toBeLessThan(60_000);
		expect(context.causation).toEqual({ rootId: context.id, depth: 0, path: [] });
		expect([context.actor, context.request, context.signal, context.meta]).toEqual([
			undefined,
			undefined,
			undefined,
			{},
		]);
	});

	it("refuses a reply unless validate says what to do with it", () => {
		const reply = (): unknown => new Plain({ n: 1 }).validate(3 as never);
		expect(reply).toThrow(InvalidEventReturn);
		expect(reply).toThrow(expect.objectContaining({ expected: "nothing", given: "number" }));
	});

	it("clones into a returned event of the same class with the same context", () => {
		const event = new Piped({ text: "a" });
		const copy = event.validate("b");
		expect(copy).toBeInstanceOf(Piped);
		expect([copy.params.text, copy.returned, event.returned]).toEqual(["a-b", true, false]);
		expect(copy.context).toBe(event.context);
	});

	it("has no params when it is a NoParamEvent", () => {
		const event = new Other();
		expect(event).toBeInstanceOf(NoParamEvent);
		expect(event).toBeInstanceOf(Event);
		expect(event.params).toBeUndefined();
	});

	it("can be the result of a promise like any object", async () => {
		const event = new Plain({ n: 1 });
		expect(await Promise.resolve(event)).toBe(event);
		expect(Object.keys(event)).toEqual(["params", "returned"]);
		expect(JSON.stringify(event)).toBe('{"params":{"n":1},"returned":false}');
	});
});

describe("defineEvent", () => {
	it("makes a class that is its own token", () => {
		const One = defineEvent<{ at: string }>("heart.beat");
		const Two = defineEvent<{ at: string }>("heart.beat");
		const event = new One({ at: "now" });
		expect([One.slug, event.slug, event.topic]).toEqual(["heart.beat", "heart.beat", "heart.beat"]);
		expect(event).toBeInstanceOf(One);
		expect(event).not.toBeInstanceOf(Two);
	});
});

describe("AdHocEvent", () => {
	it("has the slug it was given, also as a clone", () => {
		class Loud extends AdHocEvent<string> {
			override validate(reply: unknown): this {
				return this.clone(String(reply));
			}
		}
		const copy = new Loud("a.b", "x").validate("y");
		expect([copy.slug, copy.topic, copy.params, copy.returned]).toEqual(["a.b", "a.b", "y", true]);
	});
});

describe("InvalidEventReturn", () => {
	it("is an event error with what was expected and given", () => {
		const error = new InvalidEventReturn("string", "number");
		expect(error).toBeInstanceOf(EventError);
		expect(error).toBeInstanceOf(Error);
		expect(isAppError(error)).toBe(true);
		expect(error).toMatchObject({
			name: "InvalidEventReturn",
			code: "invalid_event_return",
			expected: "string",
			given: "number",
			retryable: false,
		});
	});
});
