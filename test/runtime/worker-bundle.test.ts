import { afterEach, beforeEach, expect, it } from "vitest";
import { unstable_startWorker } from "wrangler";
import { OWN_TABLES } from "../../src/data/migrate/own-tables.ts";
import { CliProject } from "../support/cli-project.ts";

const WORKER = `import { AsyncLocalStorage } from "node:async_hooks";
import { AppEvents, createApp, defineService, listen } from "burdock";
import { D1 } from "burdock/data/d1";

const Visits = defineService("visits");

class Headers {
	static inject = [Visits];
	constructor(visits) {
		this.visits = visits;
	}

	@listen(AppEvents.AppRequest, "sync")
	@listen("app-before-response", "sync")
	count({ params: { response } }) {
		this.visits.push(this);
		if (this.visits[0] !== this) throw new Error("It was made anew.");
		response?.headers.set("x-visits", String(this.visits.length));
	}
}

const log = () => {};
const logger = { debug: log, info: log, warn: log, error: log, child: () => logger };
const platform = {
	runtime: "workers",
	env: {},
	clock: { now: () => Date.now() },
	logger,
	exposure: "public",
	deferral: "await",
	createContext() {
		const storage = new AsyncLocalStorage();
		return { get: () => storage.getStore(), run: (value, call) => storage.run(value, call) };
	},
};
let app;

export default {
	async fetch(request, env, context) {
		const database = new D1(env.DB);
		if (!app) await database.batch(${JSON.stringify(OWN_TABLES)});
		app ??= createApp({
			connection: database,
			listeners: [Headers],
			beforeBuild: (app) => app.provide(Visits, () => [], { per: "scope" }),
			onServerInit: (hono, app) => hono.get("/api/visits", (c) => c.json(app.get(Visits).length)),
		}, platform);
		return app.fetch(request, env, context);
	},
};
`;

const WRANGLER = {
	name: "decorated",
	main: "worker.js",
	compatibility_date: "2026-11-01",
	compatibility_flags: ["nodejs_als"],
	d1_databases: [{ binding: "DB", database_name: "db", database_id: "db" }],
};

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "worker.js": WORKER, "wrangler.json": JSON.stringify(WRANGLER) });
});
afterEach(() => project.remove());

it("a class with decorators listens in a Worker that wrangler has bundled", async () => {
	const worker = await unstable_startWorker({
		config: `${project.folder}/wrangler.json`,
		dev: { logLevel: "none", server: { port: 0 }, inspector: false, watch: false },
	});
	try {
		for (let request = 0; request < 2; request++) {
			const response = await worker.fetch("http://localhost/api/visits");
			expect([await response.text(), response.headers.get("x-visits")]).toEqual(["1", "2"]);
		}
	} finally {
		await worker.dispose();
	}
}, 60_000);
