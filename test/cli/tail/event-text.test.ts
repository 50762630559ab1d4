import { describe, expect, it } from "vitest";
import { eventText } from "../../../src/cli/tail/event-text.ts";
import type { TailedEvent } from "../../../src/events/tailed-event.ts";
import { Paint } from "../../../src/runtime/node/paint.ts";

const plain = new Paint({ colours: false });
const event: TailedEvent = {
	id: "1",
	time: "2026-03-01T12:00:00.000Z",
	slug: "orders.paid",
	topic: "orders.paid",
	path: "orders/1",
	actor: "ada",
	depth: 0,
	params: { total: 42, note: "to the door" },
};

/** The line without its time, which depends on where the test runs. */
function text(change: Partial<TailedEvent> = {}, width?: number): string {
	return eventText({ ...event, ...change }, plain, width).slice("12:00:00 ".length);
}

describe("the line of an event", () => {
	it("says what, to what, by whom, and the params", () => {
		expect(text()).toBe('orders.paid orders/1 by ada total=42 note="to the door"');
	});

	it("says no more than there is", () => {
		expect(eventText({ ...event, params: undefined }, plain)).toMatch(
			/^\d\d:00:00 orders.paid orders\/1 by ada$/,
		);
		expect(text({ params: [1, "two"] })).toMatch(/by ada \[1,"two"\]$/);
	});

	it("stands to the right of its cause, within bounds", () => {
		expect(text({ depth: 2 })).toMatch(/^ {4}orders/);
		expect(text({ depth: 100 })).toMatch(/^ {16}orders/);
	});

	it("fits into the terminal, but for a few characters of params", () => {
		expect(text({ params: { note: "x".repeat(500) } }, 100)).toHaveLength(100 - "12:00:00 ".length);
		expect(text({ params: { note: "x".repeat(500) } }, 10)).toMatch(/by ada note="x{17}…$/);
	});

	it("speaks to no terminal in the words of somebody else", () => {
		const evil = "a\u001b[2Jb\nc\u009b";
		const line = text({ topic: evil, path: evil, actor: evil, params: { [evil]: evil } });
		// oxlint-disable-next-line no-control-regex -- what must not be there
		expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
	});

	it("is coloured where there are colours, and says what was lost", () => {
		const paint = new Paint({ colours: true });
		expect(eventText(event, paint)).toContain("\u001b[1morders.paid\u001b[22m \u001b[36morders/1");
		expect(eventText({ dropped: 12 }, plain)).toMatch(/^12 events were lost/);
	});
});
