import { describe, expect, it } from "vitest";
import {
	defineEvent,
	type Actor,
	type AnyEvent,
	type EventPolicy,
} from "../../src/events/index.ts";
import type { StandardSchema } from "../../src/kernel/schema.ts";
import {
	Closing,
	failure,
	LocalSaving,
	manager,
	posts,
	Saving,
	saving,
	storage,
} from "../events/stand-ins.ts";

const ada: Actor = { id: "ada" };

/** Everybody may do everything, but for what begins like this. */
function allBut(...hidden: readonly string[]): EventPolicy {
	return (_, resource) => !hidden.includes(resource);
}

/** A manager, and what an outside actor of it may do; orders are sent with `order`. */
function outside(policy?: EventPolicy) {
	const { emgr, log } = manager(policy === undefined ? {} : { policy });
	return { emgr, log, ada: emgr.as(ada) };
}

function slugs(events: readonly AnyEvent[]): readonly string[] {
	return events.map(({ slug }) => slug);
}

/** Events that are in a channel now, which is closed. */
async function drained(channel: AsyncIterable<AnyEvent> & { close(): void }): Promise<AnyEvent[]> {
	channel.close();
	const events: AnyEvent[] = [];
	for await (const event of channel) events.push(event);
	return events;
}

/** What outside actors may do, wherever it runs. */
export function describePolicy(runtime: string): void {
	describe(`the policy for outside actors, in ${runtime}`, () => {
		const denied = { code: "policy_denied", kind: "invalid", retryable: false };

		describe("errors are of kind invalid, and trying again does not help", () => {
			it.each([
				["an empty system", ".created", "bad_event_name"],
				["an empty kind", "orders.", "bad_event_name"],
				["nothing at all", "", "bad_event_name"],
			])("to send to %s", async (_, name, code) => {
				const error = await failure(() => outside(() => true).ada.emit(name, {}));
				expect(error).toMatchObject({ code, kind: "invalid", retryable: false });
			});

			it.each([
				["an empty system", ".created", "bad_pattern"],
				["an empty kind", "orders.", "bad_pattern"],
				["nothing at all", "", "bad_pattern"],
			])("to subscribe to %s", async (_, ref, code) => {
				const { ada } = outside(() => true);
				const expected = { code, kind: "invalid", retryable: false };
				expect(await failure(() => ada.subscribe(ref))).toMatchObject(expected);
				expect(await failure(() => ada.next(["orders.*", ref]))).toMatchObject(expected);
			});

			it("to send with an empty path", async () => {
				const { ada } = outside(() => true);
				expect(await failure(() => ada.emit("orders.created", {}, { path: "" }))).toMatchObject({
					code: "bad_event_path",
					kind: "invalid",
					retryable: false,
				});
			});

			it("to subscribe with an empty path", async () => {
				const { ada } = outside(() => true);
				expect(await failure(() => ada.subscribe("orders.*", { path: "" }))).toMatchObject({
					code: "bad_listener",
					kind: "invalid",
					retryable: false,
				});
			});

			it("to be denied by the policy", async () => {
				const { ada, emgr } = outside(() => false);
				expect(await failure(() => ada.subscribe("orders.*"))).toMatchObject(denied);
				expect(await failure(() => ada.next("orders.*"))).toMatchObject(denied);
				expect(await failure(() => ada.emit("orders.created", {}))).toMatchObject(denied);
				expect(emgr.getListeners()).toEqual([]);
			});
		});

		it("tells a bad name from a denied one: names are checked before the policy is asked", async () => {
			const { ada, emgr } = outside();
			const codes: unknown[] = [];
			for (const call of [
				() => ada.subscribe("orders.("),
				() => ada.subscribe("nowhere"),
				() => ada.emit("orders.*", {}),
				() => ada.emit("nowhere", {}),
				() => ada.emit("orders.created", {}, { path: "" }),
				() => ada.subscribe("orders.*"),
				() => ada.emit("orders.created", {}),
			]) {
				codes.push(await failure(call).then((error) => (error as { code: string }).code));
			}
			expect(codes).toEqual([
				"bad_pattern",
				"unknown_event",
				"bad_event_name",
				"unknown_event",
				"bad_event_path",
				"policy_denied",
				"policy_denied",
			]);
			expect(emgr.getListeners()).toEqual([]);
		});

		it("names who was denied what", async () => {
			const error = await failure(() => outside().ada.subscribe("orders.*"));
			expect(error).toMatchObject({
				message: 'The policy does not let "ada" do events.subscribe with "orders.*".',
			});
		});

		it("is asked for each pattern of an array", async () => {
			const asked: unknown[] = [];
			const { ada } = outside((action, resource, actor) => {
				asked.push([action, resource, actor.id]);
				return resource !== "secrets.*";
			});
			expect(await failure(() => ada.subscribe(["orders.*", "secrets.*", "tags.*"]))).toMatchObject(
				denied,
			);
			expect(asked).toEqual([
				["events.subscribe", "orders.*", "ada"],
				["events.subscribe", "secrets.*", "ada"],
			]);
		});

		it.each(["orders.*", "**", "*", "orders.(private|paid)"])(
			"hides a denied event from %s, and from nobody inside",
			async (glob) => {
				const { ada, emgr } = outside(allBut("orders.private"));
				const inside = emgr.subscribe(glob);
				const channel = ada.subscribe(glob);
				for (const name of ["orders.private", "orders.paid"]) await emgr.emit(name, {});
				expect(slugs(await drained(channel))).toEqual(["orders.paid"]);
				expect(slugs(await drained(inside))).toEqual(["orders.private", "orders.paid"]);
			},
		);

		it("lets nothing that is denied end the wait for the next event", async () => {
			const { ada, emgr } = outside(allBut("orders.private"));
			const next = ada.next("orders.*");
			await emgr.emit("orders.private", {});
			await emgr.emit("orders.paid", {});
			expect((await next).slug).toBe("orders.paid");
		});

		it("does not show a denied event to the actor's own where", async () => {
			const { ada, emgr } = outside(allBut("orders.private"));
			const seen: string[] = [];
			const channel = ada.subscribe("orders.*", {
				where: ({ slug }) => {
					seen.push(slug);
					return slug !== "orders.late";
				},
			});
			for (const name of ["orders.private", "orders.paid", "orders.late"]) {
				await emgr.emit(name, {});
			}
			expect(seen).toEqual(["orders.paid", "orders.late"]);
			expect(slugs(await drained(channel))).toEqual(["orders.paid"]);
		});

		it.each(["saving", "data.posts.save.before"])(
			"hides an event of which it denies only %s",
			async (name) => {
				const { ada, emgr } = outside(allBut(name));
				const channel = ada.subscribe("**");
				await emgr.emit(saving(posts, 1));
				expect(await drained(channel)).toEqual([]);
				expect(await failure(() => ada.emit(saving(posts, 1)))).toMatchObject(denied);
			},
		);

		it("asks for slug and topic at each delivery, and once where they are the same", async () => {
			const asked: string[] = [];
			const { ada, emgr } = outside((_, resource) => asked.push(resource) > 0);
			ada.subscribe(["orders.*", Saving]);
			await emgr.emit("orders.paid", {});
			await emgr.emit(saving(posts, 1));
			expect(asked).toEqual([
				"orders.*",
				"saving",
				"orders.paid",
				"saving",
				"data.posts.save.before",
			]);
		});

		it.each([
			["throws", () => expect.unreachable("as a policy might")],
			["promises a yes", async () => true],
			["promises, and fails", () => Promise.reject(new Error("late"))],
			["says nothing", () => undefined],
			["says something that is merely true", () => 1],
		])("takes it for a no when it %s", async (_, policy) => {
			const { ada, emgr } = outside(policy as unknown as EventPolicy);
			expect(await failure(() => ada.subscribe("orders.*"))).toMatchObject(denied);
			expect(await failure(() => ada.emit("orders.paid", {}))).toMatchObject(denied);
			expect(emgr.getListeners()).toEqual([]);
		});

		it("reports what it throws, at delivery too, and delivers nothing", async () => {
			const { ada, emgr, log } = outside((_, resource) => {
				if (resource === "orders.paid") throw new Error("no such tenant");
				return true;
			});
			const channel = ada.subscribe("orders.*");
			const heard: string[] = [];
			emgr.on("orders.*", ({ slug }) => void heard.push(slug), "sync");
			await emgr.emit("orders.paid", {});
			expect(await drained(channel)).toEqual([]);
			expect(heard).toEqual(["orders.paid"]);
			expect(log.of("error")).toEqual(["The event policy failed."]);
			expect(log.lines[0]?.fields).toMatchObject({
				action: "events.subscribe",
				resource: "orders.paid",
				actor: "ada",
				error: new Error("no such tenant"),
			});
		});

		it("is never asked for what code inside does", async () => {
			const { emgr } = outside(() => expect.unreachable());
			const channel = emgr.subscribe("**");
			emgr.on("orders.*", () => {}, "sync");
			await emgr.emit("orders.paid", {});
			expect(slugs(await drained(channel))).toEqual(["orders.paid"]);
		});

		it("lets a denied sender reach nobody", async () => {
			const { ada, emgr } = outside((action) => action === "events.subscribe");
			const heard: string[] = [];
			emgr.on("orders.*", ({ slug }) => void heard.push(slug), "sync");
			expect(await failure(() => ada.emit("orders.paid", {}))).toMatchObject(denied);
			expect(heard).toEqual([]);
		});

		it("cannot let anybody send what means something only where it happens", async () => {
			const { emgr } = manager({ policy: () => true }, [Closing, LocalSaving]);
			const outsider = emgr.as(ada);
			const heard: string[] = [];
			emgr.onAny(({ slug }) => void heard.push(slug), "sync");
			const params = { entity: posts, data: {} };
			for (const send of [
				() => outsider.emit(Closing),
				() => outsider.emit("closing"),
				() => outsider.emit("app.closing", {}),
				() => outsider.emit(new LocalSaving(params)),
				() => outsider.emit("local-saving", params),
				() => outsider.emit("data.posts.save.before", params),
			]) {
				expect(await failure(send)).toMatchObject(denied);
			}
			expect(heard).toEqual([]);
			await outsider.emit("data.posts.saved", {});
			expect(heard).toEqual(["data.posts.saved"]);
		});

		it("may let somebody hear of it", async () => {
			const { emgr } = manager({ policy: () => true }, [Closing]);
			const channel = emgr.as(ada).subscribe([Closing]);
			await emgr.emit(new Closing());
			expect(slugs(await drained(channel))).toEqual(["closing"]);
		});

		it("sees the topic that a schema makes of the params", async () => {
			const schema: StandardSchema<unknown, { readonly entity: string }> = {
				"~standard": {
					version: 1,
					vendor: "test",
					validate: () => ({ value: { entity: "secrets" } }),
				},
			};
			class Moved extends defineEvent("moved", schema) {
				static override slug = "moved";
				override get topic(): string {
					return `moved.${this.params.entity}`;
				}
			}
			const { ada } = outside(allBut("moved.secrets"));
			expect(await failure(() => ada.emit(Moved, { entity: "posts" }))).toMatchObject(denied);
		});
	});

	describe(`an outside actor, in ${runtime}`, () => {
		it.each(["with", "without"])("acts in its events, %s asynchronous context", async (having) => {
			const context = having === "with" ? { context: storage() } : {};
			const { emgr } = manager({ policy: () => true, ...context });
			const actors: unknown[] = [];
			const depths: number[] = [];
			emgr.on("orders.*", async (event, _, ctx) => {
				actors.push(event.context.actor?.id, ctx.actor?.id);
				depths.push(event.context.causation.depth);
				if (event.slug === "orders.paid") await ctx.emit("orders.sent", {});
			});
			const event = await emgr.as(ada).emit("orders.paid", {}, { path: "orders/1" });
			expect(event.context.actor).toBe(ada);
			expect(event.path).toBe("orders/1");
			await emgr.drain();
			expect(actors).toEqual(["ada", "ada", "ada", "ada"]);
			expect(depths).toEqual([0, 1]);
			expect((await emgr.emit("orders.paid", {})).context.actor).toBeUndefined();
		});

		it("acts in the scope around it: its request, its queue, its services", async () => {
			const scopes = new Set<unknown>();
			const { emgr } = manager({
				policy: () => true,
				context: storage(),
				resolve: (_, scope) => scopes.add(scope),
			});
			const request = new Request("http://localhost/");
			const scope = emgr.scope({ request, actor: { id: "server" }, meta: { requestId: "r1" } });
			const seen: unknown[] = [];
			emgr.on("orders.*", (event, _, ctx) => {
				ctx.get(Map);
				const { actor, request: of, meta } = event.context;
				seen.push([actor?.id, of === request, meta["requestId"]]);
			});
			await scope.run(async () => {
				await emgr.emit("orders.created", {});
				await emgr.as(ada).emit("orders.paid", {});
				expect(scope.pending).toBe(2);
			});
			expect(seen).toEqual([]);
			await scope.executeAsyncs();
			expect(seen).toEqual([
				["server", true, "r1"],
				["ada", true, "r1"],
			]);
			expect(scopes.size).toBe(1);
		});

		it("can hide no loop: its emits count with those of the scope around it", async () => {
			const { emgr } = manager({ policy: () => true, context: storage(), maxEmits: 50 });
			emgr.on(
				"orders.paid",
				async () => {
					await Promise.resolve();
					await emgr.as(ada).emit("orders.paid", {});
				},
				"sync",
			);
			expect(await failure(() => emgr.as(ada).emit("orders.paid", {}))).toMatchObject({
				code: "too_many_emits",
			});
		});

		it("may wait until async listeners are done, or be aborted", async () => {
			const { emgr } = manager({ policy: () => true });
			let done = 0;
			emgr.on("orders.paid", async () => {
				await Promise.resolve();
				done++;
			});
			await emgr.as(ada).emit("orders.paid", {}, { settle: true });
			expect(done).toBe(1);
			const signal = AbortSignal.abort(new Error("gone"));
			expect(await failure(() => emgr.as(ada).emit("orders.paid", {}, { signal }))).toMatchObject({
				message: "gone",
			});
		});
	});
}
