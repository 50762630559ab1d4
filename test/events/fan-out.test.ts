import { expect, it } from "vitest";
import { EventManager } from "../../src/events/index.ts";
import { silentLogger } from "../../src/kernel/logger.ts";

// Each call causes two more, as a write does with its Before and After: 2^16 calls if only the depth ended it.
it("a listener to everything that causes several events itself is stopped before it floods", async () => {
	const emgr = new EventManager([], { logger: silentLogger });
	let calls = 0;
	emgr.on("*", async () => {
		calls++;
		await Promise.all([emgr.emit("audit.before"), emgr.emit("audit.after")]);
	});
	await emgr.emit("user.created");
	await emgr.drain();
	expect(calls).toBeLessThan(1000);
});

it("a listener deep in a chain may cause as many events as it likes: a bulk write is one cause", async () => {
	const emgr = new EventManager();
	let heard = 0;
	emgr.on("link.*", async (event, _slug, { emit }) => {
		const depth = event.params as number;
		if (depth < 10) await emit(`link.n${depth + 1}`, depth + 1);
		else for (let row = 0; row < 1000; row++) await emit("row.stored", row);
	});
	emgr.on("row.stored", () => void heard++, "sync");
	await emgr.emit("link.n0", 0);
	await emgr.drain();
	expect(heard).toBe(1000);
});
