import { afterAll, beforeAll, expect, test } from "vitest";
import { BundledWorker } from "./bundled-worker.ts";
import { Desk } from "./desk.ts";

const MINUTE = 60_000;

const APP = `import { serve } from "burdock/cloudflare";
import { AppEvents, defineService } from "burdock";

const Desk = defineService("desk");
const Bindings = defineService("bindings");

export default serve({
	beforeBuild(app) {
		app.provide(Bindings, (_, { env }) => env, { per: "scope" });
	},
	onServerInit(hono) {
		hono.post("/orders", async (c) => {
			await c.env.ORDERS.sendBatch((await c.req.json()).map((body) => ({ body })));
			return c.body(null, 202);
		});
	},
	onBuilt({ emgr }) {
		const note = ({ DESK }, text) => fetch(DESK + "/note/" + encodeURIComponent(text));
		emgr.onEvent(AppEvents.AppQueueMessage, async ({ params: { queue, message } }, _, { get }) => {
			await note(get(Bindings), [queue, JSON.stringify(message.body), message.attempts].join(" "));
			if (message.body === "twice" && message.attempts < 2) throw new Error("not yet");
		}, "sync");
		emgr.onEvent(AppEvents.AppQueueMessage, async ({ params: { message } }, _, { get }) => {
			await note(get(Bindings), "async " + JSON.stringify(message.body));
		}, "async");
	},
});
`;

const QUEUES = {
	queues: {
		producers: [{ binding: "ORDERS", queue: "orders" }],
		consumers: [{ queue: "orders", max_batch_timeout: 0, max_retries: 3, retry_delay: 0 }],
	},
};

const desk = new Desk();
let worker: BundledWorker;

beforeAll(async () => {
	worker = new BundledWorker(APP, { DESK: await desk.open() }, QUEUES);
	await worker.start();
}, MINUTE);
afterAll(async () => {
	await worker?.stop();
	desk.close();
}, MINUTE);

test(
	"messages go through a queue into listeners, and what is refused comes again",
	{ timeout: MINUTE },
	async () => {
		const bodies = [0, "", false, null, { a: [1] }, "twice"];
		const response = await worker.send("/orders", { method: "POST", body: JSON.stringify(bodies) });
		expect(response.status).toBe(202);
		await desk.noted('async "twice"');
		const heard = desk.notes.filter((note) => note.startsWith("orders"));
		expect(heard.toSorted()).toEqual(
			[...bodies.map((body) => `orders ${JSON.stringify(body)} 1`), 'orders "twice" 2'].toSorted(),
		);
		expect(desk.notes.filter((note) => note.startsWith("async"))).toHaveLength(bodies.length);
	},
);
