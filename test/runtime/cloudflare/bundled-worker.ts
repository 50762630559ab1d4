import { unstable_startWorker } from "wrangler";
import { createTable } from "../../../src/data/migrate/create-table.ts";
import { OWN_TABLES } from "../../../src/data/migrate/own-tables.ts";
import { CliProject } from "../../support/cli-project.ts";
import { notes } from "../workerd/cloudflare/notes-schema.ts";

/** The token of every bundled Worker. */
export const TOKEN = "s3cret";
export const NOTES = "/api/data/entity/notes";

const WRANGLER = {
	name: "bundled",
	main: "worker.js",
	compatibility_date: "2026-11-01",
	compatibility_flags: ["nodejs_als"],
	d1_databases: [{ binding: "DB", database_name: "db", database_id: "db" }],
};

const TABLES = [...OWN_TABLES.map(({ sql }) => sql), ...createTable(notes)];

/** Makes the tables, and wraps the handlers of the Worker that the tests write. */
const ENTRY = `import worker from "./app.js";

export default {
	...worker,
	async fetch(request, env, context) {
		if (new URL(request.url).pathname !== "/tables") return worker.fetch(request, env, context);
		await env.DB.batch(${JSON.stringify(TABLES)}.map((sql) => env.DB.prepare(sql)));
		return new Response();
	},
};
`;

/** A Worker that wrangler has bundled, and runs in a workerd of its own. */
export class BundledWorker {
	readonly #project: CliProject;
	#worker: Awaited<ReturnType<typeof unstable_startWorker>> | undefined;

	/**
	 * @param app The module of the handlers. @param vars Settings beside the token. @param more What
	 * wrangler's config has beside that.
	 */
	constructor(app: string, vars: Readonly<Record<string, string>> = {}, more: object = {}) {
		const config = { ...WRANGLER, vars: { BURDOCK_TOKEN: TOKEN, ...vars }, ...more };
		this.#project = new CliProject({
			"worker.js": ENTRY,
			"app.js": app,
			"wrangler.json": JSON.stringify(config),
		});
	}

	/** Starts it, and makes the tables without touching the app. */
	async start(): Promise<void> {
		this.#worker = await unstable_startWorker({
			config: `${this.#project.folder}/wrangler.json`,
			dev: { logLevel: "none", server: { port: 0 }, inspector: false, watch: false },
		});
		await this.send("/tables");
	}

	/** Sends a request over its socket, in the name of the holder of the token. */
	async send(path: string, init: RequestInit = {}): Promise<Response> {
		const url = await this.#worker?.url;
		const headers = { authorization: `Bearer ${TOKEN}`, ...(init.headers as object) };
		return fetch(new URL(path, url), { ...init, headers });
	}

	/** Fires a Cron Trigger; answers what the runtime makes of it. */
	async fire(cron: string): Promise<string> {
		const query = new URLSearchParams({ cron, format: "json" }).toString();
		const response = await this.send(`/cdn-cgi/local/scheduled?${query}`);
		return ((await response.json()) as { readonly outcome: string }).outcome;
	}

	async stop(): Promise<void> {
		await this.#worker?.dispose();
		this.#project.remove();
	}
}
