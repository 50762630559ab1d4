import { describe, expect, it } from "vitest";
import { copySnapshot, snapshot } from "../../src/events/snapshot.ts";

const redact = (name: string) => name.toLowerCase() === "password";

function deep(levels: number): object {
	let value: object = {};
	for (let level = 0; level < levels; level++) value = { value };
	return value;
}

describe("a snapshot", () => {
	it("keeps what is plain data, falsy or not", () => {
		const value = { a: 0, b: "", c: false, d: null, e: 1n, f: [1, [2, undefined]], g: new Date(7) };
		expect(snapshot(value)).toEqual(value);
		for (const falsy of [0, "", false, null, undefined]) expect(snapshot(falsy)).toBe(falsy);
	});

	it("is frozen at every level, and has nothing of the original", () => {
		const list = [{ n: 1 }];
		const copy = snapshot({ list, at: new Date(7) }) as { list: { n: number }[]; at: Date };
		list.push({ n: 2 });
		expect(copy).toEqual({ list: [{ n: 1 }], at: new Date(7) });
		expect(() => copy.list.push({ n: 3 })).toThrow(TypeError);
		expect(() => Object.assign(copy.list[0] as object, { n: 3 })).toThrow(TypeError);
		copySnapshot(copy).at.setTime(8);
		expect(copy.at).toEqual(new Date(7));
	});

	it.each([
		["a Map as an object", new Map<unknown, unknown>([["a", 1]]), { a: 1 }],
		["a Set as a list", new Set([1, { a: 2 }]), [1, { a: 2 }]],
		["bytes by their number", new Uint8Array(3), "[Uint8Array, 3 bytes]"],
		["a buffer by its size", new ArrayBuffer(4), "[ArrayBuffer, 4 bytes]"],
		["what toJSON gives", new URL("https://a.example/b"), "https://a.example/b"],
		["nothing where toJSON gives nothing", { app: { toJSON: () => undefined } }, {}],
		[
			"a request by its method and URL",
			new Request("https://a.example/b", { method: "POST", headers: { authorization: "secret" } }),
			{ method: "POST", url: "https://a.example/b" },
		],
		["a response by its status", new Response("body", { status: 404 }), { status: 404 }],
		["an error without its stack", new TypeError("no"), { name: "TypeError", message: "no" }],
		[
			"an instance by its own properties",
			new (class A {
				n = 1;
				#m = 2;
				get m() {
					return this.#m;
				}
			})(),
			{ n: 1 },
		],
		["neither functions nor symbols", { f: () => 1, s: Symbol("s"), n: 1 }, { n: 1 }],
	])("shows %s", (_, value, expected) => {
		expect(snapshot(value)).toEqual(expected);
	});

	it("cuts cycles, and copies twice what is there twice", () => {
		const twice = { n: 1 };
		const value: Record<string, unknown> = { a: twice, b: twice, list: [] };
		value.self = value;
		(value.list as unknown[]).push(value);
		expect(snapshot(value)).toEqual({
			a: { n: 1 },
			b: { n: 1 },
			list: ["[circular]"],
			self: "[circular]",
		});
	});

	it("ends after 16 levels, and after 10 000 values", () => {
		expect(JSON.stringify(snapshot(deep(16)))).not.toContain("truncated");
		expect(JSON.stringify(snapshot(deep(17)))).toContain("[truncated]");
		const long = snapshot(Array.from({ length: 1_000_000 }, () => 0)) as unknown[];
		expect(long.length).toBeLessThanOrEqual(10_001);
		expect(long.at(-1)).toBe("[truncated]");
		const wide = snapshot(Object.fromEntries(Array.from({ length: 20_000 }, (__, n) => [n, n])));
		expect(Object.keys(wide as object).length).toBeLessThanOrEqual(10_001);
		expect(copySnapshot(long)).toEqual(long);
	});

	it("is made of anything, whatever it throws", () => {
		const value = {
			get bad(): never {
				throw new Error("unreadable");
			},
			json: {
				toJSON(): never {
					throw new Error("unreadable");
				},
			},
			proxy: new Proxy(
				{},
				{
					ownKeys(): never {
						throw new Error("unreadable");
					},
				},
			),
			good: 1,
		};
		expect(snapshot(value)).toEqual({
			bad: "[unreadable]",
			json: "[unreadable]",
			proxy: "[unreadable]",
			good: 1,
		});
		const { proxy, revoke } = Proxy.revocable({}, {});
		revoke();
		expect(snapshot(proxy)).toBe("[unreadable]");
	});

	it("leaves out the values of some keys, wherever they are and however they are written", () => {
		const value = {
			password: "a",
			user: { PassWord: { hash: "b" }, name: "c" },
			list: [{ password: 1 }],
			map: new Map([["PASSWORD", "d"]]),
		};
		expect(snapshot(value, redact)).toEqual({
			password: "[redacted]",
			user: { PassWord: "[redacted]", name: "c" },
			list: [{ password: "[redacted]" }],
			map: { PASSWORD: "[redacted]" },
		});
	});

	it.each([
		["http://a.example/b?password=s3&q=1", "http://a.example/b?password=[redacted]&q=1"],
		["http://a.example/b?PassWord=s3", "http://a.example/b?PassWord=[redacted]"],
		["http://a.example/b?pass%77ord=s3", "http://a.example/b?pass%77ord=[redacted]"],
		["http://a.example/b?user[password]=s3", "http://a.example/b?user[password]=[redacted]"],
		['http://a.example/b?where={"password":"s3"}', "http://a.example/b?where=[redacted]"],
		["http://a.example/b?q=%&x=%zz", "http://a.example/b?q=%&x=%zz"],
		["http://a.example/b?q=1&passwords=2", "http://a.example/b?q=1&passwords=2"],
	])("has the URL of a request without the values of those keys: %s", (url, expected) => {
		expect(snapshot({ request: new Request(url) }, redact)).toEqual({
			request: { method: "GET", url: expected },
		});
	});

	it("has the URL of a request without its user, whatever else is left out", () => {
		const url = "http://ada:s3@a.example/b?q=ada@a.example";
		const request = { [Symbol.toStringTag]: "Request", method: "GET", url };
		expect(snapshot({ request })).toEqual({
			request: { method: "GET", url: "http://[redacted]@a.example/b?q=ada@a.example" },
		});
		expect(snapshot({ url })).toEqual({ url });
	});

	it("takes __proto__ for a key like any other", () => {
		const copy = snapshot(JSON.parse('{"__proto__": {"admin": true}}')) as { admin?: boolean };
		expect(Object.keys(copy)).toEqual(["__proto__"]);
		expect(copy.admin).toBeUndefined();
	});
});
