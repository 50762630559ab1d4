import { createClient } from "redis";
import { redisAdapter } from "../../../src/events/bridge/redis.ts";
import { EventManager } from "../../../src/events/index.ts";

/** Another process: it answers `peer.asked` with `peer.answered`, and says so when it is ready. */
const [url = ""] = process.argv.slice(2);
const publisher = await createClient({ url }).connect();
const subscriber = await createClient({ url }).connect();
const emgr = new EventManager();
emgr.on("peer.asked", (event, _, { emit }) => {
	const { n } = event.params as { readonly n: number };
	return emit("peer.answered", { n: n + 1, pid: process.pid }).then(() => {});
});
const bridge = emgr.connect(redisAdapter({ publisher, subscriber }), {
	publish: "peer.answered",
	receive: "peer.asked",
	source: "/peer",
});
await bridge.ready;
console.log("ready");
