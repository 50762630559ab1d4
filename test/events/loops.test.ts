import { describe, expect, it } from "vitest";
import type { EventManagerOptions } from "../../src/events/index.ts";
import { failure, manager, Other, Plain, posts, saving, Saving, storage } from "./stand-ins.ts";

const managers: readonly [name: string, options: () => EventManagerOptions][] = [
	["without a context", () => ({})],
	["with a context", () => ({ context: storage() })],
];

for (const [name, options] of managers) {
	describe(`a loop ${name}`, () => {
		it("through ctx.emit is refused over depth 16, with the path of listeners", async () => {
			const { emgr } = manager(options());
			let calls = 0;
			emgr.onEvent(
				Plain,
				async (event, _slug, { emit }) => {
					calls++;
					await Promise.resolve();
					await emit(new Plain({ n: event.params.n + 1 }));
				},
				{ mode: "sync", id: "again" },
			);
			const error = await failure(() => emgr.emit(new Plain({ n: 0 })));
			expect(error).toMatchObject({ code: "emit_too_deep" });
			expect((error as Error).message).toContain("again → again → again");
			expect(calls).toBe(17);
		});

		it("through emgr in the synchronous part is refused by depth", async () => {
			const { emgr } = manager({ ...options(), maxDepth: 3 });
			const depths: number[] = [];
			emgr.onEvent(
				Plain,
				(event) => {
					depths.push(event.context.causation.depth);
					void emgr.dispatch(new Plain({ n: 1 }));
				},
				"sync",
			);
			expect(() => emgr.dispatch(new Plain({ n: 1 }))).toThrow(
				expect.objectContaining({ code: "emit_too_deep" }),
			);
			expect(depths).toEqual([0, 1, 2, 3]);
			expect(await failure(() => emgr.emit(new Plain({ n: 1 })))).toMatchObject({
				code: "emit_too_deep",
			});
		});

		it("through emgr after an await is refused by the scope's count", async () => {
			const { emgr } = manager({ ...options(), maxEmits: 50 });
			let calls = 0;
			emgr.onEvent(
				Plain,
				async () => {
					calls++;
					await Promise.resolve();
					await emgr.emit(new Plain({ n: calls }));
				},
				"sync",
			);
			expect(await failure(() => emgr.emit(new Plain({ n: 0 })))).toMatchObject({
				code: "too_many_emits",
			});
			expect(calls).toBe(51);
		});

		it("through deferred listeners is refused, whoever they emit through", async () => {
			for (const through of ["ctx", "emgr", "emgr after an await"] as const) {
				const { emgr, log } = manager({ ...options(), maxEmits: 50 });
				let calls = 0;
				emgr.onEvent(Plain, async (_event, _slug, ctx) => {
					calls++;
					if (through === "emgr after an await") await Promise.resolve();
					await (through === "ctx" ? ctx : emgr).emit(new Plain({ n: calls }));
				});
				await emgr.emit(new Plain({ n: 0 }));
				expect((await emgr.drain()).drained).toBe(true);
				expect(calls).toBe(through === "emgr after an await" ? 51 : 17);
				expect(log.lines.map(({ fields }) => (fields["error"] as { code: string }).code)).toEqual([
					through === "emgr after an await" ? "too_many_emits" : "emit_too_deep",
				]);
			}
		});

		it("inside a request's scope is refused as well", async () => {
			const { emgr } = manager({ ...options(), maxEmits: 50 });
			let calls = 0;
			emgr.onEvent(
				Plain,
				async () => {
					calls++;
					await Promise.resolve();
					await emgr.emit(new Plain({ n: calls }));
				},
				"sync",
			);
			const scope = emgr.scope();
			expect(await failure(() => scope.run(() => emgr.emit(new Plain({ n: 0 }))))).toMatchObject({
				code: "too_many_emits",
			});
			calls = 0;
			expect(await failure(() => scope.run(() => emgr.emit(new Plain({ n: 0 }))))).toMatchObject({
				code: "too_many_emits",
			});
			expect(calls).toBeGreaterThan(40);
		});

		it("of one listener on one path is refused at once, unless it is reentrant", async () => {
			for (const reentrant of [false, true]) {
				const { emgr } = manager(options());
				let calls = 0;
				emgr.onEvent(
					Saving,
					async (_event, _slug, { emit }) => {
						calls++;
						await Promise.resolve();
						if (calls < 5) await emit(saving(posts, 1));
					},
					{ mode: "sync", id: "self", reentrant },
				);
				if (reentrant) {
					await emgr.emit(saving(posts, 1));
					expect(calls).toBe(5);
					continue;
				}
				const error = await failure(() => emgr.emit(saving(posts, 1)));
				expect(error).toMatchObject({ code: "emit_loop" });
				expect((error as Error).message).toMatch(/"self".*"posts\/1": self → self/);
				expect(calls).toBe(1);
			}
		});

		it("over two listeners on one path is found, too", async () => {
			const { emgr } = manager(options());
			const calls: string[] = [];
			const step = (id: string, next: number) =>
				emgr.onEvent(
					Saving,
					(_event, _slug, { emit }) => {
						calls.push(id);
						return emit(saving(posts, next)).then(() => {});
					},
					{ mode: "sync", id, path: `posts/${next === 1 ? 2 : 1}` },
				);
			step("a", 2);
			step("b", 1);
			const error = await failure(() => emgr.emit(saving(posts, 1)));
			expect((error as Error).message).toContain("a → b → a");
			expect(calls).toEqual(["a", "b"]);
		});

		it("is not what a chain over different paths is", async () => {
			const { emgr } = manager(options());
			const ids: number[] = [];
			emgr.onEvent(
				Saving,
				async (event, _slug, { emit }) => {
					const id = event.params.id ?? 0;
					ids.push(id);
					if (id < 10) await emit(saving(posts, id + 1));
				},
				"sync",
			);
			await emgr.emit(saving(posts, 1));
			expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
		});

		it("is not what many emits of a program are", async () => {
			const { emgr } = manager({ ...options(), maxEmits: 10 });
			let calls = 0;
			emgr.onEvent(Plain, () => void calls++);
			emgr.onEvent(Plain, async () => Promise.resolve(), "sync");
			for (let n = 0; n < 100; n++) await emgr.emit(new Plain({ n }));
			await emgr.drain();
			expect(calls).toBe(100);
		});
	});
}

describe("without a context", () => {
	it("a listener that hangs does not add up the emits of other turns", async () => {
		const { emgr } = manager({ maxEmits: 10 });
		emgr.onEvent(Other, () => new Promise<void>(() => {}), "sync");
		emgr.onEvent(Plain, () => Promise.resolve(), "sync");
		void emgr.emit(new Other());
		for (let n = 0; n < 100; n++) {
			await emgr.emit(new Plain({ n }));
			if (n % 10 === 9) await new Promise((resolve) => setTimeout(resolve, 0));
		}
	});

	it("emits that wait for one another are refused, however many turns they take", async () => {
		const { emgr } = manager({ maxEmits: 10 });
		let calls = 0;
		emgr.onEvent(
			Plain,
			async () => {
				calls++;
				await new Promise((resolve) => setTimeout(resolve, 0));
				await emgr.emit(new Plain({ n: calls }));
			},
			"sync",
		);
		const error = await failure(() => emgr.emit(new Plain({ n: 0 })));
		expect(error).toMatchObject({ code: "too_many_emits" });
		expect(calls).toBe(11);
	});
});

describe("with a context", () => {
	it("all events of one origin count as one", async () => {
		const { emgr } = manager({ context: storage(), maxEmits: 10 });
		emgr.onEvent(Other, () => Promise.resolve(), "sync");
		let refused: unknown;
		const write = async (): Promise<void> => {
			const origin = emgr.origin();
			for (let n = 0; n < 5; n++) await emgr.dispatchFrom(origin, new Other());
		};
		const writeAll = async (count: number): Promise<void> => {
			await Promise.resolve();
			await Promise.all(Array.from({ length: count }, write));
		};
		emgr.onEvent(
			Plain,
			({ params }) =>
				writeAll(params.n).catch((error: unknown) => {
					refused = error;
				}),
			"sync",
		);
		await emgr.emit(new Plain({ n: 10 }));
		expect(refused).toBeUndefined();
		await emgr.emit(new Plain({ n: 11 }));
		expect(refused).toMatchObject({ code: "too_many_emits" });
	});

	it("emits at the same time, outside of any scope, don't count against each other", async () => {
		const { emgr } = manager({ context: storage(), maxEmits: 10 });
		emgr.onEvent(Plain, () => Promise.resolve(), "sync");
		await Promise.all(Array.from({ length: 100 }, (_, n) => emgr.emit(new Plain({ n }))));
	});
});

describe("causation", () => {
	it("leads from the root through every listener", async () => {
		const { emgr } = manager();
		const seen: unknown[] = [];
		const root = new Plain({ n: 1 });
		emgr.onEvent(
			Plain,
			async (_event, _slug, { emit }) => {
				await Promise.resolve();
				await emit(saving(posts, 1));
			},
			{ mode: "sync", id: "first" },
		);
		emgr.onEvent(Saving, (_event, _slug, { emit }) => void emit(new Other()), { id: "second" });
		emgr.onEvent(Other, (event) => void seen.push(event.context.causation), "sync");
		await emgr.emit(root);
		await emgr.drain();
		expect(seen).toEqual([{ rootId: root.context.id, depth: 2, path: ["first", "second"] }]);
		expect(root.context.causation).toEqual({ rootId: root.context.id, depth: 0, path: [] });
	});

	it("does not stick to what is emitted after a listener has returned or thrown", async () => {
		const { emgr } = manager();
		emgr.onEvent(Plain, () => {}, "sync");
		emgr.onEvent(
			Plain,
			() => {
				throw new Error("x");
			},
			"sync",
		);
		expect(() => emgr.dispatch(new Plain({ n: 1 }))).toThrow("x");
		const event = await emgr.emit(new Other());
		expect(event.context.causation.depth).toBe(0);
		expect(emgr.origin().frame).toBeUndefined();
	});

	it("is complete also when the context was read before the emit", async () => {
		const { emgr } = manager();
		const event = new Other();
		const { id } = event.context;
		emgr.onEvent(Plain, (_event, _slug, { emit }) => emit(event).then(() => {}), {
			mode: "sync",
			id: "cause",
		});
		emgr.onEvent(Other, () => {}, "sync");
		await emgr.scope({ actor: { id: "a" } }).emit(new Plain({ n: 1 }));
		expect(event.context).toMatchObject({ id, actor: { id: "a" }, causation: { path: ["cause"] } });
	});
});
