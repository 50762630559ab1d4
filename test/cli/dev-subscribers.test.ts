import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CliProject, config } from "../support/cli-project.ts";
import type { RunningCommand } from "../support/running-command.ts";

/** A subscriber that notes a word when it hears that `/fire` was asked for. */
const noting = (word: string): string => `
export const config = { events: "test.fired", mode: "sync" };
export const listen = () => void (globalThis as any).heard.push(${JSON.stringify(word)});
`;

/** A route that emits an event, and answers with the words of those who heard it. */
const CONFIG = config(`
	onServerInit(hono, { emgr }) {
		hono.get("/fire", async (context) => {
			const heard: string[] = ((globalThis as any).heard = []);
			await emgr.emit("test.fired", null);
			return context.json(heard);
		});
	},
	onBuilt({ emgr }) {
		emgr.on("app-config-updated", () => console.log("the config was updated"), "sync");
		emgr.on("test.fired", () => void (globalThis as any).heard.push("config"), { mode: "sync", order: 1 });
	},
`);

let project: CliProject;
let server: RunningCommand;
let url: string;

async function serve(files: Readonly<Record<string, string>> = {}): Promise<void> {
	project = new CliProject({ "bknd.config.ts": CONFIG, ...files });
	({ server, url } = await project.serve("dev"));
}

afterEach(async () => {
	await server.stop();
	project.remove();
});

async function heard(): Promise<readonly string[]> {
	return (await (await fetch(`${url}/fire`)).json()) as readonly string[];
}

/** Makes a change, and waits until exactly these hear the event. */
async function becomes(words: readonly string[], change: () => void): Promise<void> {
	change();
	await expect.poll(heard, { timeout: 15_000 }).toEqual(words);
}

function timesSaid(text: string): number {
	return server.output.split(text).length - 1;
}

describe("burdock dev with subscribers", () => {
	beforeEach(() => serve());

	it("picks up what is made, changed, renamed and deleted, in folders that were not there", async () => {
		const at = (path: string): string => join(project.folder, "subscribers", path);
		expect(await heard()).toEqual(["config"]);
		await becomes(["a", "config"], () => project.write({ "subscribers/a.ts": noting("a") }));
		await becomes(["A", "config"], () => project.write({ "subscribers/a.ts": noting("A") }));
		await becomes(["A", "b", "config"], () =>
			project.write({ "subscribers/deep/er/b.ts": noting("b") }),
		);
		await becomes(["b", "A", "config"], () => renameSync(at("a.ts"), at("z.ts")));
		await becomes(["b", "config"], () => rmSync(at("z.ts")));
		await becomes(["config"], () => rmSync(at("."), { recursive: true }));
		mkdirSync(at("."));
		await becomes(["again", "config"], () =>
			project.write({ "subscribers/deep/er/b.ts": noting("again") }),
		);
	});

	it("shows what is wrong with one, and goes on with those before", async () => {
		await becomes(["a", "config"], () => project.write({ "subscribers/a.ts": noting("a") }));
		for (const [text, fault] of [
			["export {", "subscribers/a.ts:1:9"],
			["export const listen = () => {};", "subscribers/a.ts listens to nothing"],
			[noting("a").replace("test.fired", "a..b"), 'The event pattern \\"a..b\\" is not valid'],
		] as const) {
			project.write({ "subscribers/a.ts": text });
			await server.printed(fault);
			expect(await heard()).toEqual(["a", "config"]);
		}
		await becomes(["mended", "config"], () =>
			project.write({ "subscribers/a.ts": noting("mended") }),
		);
	});
});

describe("burdock dev with a subscriber that throws when it is loaded", () => {
	beforeEach(() => serve());

	it("waits for whatever it imports", async () => {
		project.write({
			"lib/word.ts": 'throw new Error("no word"); export const word = "";',
			"subscribers/a.ts": `import { word } from "../lib/word.ts"; ${noting("").replace('""', "word")}`,
		});
		await server.printed("lib/word.ts:1:7: no word");
		await becomes(["mended", "config"], () =>
			project.write({ "lib/word.ts": 'export const word = "mended";' }),
		);
	});
});

describe("burdock dev", () => {
	beforeEach(() => serve({ "subscribers/a.ts": noting("a 0") }));

	it("has each listener exactly once after 20 reloads, and tells each new app of its config", async () => {
		for (let count = 1; count <= 20; count++) {
			await becomes([`a ${count}`, "config"], () =>
				project.write({ "subscribers/a.ts": noting(`a ${count}`) }),
			);
		}
		await server.stop();
		expect(timesSaid('"reloaded"')).toBeGreaterThanOrEqual(20);
		expect(timesSaid("the config was updated")).toBe(timesSaid('"reloaded"'));
	});
});
