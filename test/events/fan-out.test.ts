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
