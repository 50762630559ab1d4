import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventError } from "../../src/events/index.ts";
import { Pattern, UNKNOWN } from "../../src/events/pattern.ts";

function matches(pattern: string, text: string): boolean {
	return Pattern.parse(pattern).matches(text);
}

describe("Pattern", () => {
	const table: readonly [pattern: string, yes: readonly string[], no: readonly string[]][] = [
		["order.paid", ["order.paid"], ["order", "order.paid.late", "xorder.paid", "order_paid"]],
		["order.*", ["order.paid", "order.x"], ["order", "order.", "order.paid.late", "orders.paid"]],
		["*.created", ["user.created"], ["created", "a.user.created", "user.createdx"]],
		["mutator-*", ["mutator-insert-before", "mutator-"], ["mutator", "mutator-a.b", "xmutator-a"]],
		["*-before", ["insert-before"], ["before", "insert-before-x"]],
		["a*c*e", ["ace", "abcde", "abccbe"], ["ac", "abd.e", "abcdef"]],
		["order.**", ["order", "order.a", "order.a.b.c"], ["orders", "xorder.a", "a.order"]],
		["**.created", ["created", "a.created", "a.b.created"], ["a.createdx", "created.a"]],
		["a.**.z", ["a.z", "a.b.z", "a.b.c.z"], ["a", "z", "az", "a.bz"]],
		["a.**.**", ["a", "a.b", "a.b.c"], ["b"]],
		["**.**", ["a", "a.b.c"], []],
		["**.m.**", ["m", "a.m", "m.b", "a.b.m.c.d"], ["a.b", "am", "a.mb"]],
		["*", ["a", "a.b.c", "with-dash"], []],
		["**", ["a", "a.b.c"], []],
		["*.*", ["a.b"], ["a", "a.b.c"]],
		["(a|b).x", ["a.x", "b.x"], ["c.x", "ab.x", "(a|b).x"]],
		["user.(created|deleted)", ["user.created", "user.deleted"], ["user.updated", "user"]],
		["data.posts.(insert|update).*", ["data.posts.insert.after"], ["data.posts.delete.after"]],
		["pre-(a|b)-post", ["pre-a-post", "pre-b-post"], ["pre-c-post", "pre--post"]],
		["(a|b*)", ["a", "b", "bcd"], ["c", "ab"]],
		["(order.paid|user.**)", ["order.paid", "user", "user.a.b"], ["order", "order.a"]],
		["((a|b)|c).x", ["a.x", "b.x", "c.x"], ["d.x"]],
		["price[1]+$^?", ["price[1]+$^?"], ["price1"]],
		["ü.*", ["ü.ß"], ["u.s"]],
	];

	for (const [pattern, yes, no] of table) {
		it(`${pattern} hears ${[...yes, ...no.map((name) => `not ${name}`)].join(", ")}`, () => {
			expect(yes.filter((text) => !matches(pattern, text))).toEqual([]);
			expect(no.filter((text) => matches(pattern, text))).toEqual([]);
		});
	}

	const bad = [
		["", "empty"],
		["a..b", "empty segment"],
		[".a", "empty segment"],
		["a.", "empty segment"],
		["a**", "whole segment"],
		["**a.b", "whole segment"],
		["a.***", "whole segment"],
		["(a|b", 'has no ")"'],
		["(a", 'has no ")"'],
		["a)", 'has no "("'],
		["a|b", "outside of parentheses"],
		["(a|)", "empty"],
		["(|a)", "empty"],
		["()", "empty"],
		["(a.|b)c", "empty segment"],
		["a\0b", "NUL"],
		["x".repeat(257), "longer than 256"],
		[Array.from({ length: 33 }, () => "a").join("."), "more than 32 segments"],
	] as const;

	for (const [pattern, reason] of bad) {
		it(`refuses ${JSON.stringify(pattern.slice(0, 20))}: ${reason}`, () => {
			let thrown: unknown;
			try {
				Pattern.parse(pattern);
			} catch (error) {
				thrown = error;
			}
			expect(thrown).toBeInstanceOf(EventError);
			expect(thrown).toMatchObject({ kind: "invalid", code: "bad_pattern", retryable: false });
			expect((thrown as Error).message).toContain(reason);
		});
	}

	it("takes 256 characters and 32 segments", () => {
		expect(matches("x".repeat(256), "x".repeat(256))).toBe(true);
		const segments = Array.from({ length: 32 }, () => "a").join(".");
		expect(matches(segments, segments)).toBe(true);
	});

	it("visits no state twice per character, however many stars there are", () => {
		const stars = Pattern.parse(`${"*a".repeat(11)}*b`);
		const doubles = Pattern.parse(`${"**.a.".repeat(15)}b`);
		let characters = 0;
		const counted = (text: string): string =>
			({
				includes: () => false,
				*[Symbol.iterator]() {
					for (const char of text) {
						characters++;
						yield char;
					}
				},
			}) as unknown as string;
		expect(stars.matches(counted("a".repeat(40)))).toBe(false);
		expect(doubles.matches(counted("a.".repeat(31)))).toBe(false);
		expect(characters).toBeLessThanOrEqual(40 + 62);
	});

	it("matches a segment that is not known yet wherever something could be there", () => {
		const topic = `data.${UNKNOWN}.save.before`;
		expect(matches("data.posts.save.before", topic)).toBe(true);
		expect(matches("data.posts.**", topic)).toBe(true);
		expect(matches("data.p*.save.*", topic)).toBe(true);
		expect(matches("data.posts.save.after", topic)).toBe(false);
		expect(matches("media.**", topic)).toBe(false);
		expect(matches("data.posts", topic)).toBe(false);
	});

	it("agrees with a slow reference", () => {
		const part = fc.constantFrom("a", "b", "ab", "*", "a*", "*b", "(a|b)", "(ab|b*)");
		const segment = fc.oneof(
			{ weight: 4, arbitrary: part },
			{ weight: 1, arbitrary: fc.constant("**") },
			{ weight: 1, arbitrary: fc.tuple(part, part).map((parts) => parts.join("")) },
		);
		const pattern = fc
			.array(segment, { minLength: 1, maxLength: 5 })
			.map((segments) => segments.join("."))
			.filter((text) => !/[^.]\*\*|\*\*[^.]/.test(text));
		const name = fc
			.array(fc.string({ unit: fc.constantFrom("a", "b"), minLength: 1, maxLength: 3 }), {
				minLength: 1,
				maxLength: 5,
			})
			.map((segments) => segments.join("."));
		fc.assert(
			fc.property(pattern, name, (source, text) => {
				expect(matches(source, text)).toBe(
					source === "*" || slow(source.split("."), text.split(".")),
				);
			}),
			{ numRuns: 3000 },
		);
	});

	it("never throws anything but its own error, whatever it is given", () => {
		const text = fc.string({ unit: fc.constantFrom("a", ".", "*", "(", ")", "|"), maxLength: 12 });
		fc.assert(
			fc.property(text, text, (source, name) => {
				try {
					matches(source, name);
				} catch (error) {
					expect(error).toBeInstanceOf(EventError);
				}
			}),
			{ numRuns: 5000 },
		);
	});
});

/** The grammar again, by recursion over segments, for patterns whose groups hold no dots. */
function slow(pattern: readonly string[], text: readonly string[]): boolean {
	const [head, ...rest] = pattern;
	if (head === undefined) return text.length === 0;
	if (head === "**") {
		return text.some((_, at) => slow(rest, text.slice(at))) || slow(rest, []);
	}
	const [first, ...others] = text;
	if (first === undefined) return false;
	return alternatives(head).some((one) => slowSegment(one, first)) && slow(rest, others);
}

function alternatives(segment: string): string[] {
	const group = /\(([^()]*)\)/.exec(segment);
	if (group === null) return [segment];
	const [whole, inner = ""] = group;
	return inner.split("|").flatMap((option) => alternatives(segment.replace(whole, option)));
}

function slowSegment(pattern: string, text: string): boolean {
	if (pattern === "*") return text.length > 0;
	if (pattern === "") return text === "";
	if (pattern.startsWith("*")) {
		for (let at = 0; at <= text.length; at++) {
			if (slowPart(pattern.slice(1), text.slice(at))) return true;
		}
		return false;
	}
	return text.startsWith(pattern.charAt(0)) && slowPart(pattern.slice(1), text.slice(1));
}

function slowPart(pattern: string, text: string): boolean {
	return pattern === "*" ? true : slowSegment(pattern, text);
}
