import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { AppEvents } from "../../../src/app/app-events.ts";
import type { Config } from "../../../src/app/config.ts";
import { silentLogger } from "../../../src/kernel/logger.ts";
import { NodeServer } from "../../../src/runtime/node/node-server.ts";
import { serve } from "../../../src/runtime/node/serve.ts";
import { CliProject, config } from "../../support/cli-project.ts";

const BOOTSTRAP = ["server-bootstrap", "server-main-bootstrap", "server-worker-bootstrap"];
const DONE = [
	"server-main-bootstrap-done",
	"server-worker-bootstrap-done",
	"server-bootstrap-done",
];
const SHUTDOWN = ["server-worker-shutdown", "server-main-shutdown", "server-shutdown"];

/** What a process was told: a line each. */
interface Told {
	readonly pid: number;
	readonly slug: string;
	readonly worker?: number;
	readonly url?: string;
	readonly exitCode?: number;
}

/** A project whose config notes the events of server and command in a file. */
function project(): { readonly made: CliProject; told(): readonly Told[] } {
	const made = new CliProject({
		"bknd.config.ts": `import { appendFileSync } from "node:fs";\n${config(`
			onBuilt({ emgr }) {
				emgr.onAny(({ params }, slug) => {
					if (!/^(?:server-|command-|app-shutdown)/.test(slug)) return;
					const { worker, url, exitCode } = params as Record<string, unknown>;
					const told = { pid: process.pid, slug, worker, url, exitCode };
					appendFileSync("told.txt", JSON.stringify(told) + "\\n");
				}, "sync");
			}`)}`,
	});
	onTestFinished(() => made.remove());
	const told = (): readonly Told[] =>
		readFileSync(join(made.folder, "told.txt"), "utf8")
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as Told);
	return { made, told };
}

function slugsOf(told: readonly Told[]): readonly string[] {
	return told.map(({ slug }) => slug);
}

const MEMORY: Config = { connection: { url: ":memory:" } };
const OPTIONS = { port: 0, signals: "ignore", logger: silentLogger } as const;

describe("a server that is one process", () => {
	it("tells each event once, in order", async () => {
		const { made, told } = project();
		const { server, url } = await made.serve();
		expect(await server.stop()).toBe(0);
		expect(slugsOf(told())).toEqual([
			"command-execute",
			...BOOTSTRAP,
			...DONE,
			...SHUTDOWN,
			"command-executed",
			"app-shutdown",
		]);
		for (const { slug, url: said } of told()) {
			expect(said, slug).toBe(slug.startsWith("server-") ? url : undefined);
		}
		expect(told().find(({ slug }) => slug === "command-executed")).toMatchObject({ exitCode: 0 });
	});

	it("tells them without a command line as well, with app and url", async () => {
		const params: [string, readonly string[]][] = [];
		const server = await serve(
			{
				...MEMORY,
				onBuilt({ emgr }) {
					emgr.on(
						"server-*",
						(event, slug) => void params.push([slug, Object.keys(event.params as object)]),
						"sync",
					);
				},
			},
			OPTIONS,
		);
		await server.close();
		await server.close();
		const slugs = [...BOOTSTRAP, ...DONE, ...SHUTDOWN];
		expect(params).toEqual(slugs.map((slug) => [slug, ["app", "url"]]));
	});

	it("answers only once the listeners of the bootstrap are done, and in those of its end", async () => {
		const order: string[] = [];
		const server = await serve(
			{
				...MEMORY,
				onServerInit: (hono) => void hono.get("/x", (context) => context.text("x")),
				onBuilt({ emgr }) {
					emgr.onEvent(
						AppEvents.ServerBootstrap,
						async ({ params: { url } }) => {
							void fetch(`${url}/x`).then(() => order.push("early request"));
							await new Promise((resolve) => setImmediate(resolve));
							order.push("bootstrap");
						},
						"sync",
					);
					emgr.onEvent(
						AppEvents.ServerBootstrapDone,
						async ({ params: { url } }) => {
							order.push((await fetch(`${url}/x`)).ok ? "done" : "refused");
						},
						"sync",
					);
				},
			},
			OPTIONS,
		);
		await server.close();
		expect(order[0]).toBe("bootstrap");
		expect(order.toSorted()).toEqual(["bootstrap", "done", "early request"]);
	});

	it("lets a listener end responses that would go on, before it waits for requests", async () => {
		const ended = Promise.withResolvers<void>();
		const server = await serve(
			{
				...MEMORY,
				onServerInit(hono) {
					hono.get("/long", async (context) => {
						await ended.promise;
						return context.text("the end");
					});
				},
				onBuilt({ emgr }) {
					emgr.onEvent(AppEvents.ServerWorkerShutdown, () => ended.resolve(), "sync");
				},
			},
			OPTIONS,
		);
		const asked = Promise.withResolvers<void>();
		server.app.emgr.onEvent(AppEvents.AppRequest, () => asked.resolve(), "sync");
		const answer = fetch(`${server.url}/long`);
		await asked.promise;
		expect(await server.close()).toEqual({ clean: true, cut: 0, pending: 0 });
		expect(await (await answer).text()).toBe("the end");
	});

	it("does not wait beyond the deadline for a listener of the shutdown, and says so", async () => {
		const server = await serve(
			{
				...MEMORY,
				onBuilt({ emgr }) {
					emgr.onEvent(AppEvents.ServerShutdown, () => new Promise<void>(() => {}), "sync");
				},
			},
			{ ...OPTIONS, drain: 50 },
		);
		expect(await server.close()).toMatchObject({ clean: false, pending: 1 });
	});

	it("tells nothing again when another app takes over", async () => {
		const slugs: string[] = [];
		const noting = (name: string): Config => ({
			...MEMORY,
			onBuilt({ emgr }) {
				emgr.on("server-*", (_event, slug) => void slugs.push(`${name} ${slug}`), "sync");
			},
		});
		const server = await NodeServer.start(noting("old"), { ...OPTIONS, replaceable: true });
		await server.replace(noting("new"));
		await server.close();
		expect(slugs).toEqual([
			...[...BOOTSTRAP, ...DONE].map((slug) => `old ${slug}`),
			...SHUTDOWN.map((slug) => `new ${slug}`),
		]);
	});

	it("starts and stops whatever its listeners throw", async () => {
		const server = await serve(
			{
				...MEMORY,
				onBuilt({ emgr }) {
					const fail = (): never => {
						throw new Error("no");
					};
					emgr.on("server-*", fail, "sync");
				},
			},
			OPTIONS,
		);
		expect((await fetch(`${server.url}/health`)).status).toBe(200);
		expect(await server.close()).toMatchObject({ clean: true });
	});
});

describe("a server with workers", () => {
	it("tells the main process and each worker their own events, each once", async () => {
		const { made, told } = project();
		const { server, url } = await made.serve("start", {}, ["--port", "0", "--workers", "2"]);
		expect(await server.stop()).toBe(0);
		const all = told();
		const main = all.filter(({ worker, slug }) => !worker && slug !== "app-shutdown");
		const ofMain = (slug: string): boolean => !slug.includes("worker");
		expect(slugsOf(main)).toEqual([
			"command-execute",
			...BOOTSTRAP.filter(ofMain),
			...DONE.filter(ofMain),
			...SHUTDOWN.filter(ofMain),
			"command-executed",
		]);
		expect(new Set(main.map(({ pid }) => pid)).size).toBe(1);
		for (const worker of [1, 2]) {
			const own = all.filter((one) => one.worker === worker);
			const ofWorker = (slug: string): boolean => !slug.includes("main");
			const slugs = [...BOOTSTRAP, ...DONE, ...SHUTDOWN].filter(ofWorker);
			expect(slugsOf(own)).toEqual(slugs);
			expect(new Set(own.map((one) => one.url))).toEqual(new Set([url]));
		}
		expect(slugsOf(all).filter((slug) => slug === "app-shutdown")).toHaveLength(3);
	});

	it("begins in the main process, and ends there", async () => {
		const { made, told } = project();
		const { server } = await made.serve("start", {}, ["--port", "0", "--workers", "2"]);
		await server.stop();
		const slugs = slugsOf(told());
		const place = (slug: string): number => slugs.indexOf(slug);
		expect(place("server-main-bootstrap")).toBeLessThan(place("server-worker-bootstrap"));
		expect(slugs.lastIndexOf("server-worker-bootstrap-done")).toBeLessThan(
			place("server-main-bootstrap-done"),
		);
		expect(slugs.lastIndexOf("server-worker-shutdown")).toBeLessThan(place("server-main-shutdown"));
	});

	it("stops one worker after the other", async () => {
		const { made, told } = project();
		const { server } = await made.serve("start", {}, ["--port", "0", "--workers", "2"]);
		await server.stop();
		const ends = told().filter(({ slug, worker }) => worker && slug.endsWith("shutdown"));
		expect(ends.map(({ slug, worker }) => [worker, slug])).toEqual([
			[1, "server-worker-shutdown"],
			[1, "server-shutdown"],
			[2, "server-worker-shutdown"],
			[2, "server-shutdown"],
		]);
	});
});
