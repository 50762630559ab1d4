import { expect, it } from "vitest";
import { EventManager, InProcessBus } from "../../../src/events/index.ts";
import type { EventAdapter } from "../../../src/events/index.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { adapterConformance } from "../../../src/testing/index.ts";

/** A manager as a Worker has it. */
function manager(history = {}): EventManager {
	return new EventManager([], { logger: silentLogger, deferral: "await", history });
}

it("remembers what happened, as copies without secrets", async () => {
	const emgr = manager({ redact: ["password"] });
	const params = { name: "ada", password: "secret", at: new Date(5), body: new Uint8Array(2) };
	await emgr.emit("user.created", params);
	await emgr.emit("request.made", { request: new Request("https://a.example/b") });
	params.name = "later";
	expect((await emgr.history()).map((record) => record.params)).toEqual([
		{ name: "ada", password: "[redacted]", at: new Date(5), body: "[Uint8Array, 2 bytes]" },
		{ request: { method: "GET", url: "https://a.example/b" } },
	]);
});

it("waits for what is published, so that it is not lost with the request", async () => {
	const sent: string[] = [];
	const adapter: EventAdapter = {
		publish: ({ type }) => new Promise((resolve) => setTimeout(() => resolve(sent.push(type)), 0)),
	};
	const emgr = manager();
	emgr.connect(adapter, { publish: "order.*" });
	await emgr.emit("order.paid", {});
	expect(sent).toEqual(["order.paid"]);
	const work: Promise<unknown>[] = [];
	await emgr.scope({ waitUntil: (one) => work.push(one) }).emit("order.shipped", {});
	await Promise.all(work);
	expect(sent).toEqual(["order.paid", "order.shipped"]);
});

it.each(adapterConformance(() => new InProcessBus()))("$name", ({ run }) => run());
