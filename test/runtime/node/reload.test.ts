import { describe, expect, it, onTestFinished } from "vitest";
import { AppEvents } from "../../../src/app/app-events.ts";
import type { App } from "../../../src/app/app.ts";
import type { Config } from "../../../src/app/config.ts";
import { NodeServer } from "../../../src/runtime/node/node-server.ts";
import { recordingLogger, type LogLine } from "../../support/recording-logger.ts";

/** What the apps of a test did, by their words. */
class Stage {
	readonly closed: string[] = [];
	readonly updated: App[] = [];
	readonly #reached = new Map<string, PromiseWithResolvers<void>>();
	readonly #allowed = new Map<string, PromiseWithResolvers<void>>();

	/** An app that answers `/word` at once, and `/slow` when it is let. */
	app(word: string): Config {
		return {
			connection: { url: ":memory:" },
			onServerInit: (hono) => {
				hono.get("/word", (context) => context.text(word));
				hono.get("/slow", async (context) => {
					latch(this.#reached, word).resolve();
					await latch(this.#allowed, word).promise;
					return context.text(`slowly ${word}`);
				});
			},
			onBuilt: ({ emgr }) => {
				const { AppConfigUpdatedEvent, AppShutdown } = AppEvents;
				emgr.onEvent(AppShutdown, () => void this.closed.push(word), "sync");
				emgr.onEvent(AppConfigUpdatedEvent, (event) => void this.updated.push(event.params.app), {
					mode: "sync",
				});
			},
		};
	}

	/** Resolves when `/slow` of an app was asked for. */
	reached(word: string): Promise<void> {
		return latch(this.#reached, word).promise;
	}

	/** Lets `/slow` of an app answer. */
	allow(word: string): void {
		latch(this.#allowed, word).resolve();
	}
}

function latch(latches: Map<string, PromiseWithResolvers<void>>, word: string) {
	const known = latches.get(word) ?? Promise.withResolvers<void>();
	latches.set(word, known);
	return known;
}

async function serve(config: Config, logs: LogLine[] = []): Promise<NodeServer> {
	const options = { port: 0, signals: "ignore", replaceable: true } as const;
	const server = await NodeServer.start(config, { ...options, logger: recordingLogger(logs) });
	onTestFinished(async () => void (await server.close()));
	return server;
}

const text = async (response: Promise<Response>): Promise<string> => (await response).text();

describe("a server whose app is replaced", () => {
	it("drops no request in flight, and closes each app when its last one is answered", async () => {
		const stage = new Stage();
		const server = await serve(stage.app("0"));
		const slow: Promise<string>[] = [];
		for (let count = 0; count < 5; count++) {
			slow.push(text(fetch(`${server.url}/slow`)));
			await stage.reached(`${count}`);
			const old = server.app;
			const app = await server.replace(stage.app(`${count + 1}`));
			expect([app === server.app, app === old]).toEqual([true, false]);
			expect(await text(fetch(`${server.url}/word`))).toBe(`${count + 1}`);
			expect(stage.closed).toEqual([]);
		}
		for (const word of ["4", "3", "2", "1", "0"]) stage.allow(word);
		const words = slow.map((_, count) => `slowly ${count}`);
		expect(await Promise.all(slow)).toEqual(words);
		await expect.poll(() => stage.closed.toSorted()).toEqual(["0", "1", "2", "3", "4"]);
		expect(await text(fetch(`${server.url}/word`))).toBe("5");
	});

	it("answers every request of a steady stream", async () => {
		const stage = new Stage();
		const server = await serve(stage.app("0"));
		const seen: number[] = [];
		let going = true;
		const stream = Promise.all(
			Array.from({ length: 4 }, async () => {
				while (going) {
					const response = await fetch(`${server.url}/word`);
					expect(response.status).toBe(200);
					seen.push(Number(await response.text()));
				}
			}),
		);
		for (let count = 1; count <= 20; count++) await server.replace(stage.app(`${count}`));
		going = false;
		await stream;
		expect(seen.length).toBeGreaterThan(20);
		expect(await text(fetch(`${server.url}/word`))).toBe("20");
	});

	it("keeps the old app, and its requests, when the new one cannot be built", async () => {
		const stage = new Stage();
		const server = await serve(stage.app("old"));
		const slow = text(fetch(`${server.url}/slow`));
		await stage.reached("old");
		const { app } = server;
		const broken: Config = {
			...stage.app("new"),
			onBuilt() {
				throw new Error("no hook");
			},
		};
		for (const faulty of [broken, { bult: 1 } as Config]) {
			await expect(server.replace(faulty)).rejects.toThrow(/no hook|There is no key bult/);
		}
		expect(server.app).toBe(app);
		expect(await text(fetch(`${server.url}/word`))).toBe("old");
		stage.allow("old");
		expect(await slow).toBe("slowly old");
		expect([stage.updated, stage.closed]).toEqual([[], []]);
		await server.replace(stage.app("mended"));
		expect(await text(fetch(`${server.url}/word`))).toBe("mended");
	});

	it("tells the new app, and it alone, that its config was updated, when it answers", async () => {
		const stage = new Stage();
		const logs: LogLine[] = [];
		const server = await serve(stage.app("0"), logs);
		expect(stage.updated).toEqual([]);
		const answered: string[] = [];
		const app = await server.replace({
			...stage.app("1"),
			onBuilt: ({ emgr }) =>
				void emgr.onEvent(
					AppEvents.AppConfigUpdatedEvent,
					async ({ params }) => {
						stage.updated.push(params.app);
						answered.push(await text(fetch(`${server.url}/word`)));
						throw new Error("no matter");
					},
					"sync",
				),
		});
		expect([stage.updated, answered]).toEqual([[app], ["1"]]);
		expect(logs.filter(({ level }) => level === "error")).toHaveLength(1);
		expect(server.app).toBe(app);
	});
});
