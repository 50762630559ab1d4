import { describe, expect, test } from "vitest";
import { AppError } from "../../src/kernel/error.ts";
import { defineService } from "../../src/kernel/service.ts";
import type { ServiceKey } from "../../src/kernel/service.ts";
import { Services } from "../../src/kernel/services.ts";

class Clock {
	readonly made = true;
}

class Mailer {
	static inject = [Clock];
	readonly clock: Clock;
	constructor(clock: Clock) {
		this.clock = clock;
	}
}

/** Keeps what it is constructed of. */
class Parts {
	readonly parts: readonly unknown[];
	constructor(...parts: readonly unknown[]) {
		this.parts = parts;
	}
}

class Receipts extends Parts {
	static inject = [Mailer, Clock];
}

class NeedsMore {
	readonly clock: Clock;
	constructor(clock: Clock) {
		this.clock = clock;
	}
}

const Words = defineService<readonly string[]>("words");
const User = defineService<{ readonly name: string }>("user");

/** Code and message of what a call throws. */
function fault(call: () => unknown): string {
	try {
		call();
	} catch (error) {
		expect(error).toBeInstanceOf(AppError);
		return `${(error as AppError).code}: ${(error as AppError).message}`;
	}
	throw new Error("It did not throw.");
}

describe("what is provided", () => {
	test("is the value itself", () => {
		const services = new Services();
		const words = ["a"];
		const clock = new Clock();
		services.provide(Words, words);
		services.provide(Clock, clock);
		expect(services.get(Words)).toBe(words);
		expect(services.get(Clock)).toBe(clock);
	});

	test.for([0, "", false, null, undefined, Number.NaN])("may be %o", (value) => {
		const services = new Services();
		const given = defineService<unknown>("given");
		const made = defineService<unknown>("made");
		let calls = 0;
		services.provide(given, value);
		services.provide(made, () => {
			calls++;
			return value;
		});
		expect([services.get(given), services.get(made), services.get(made)]).toEqual([
			value,
			value,
			value,
		]);
		expect(calls).toBe(1);
	});

	test("is made by a factory when it is first asked for, once", () => {
		const services = new Services();
		let calls = 0;
		services.provide(Words, (get) => {
			calls++;
			return [String(get(Clock).made)];
		});
		expect(calls).toBe(0);
		expect(services.get(Words)).toEqual(["true"]);
		expect(services.get(Words)).toBe(services.get(Words, {}));
		expect(calls).toBe(1);
	});

	test("is constructed, if it is a class, of what its inject names", () => {
		const services = new Services();
		class Loud extends Mailer {}
		services.provide(Mailer, Loud);
		expect(services.get(Mailer)).toBeInstanceOf(Loud);
		expect(services.get(Receipts).parts).toEqual([services.get(Mailer), services.get(Clock)]);
	});

	test("is a function if a factory returns one", () => {
		const services = new Services();
		const Rate = defineService<(currency: string) => number>("rate");
		services.provide(Rate, () => (currency) => currency.length);
		expect(services.get(Rate)("EUR")).toBe(3);
	});

	test("replaces what was, and what was made with it", () => {
		const services = new Services();
		services.provide(Words, ["before"]);
		const Sentence = defineService<string>("sentence");
		services.provide(Sentence, (get) => get(Words).join(" "));
		const others = services.get(Clock);
		const mailer = services.get(Mailer);
		expect(services.get(Sentence)).toBe("before");
		services.provide(Words, ["after"]);
		expect(services.get(Sentence)).toBe("after");
		expect(services.get(Clock)).toBe(others);
		expect(services.get(Mailer)).toBe(mailer);
		services.provide(Clock, new Clock());
		expect(services.get(Mailer)).not.toBe(mailer);
		expect(services.get(Mailer).clock).toBe(services.get(Clock));
	});

	test("goes back to what was remembered, the same instances", () => {
		const services = new Services();
		services.provide(Words, () => ["before"]);
		const before = services.get(Words);
		const mailer = services.get(Mailer);
		const restore = services.remember();
		services.provide(Words, () => ["after"]);
		services.provide(Clock, new Clock());
		expect(services.get(Words)).toEqual(["after"]);
		expect(services.get(Mailer)).not.toBe(mailer);
		restore();
		expect(services.get(Words)).toBe(before);
		expect(services.get(Mailer)).toBe(mailer);
	});

	test("is by token, not by the token's name", () => {
		const services = new Services();
		services.provide(defineService("words"), 1);
		expect(fault(() => services.get(Words))).toContain("missing_service");
	});
});

describe("a class that nobody provided", () => {
	test("makes itself, once", () => {
		const services = new Services();
		const receipts = services.get(Receipts);
		expect(services.get(Receipts)).toBe(receipts);
		const [mailer, clock] = receipts.parts;
		expect(mailer).toBe(services.get(Mailer));
		expect((mailer as Mailer).clock).toBe(clock);
	});

	test("inherits what its constructor takes", () => {
		class Quiet extends Mailer {}
		expect(new Services().get(Quiet).clock).toBeInstanceOf(Clock);
	});

	test("is missing if its constructor takes more than it says", () => {
		class Shop extends Parts {
			static inject = [NeedsMore];
		}
		class Door extends Parts {
			static inject = [Shop];
		}
		const services = new Services();
		const expected =
			'missing_service: The service "NeedsMore" is missing: nobody provided it, and its constructor takes 1, its static inject names 0 (asked for by Door → Shop).';
		expect(fault(() => services.get(Door))).toBe(expected);
		expect(fault(() => services.check(Door))).toBe(expected);
		services.provide(NeedsMore, () => new NeedsMore(new Clock()));
		expect((services.get(Door).parts[0] as Parts).parts[0]).toBeInstanceOf(NeedsMore);
	});
});

describe("a service that can't be made", () => {
	test("is missing when nobody provided its token; the message has the way to it", () => {
		const services = new Services();
		expect(fault(() => services.get(Words))).toBe(
			'missing_service: The service "words" is missing: nobody provided it.',
		);
		const Sentence = defineService<string>("sentence");
		services.provide(Sentence, (get) => get(Words).join(""));
		expect(fault(() => services.get(Sentence))).toBe(
			'missing_service: The service "words" is missing: nobody provided it (asked for by sentence).',
		);
	});

	test("of a circle of classes is told with the path", () => {
		class A extends Parts {
			static inject: ServiceKey[] = [];
		}
		class B extends Parts {
			static inject = [A];
		}
		class Start extends Parts {
			static inject = [A];
		}
		A.inject.push(B);
		const services = new Services();
		const expected = "cyclic_service: Services need one another in a circle: A → B → A.";
		expect(fault(() => services.get(Start))).toBe(expected);
		expect(fault(() => services.check(Start))).toBe(expected);
		expect(fault(() => services.get(A))).toContain(": A → B → A.");
		services.provide(B, () => new B());
		expect(services.get(Start).parts).toEqual([services.get(A)]);
	});

	test("of a circle of factories is told with the path", () => {
		const services = new Services();
		const One = defineService<unknown>("one");
		const Two = defineService<unknown>("two");
		services.provide(One, (get) => get(Two));
		services.provide(Two, (get) => get(One));
		expect(fault(() => services.get(One))).toBe(
			"cyclic_service: Services need one another in a circle: one → two → one.",
		);
	});

	test("may ask for one that asks for it, later", () => {
		const services = new Services();
		const Lazy = defineService<() => string>("lazy");
		services.provide(Lazy, (get) => () => get(Words)[0] as string);
		services.provide(Words, (get) => [typeof get(Lazy)]);
		expect(services.get(Lazy)()).toBe("function");
	});

	test("has the factory's error as its cause, and is tried again", () => {
		const services = new Services();
		const cause = new Error("boom");
		let broken = true;
		services.provide(Words, () => {
			if (broken) throw cause;
			return ["ok"];
		});
		const Sentence = defineService<string>("sentence");
		services.provide(Sentence, (get) => get(Words).join(""));
		expect(() => services.get(Sentence)).toThrow(
			expect.objectContaining({
				code: "service_failed",
				message: 'The service "words" could not be made.',
				cause,
			}),
		);
		broken = false;
		expect(services.get(Sentence)).toBe("ok");
	});

	test("lets an AppError, or a response, of its factory through", () => {
		const services = new Services();
		const refusal = new AppError("unauthenticated", "Who are you?");
		const response = new Response(null, { status: 302 });
		let thrown: unknown = refusal;
		services.provide(User, () => {
			throw thrown;
		});
		expect(() => services.get(User)).toThrow(refusal);
		thrown = response;
		let caught: unknown;
		try {
			services.get(User);
		} catch (error) {
			caught = error;
		}
		expect(caught).toBe(response);
	});

	test("is tried again when it was a promise that rejected", async () => {
		const services = new Services();
		const Remote = defineService<Promise<string>>("remote");
		let calls = 0;
		services.provide(Remote, async () => {
			if (++calls === 1) throw new Error("offline");
			return "online";
		});
		await expect(services.get(Remote)).rejects.toThrow("offline");
		expect(await services.get(Remote)).toBe("online");
		expect(await services.get(Remote)).toBe("online");
		expect(calls).toBe(2);
	});

	test.for([undefined, null, "mailer", {}, 1])("is refused as a key: %j", (key) => {
		const services = new Services();
		expect(fault(() => services.get(key as never))).toContain("bad_service");
		expect(fault(() => services.provide(key as never, 1 as never))).toContain("bad_service");
	});

	test("says who asked for undefined", () => {
		class Shop extends Parts {
			static inject = [undefined as never];
		}
		expect(fault(() => new Services().check(Shop))).toMatch(
			/^bad_service: undefined .*circle of imports.*\(asked for by Shop\)/,
		);
	});

	test("is refused per anything else", () => {
		const options = { per: "request" as "scope" };
		expect(fault(() => new Services().provide(Clock, Clock, options))).toBe(
			'bad_service: Clock cannot be a service: it is per "request", which is neither "app" nor "scope".',
		);
	});
});

describe("a service of a scope", () => {
	test("is made once in each, by a factory that gets it", () => {
		const services = new Services<{ readonly user: string }>();
		const made: string[] = [];
		services.provide(
			User,
			(_, { user }) => {
				made.push(user);
				return { name: user };
			},
			{ per: "scope" },
		);
		const ann = { user: "ann" };
		const bob = { user: "bob" };
		expect(services.get(User, ann)).toEqual({ name: "ann" });
		expect(services.get(User, bob)).toEqual({ name: "bob" });
		expect(services.get(User, ann)).toBe(services.get(User, ann));
		expect(made).toEqual(["ann", "bob"]);
	});

	test("makes the classes that need it such, also at a distance", () => {
		class Basket extends Parts {
			static inject = [User, Clock];
		}
		class Checkout extends Parts {
			static inject = [Basket];
		}
		const services = new Services();
		services.provide(User, () => ({ name: "x" }), { per: "scope" });
		const [first, second] = [{}, {}];
		const checkout = services.get(Checkout, first);
		expect(services.get(Checkout, first)).toBe(checkout);
		expect(services.get(Checkout, second)).not.toBe(checkout);
		expect(checkout.parts[0]).toBe(services.get(Basket, first));
		expect(services.get(Basket, first).parts[1]).toBe(services.get(Clock));
		services.provide(User, { name: "everybody" });
		expect(services.get(Checkout, first)).toBe(services.get(Checkout, second));
	});

	test("is no part of a service of the app", () => {
		class Basket extends Parts {
			static inject = [User];
		}
		const services = new Services();
		services.provide(User, () => ({ name: "x" }), { per: "scope" });
		services.provide(Words, (get) => [get(User).name]);
		services.provide(Basket, Basket, { per: "app" });
		const message = (asker: string) =>
			`scoped_service: The service "${asker}" is there once for the app and needs "user", which is made for each scope.`;
		expect(fault(() => services.get(Words, {}))).toBe(message("words"));
		expect(fault(() => services.get(Basket, {}))).toBe(message("Basket"));
		expect(fault(() => services.check(Basket))).toBe(message("Basket"));
		expect(services.get(User, {})).toEqual({ name: "x" });
	});

	test("is not there outside of any", () => {
		const services = new Services();
		services.provide(User, () => ({ name: "x" }), { per: "scope" });
		expect(fault(() => services.get(User))).toBe(
			'no_scope: The service "user" is made for each scope, and there is no scope here.',
		);
	});
});

describe("disposal", () => {
	/** A service that notes when it is disposed of. */
	function disposable(notes: string[], note: string): Disposable {
		return { [Symbol.dispose]: () => void notes.push(note) };
	}

	test("goes from the last made to the first, and meets nothing twice", async () => {
		const notes: string[] = [];
		const services = new Services();
		const Pool = defineService<Disposable>("pool");
		const Cache = defineService<AsyncDisposable>("cache");
		const Late = defineService<Promise<Disposable>>("late");
		services.provide(Pool, () => disposable(notes, "pool"));
		services.provide(Cache, (get) => {
			get(Pool);
			return {
				async [Symbol.asyncDispose]() {
					await Promise.resolve();
					notes.push("cache");
				},
			};
		});
		services.provide(Late, async () => disposable(notes, "late"));
		services.get(Cache);
		await services.get(Late);
		await services.dispose(() => {});
		await services.dispose(() => {});
		expect(notes).toEqual(["late", "cache", "pool"]);
	});

	test("leaves alone what was given, what belongs to a scope, and what was never made", async () => {
		const notes: string[] = [];
		const services = new Services();
		const [Given, Scoped, Idle] = ["given", "scoped", "idle"].map((name) =>
			defineService<Disposable>(name),
		) as [ServiceKey<Disposable>, ServiceKey<Disposable>, ServiceKey<Disposable>];
		services.provide(Given, disposable(notes, "given"));
		services.provide(Scoped, () => disposable(notes, "scoped"), { per: "scope" });
		services.provide(Idle, () => disposable(notes, "idle"));
		services.get(Given);
		services.get(Scoped, {});
		await services.dispose(() => {});
		expect(notes).toEqual([]);
	});

	test("goes on when one fails", async () => {
		const notes: string[] = [];
		const services = new Services();
		const First = defineService<Disposable>("first");
		const Broken = defineService<Disposable>("broken");
		services.provide(First, () => disposable(notes, "first"));
		services.provide(Broken, () => ({
			[Symbol.dispose]() {
				throw new Error("boom");
			},
		}));
		services.get(First);
		services.get(Broken);
		await services.dispose((error) => notes.push((error as Error).message));
		expect(notes).toEqual(["boom", "first"]);
	});
});
