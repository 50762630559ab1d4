import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { transform } from "esbuild";
import { describe, expect, onTestFinished, test } from "vitest";
import { defineEvent, EventError, EventManager, listen } from "../../src/events/index.ts";
import type { Event, ListenerContext } from "../../src/events/index.ts";
import type { ServiceKey } from "../../src/kernel/service.ts";
import { Services } from "../../src/kernel/services.ts";
import type { decorated } from "../support/decorated.ts";
import { contextOf, mark } from "../support/mark.ts";
import { Committing, Happened, Piped, Plain } from "./stand-ins.ts";

const OrderPaid = defineEvent<{ readonly id: string }>("order.paid");
const PAID = { id: "a1" };

/** A manager whose listeners find services. */
function withServices(services = new Services()): EventManager {
	return new EventManager([OrderPaid, Plain, Piped, Happened], {
		resolve: (key, scope) => services.get(key as ServiceKey, scope),
	});
}

/** A class that notes its calls. */
function noting(notes: string[]) {
	class Receipts {
		send(event: InstanceType<typeof OrderPaid>, slug: string): void {
			notes.push(`${slug} ${event.params.id}`);
		}
	}
	return Receipts;
}

function fault(call: () => unknown): string {
	try {
		call();
	} catch (error) {
		expect(error).toBeInstanceOf(EventError);
		const { code, kind, message } = error as EventError;
		expect([code, kind]).toEqual(["bad_listener_class", "invalid"]);
		return message;
	}
	throw new Error("It did not throw.");
}

function idsOf(emgr: EventManager): readonly string[] {
	return emgr.getListeners().map(({ id }) => id);
}

describe("@listen, compiled", () => {
	const SOURCE = "test/support/decorated.ts";

	async function byEsbuild(): Promise<string> {
		const { code } = await transform(readFileSync(SOURCE, "utf8"), {
			loader: "ts",
			format: "esm",
			target: "es2022",
		});
		return code;
	}

	async function byTypeScript(): Promise<string> {
		const folder = mkdtempSync(join(tmpdir(), "burdock-decorated-"));
		onTestFinished(() => rmSync(folder, { recursive: true }));
		const text = readFileSync(SOURCE, "utf8").replace(/^import type .*$/m, "");
		writeFileSync(join(folder, "decorated.ts"), text);
		const options = "--target es2022 --module esnext --moduleResolution bundler --noCheck";
		const args = [join(folder, "decorated.ts"), "--ignoreConfig", "--outDir", folder];
		execFileSync(resolve("node_modules/.bin/tsc"), [...args, ...options.split(" ")]);
		return readFileSync(join(folder, "decorated.js"), "utf8");
	}

	test.for([
		["esbuild", byEsbuild],
		["TypeScript", byTypeScript],
	] as const)("by %s marks methods, inherited and overridden ones", async ([, compile]) => {
		const code = await compile();
		expect(code).not.toContain("@on");
		const url = `data:text/javascript,${encodeURIComponent(code)}`;
		const module = (await import(/* @vite-ignore */ url)) as { decorated: typeof decorated };
		const notes: string[] = [];
		const { Receipts, LoudReceipts } = module.decorated(listen, OrderPaid, notes);
		const emgr = withServices();
		const group = emgr.register(LoudReceipts);
		expect(group.ids).toEqual([
			"LoudReceipts.note",
			"LoudReceipts.note#2",
			"LoudReceipts.overridden",
		]);
		await emgr.emit(OrderPaid, PAID);
		expect(notes).toEqual(["paid a1 order.paid", "paid a1 order.paid", "overridden"]);
		group.unsubscribe();
		emgr.register(Receipts);
		await emgr.emit(OrderPaid, PAID);
		expect(notes.slice(3)).toEqual(["paid a1 order.paid", "paid a1 order.paid", "never"]);
	});
});

describe("@listen refuses", () => {
	const decorate = listen(Plain);

	test.for([
		[{ static: true }, '"send" cannot be a listener: it is static.'],
		[{ private: true }, '"send" cannot be a listener: it is private.'],
		[{ kind: "getter" }, '"send" cannot be a listener: it is a getter, not a method.'],
		[{ kind: "field" }, '"send" cannot be a listener: it is a field, not a method.'],
		[{ kind: "class" }, '"send" cannot be a listener: it is a class, not a method.'],
	] as const)("%j", ([rest, message]) => {
		expect(fault(() => decorate(() => {}, contextOf("send", rest)))).toBe(message);
	});

	test.for([[undefined], [[Plain, undefined]]])("an event that is undefined: %#", ([ref]) => {
		const undefinedRef = listen(ref as unknown as string);
		expect(fault(() => undefinedRef(() => {}, contextOf("send")))).toBe(
			'"send" cannot be a listener: @listen was given no event (a circle of imports?).',
		);
	});
});

describe("register", () => {
	test("calls each marked method of an instance, as its own", async () => {
		const emgr = new EventManager([Piped, Plain]);
		class Counter {
			#count = 0;
			count(): string {
				return String(++this.#count);
			}
			ignored(): void {
				throw new Error("It is not marked.");
			}
		}
		mark(Counter, "count", listen(Piped, "sync"));
		const group = emgr.register(new Counter());
		expect(group.ids).toEqual(["Counter.count"]);
		const first = await emgr.emit(Piped, { text: "a" });
		expect((await emgr.emit(first)).params.text).toBe("a-1-2");
	});

	test("hands on the event, its slug and the context", async () => {
		const emgr = new EventManager({}, { app: "the app" });
		const seen: unknown[] = [];
		class Watch {
			see(event: Event<unknown, unknown>, slug: string, ctx: ListenerContext<string>): void {
				seen.push(event.params, slug, ctx.app);
			}
		}
		mark(Watch, "see", listen("order.*", "sync"));
		emgr.register(Watch);
		await emgr.emit("order.shipped", PAID);
		expect(seen).toEqual([PAID, "order.shipped", "the app"]);
	});

	test("takes several decorators on one method, a list of events, and every key of a config", async () => {
		const notes: string[] = [];
		const emgr = new EventManager([OrderPaid, Plain, Happened]);
		const Receipts = mark(
			noting(notes),
			"send",
			listen(OrderPaid, { mode: "sync", where: ({ params }) => params.id === "a1", order: 2 }),
			listen("order.*", { mode: "sync", id: "by-glob" }),
			listen([Plain, Happened] as never, "sync"),
		);
		expect(emgr.register(Receipts).ids).toEqual(["Receipts.send", "by-glob", "Receipts.send#3"]);
		await emgr.emit(OrderPaid, PAID);
		await emgr.emit(OrderPaid, { id: "b2" });
		await emgr.emit(Plain, { n: 1 });
		expect(notes).toEqual(["order.paid a1", "order.paid a1", "order.paid b2", "plain undefined"]);
		expect(emgr.explain("order.paid")[0]?.listeners.map(({ id }) => id)).toEqual([
			"by-glob",
			"Receipts.send",
		]);
	});

	test("asks for a class as a service at each call, so that each scope has its own", async () => {
		const services = new Services();
		class User {}
		services.provide(User, () => new User(), { per: "scope" });
		const seen: unknown[] = [];
		class Audit {
			static inject = [User];
			readonly user: User;
			constructor(user: User) {
				this.user = user;
			}
			note(_: unknown, __: string, ctx: ListenerContext): void {
				seen.push(this, this.user === ctx.get(User));
			}
		}
		mark(Audit, "note", listen(OrderPaid, "sync"));
		const emgr = withServices(services);
		emgr.register(Audit);
		const scope = emgr.scope();
		await scope.emit(OrderPaid, PAID);
		await scope.emit(OrderPaid, PAID);
		await emgr.scope().emit(OrderPaid, PAID);
		const [first, own, again, , other] = seen;
		expect(own).toBe(true);
		expect(again).toBe(first);
		expect(other).not.toBe(first);
	});

	test("makes one instance where there are no services", async () => {
		let made = 0;
		class Counter {
			constructor() {
				made++;
			}
			count(): void {}
		}
		mark(Counter, "count", listen(Plain, "sync"));
		const emgr = new EventManager([Plain]);
		emgr.register(Counter);
		await emgr.emit(Plain, { n: 1 });
		await emgr.emit(Plain, { n: 2 });
		expect(made).toBe(1);
	});

	test("refuses a class that takes services where there are none", () => {
		class Needs {
			readonly other: unknown;
			constructor(other: unknown) {
				this.other = other;
			}
			count(): void {}
		}
		mark(Needs, "count", listen(Plain));
		expect(fault(() => new EventManager([Plain]).register(Needs))).toBe(
			'"Needs" cannot be a listener: it takes services, and there are none: register an instance of it.',
		);
	});

	test.for([
		["a class without marked methods", class Bare {}, '"Bare"', "none of its methods is marked"],
		["an instance of one", new Date(), '"Date"', "none of its methods is marked with @listen"],
		["an empty object", {}, '"Object"', "none of its methods is marked with @listen"],
		["a function", () => {}, '"() => {', "it is neither a class nor an instance of one"],
		["undefined", undefined, '"undefined"', "it is neither a class nor an instance of one"],
		["null", null, '"null"', "it is neither a class nor an instance of one"],
		["a string", "Receipts", '"Receipts"', "it is neither a class nor an instance of one"],
	] as const)("refuses %s", ([, listener, name, reason]) => {
		const message = fault(() => new EventManager().register(listener as object));
		expect(message.slice(0, name.length)).toBe(name);
		expect(message).toContain(reason);
	});

	test("registers nothing when one of the methods can't listen", () => {
		class Half {
			good(): void {}
			bad(): void {}
		}
		mark(Half, "good", listen(Plain));
		mark(Half, "bad", listen("nobody-knows-it"));
		const emgr = new EventManager([Plain]);
		expect(() => emgr.register(Half)).toThrow(expect.objectContaining({ code: "unknown_event" }));
		expect(emgr.getListeners()).toEqual([]);
		mark(Half, "bad", listen(Committing, "async"));
		expect(() => new EventManager([Plain]).register(Half)).toThrow(EventError);
	});

	test("replaces what was registered of the same class, or instance", async () => {
		const notes: string[] = [];
		const Receipts = mark(noting(notes), "send", listen(OrderPaid, "sync"));
		const emgr = new EventManager([OrderPaid]);
		const first = emgr.register(Receipts);
		const second = emgr.register(Receipts);
		const instance = new Receipts();
		emgr.register(instance);
		emgr.register(instance);
		expect([first.active, second.active]).toEqual([false, true]);
		expect(idsOf(emgr)).toEqual(["Receipts.send", "Receipts(2).send"]);
		first.unsubscribe();
		await emgr.emit(OrderPaid, PAID);
		expect(notes).toHaveLength(2);
	});

	test("keeps two classes of one name apart, and gives a name again that is free", async () => {
		const notes: string[] = [];
		const One = mark(noting(notes), "send", listen(OrderPaid, "sync"));
		const Two = mark(noting(notes), "send", listen(OrderPaid, "sync"));
		const emgr = new EventManager([OrderPaid]);
		const first = emgr.register(One);
		const second = emgr.register(Two);
		expect([first.ids, second.ids]).toEqual([["Receipts.send"], ["Receipts(2).send"]]);
		await emgr.emit(OrderPaid, PAID);
		expect(notes).toHaveLength(2);
		emgr.register(Two);
		expect(idsOf(emgr)).toEqual(["Receipts.send", "Receipts(2).send"]);
		first.unsubscribe();
		const Three = mark(noting(notes), "send", listen(OrderPaid, "sync"));
		expect(emgr.register(Three).ids).toEqual(["Receipts.send"]);
	});

	test("keeps the names through a stage, taken over or discarded", async () => {
		const notes: string[] = [];
		const emgr = new EventManager([OrderPaid]);
		const anew = () => mark(noting(notes), "send", listen(OrderPaid, "sync"));
		const register = () => void emgr.withSource("config", () => void emgr.register(anew()));
		register();
		for (let build = 0; build < 3; build++) {
			const stage = emgr.stage();
			register();
			expect(emgr.listenerClasses).toHaveLength(1);
			if (build === 1) stage.discard(new Set(["config"]));
			else stage.takeOver(new Set(["config"]));
			expect(idsOf(emgr)).toEqual(["Receipts.send"]);
		}
		emgr.register(anew());
		expect(idsOf(emgr)).toEqual(["Receipts.send", "Receipts(2).send"]);
		await emgr.emit(OrderPaid, PAID);
		expect(notes).toHaveLength(2);
	});

	test("leaves with its group", async () => {
		const notes: string[] = [];
		const emgr = new EventManager([OrderPaid]);
		const Receipts = mark(noting(notes), "send", listen(OrderPaid), listen("order.*"));
		{
			using group = emgr.register(Receipts);
			expect(group.active).toBe(true);
			expect(emgr.getListeners()).toHaveLength(2);
		}
		expect(emgr.getListeners()).toEqual([]);
		const group = emgr.register(new Receipts());
		group.unsubscribe();
		group.unsubscribe();
		expect(group.active).toBe(false);
	});

	test("sees a decorator that replaces the method, if it stands below", async () => {
		const notes: string[] = [];
		const Receipts = noting(notes);
		const logged = (method: (...args: unknown[]) => unknown) =>
			function (this: unknown, ...args: unknown[]) {
				notes.push("logged");
				return method.apply(this, args);
			};
		mark(Receipts, "send", listen(OrderPaid, "sync"), logged as never);
		const emgr = new EventManager([OrderPaid]);
		emgr.register(Receipts);
		await emgr.emit(OrderPaid, PAID);
		expect(notes).toEqual(["logged", "order.paid a1"]);
	});

	test("takes the marks of an override instead of those above it", () => {
		const Base = mark(noting([]), "send", listen(OrderPaid), listen("order.*"));
		class Narrow extends Base {
			override send(): void {}
		}
		mark(Narrow, "send", listen("order.paid"));
		const emgr = new EventManager([OrderPaid]);
		expect(emgr.register(Narrow).ids).toEqual(["Narrow.send"]);
		expect(emgr.register(Base).ids).toEqual(["Receipts.send", "Receipts.send#2"]);
	});
});

describe("the listeners of a manager's options", () => {
	test("are classes, instances and data, in their order", async () => {
		const notes: string[] = [];
		const One = mark(noting(notes), "send", listen(OrderPaid, "sync"));
		const Two = mark(noting(notes), "send", listen(OrderPaid, { mode: "sync", id: "two" }));
		const emgr = new EventManager([OrderPaid], {
			listeners: [
				One,
				{
					ref: OrderPaid,
					handler: (event: InstanceType<typeof OrderPaid>) => void notes.push(event.params.id),
					config: { mode: "sync", id: "data" },
				},
				new Two(),
			],
		});
		expect(idsOf(emgr)).toEqual(["Receipts.send", "data", "two"]);
		await emgr.emit(OrderPaid, PAID);
		expect(notes).toEqual(["order.paid a1", "a1", "order.paid a1"]);
	});
});
