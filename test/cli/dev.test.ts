import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CliProject, config } from "../support/cli-project.ts";
import type { RunningCommand } from "../support/running-command.ts";

/** A route that answers with a word, and one that waits until `/go` is asked for, of any app. */
const routes = (word: string): string => `
import { word } from "./lib/word.ts";
const shared = globalThis as { go?: () => void };
${config(`
	onServerInit(hono) {
		hono.get("/word", (context) => context.text(word + "${word}"));
		hono.get("/slow", async (context) => {
			console.log("slow was reached");
			await new Promise<void>((resolve) => (shared.go = resolve));
			return context.text("${word}");
		});
		hono.get("/go", (context) => (shared.go?.(), context.text("gone")));
	}`)}`;

let project: CliProject;
let server: RunningCommand;
let url: string;

beforeEach(async () => {
	project = new CliProject({
		"bknd.config.ts": routes("1"),
		"lib/word.ts": 'export const word = "a";',
	});
	({ server, url } = await project.serve("dev"));
});
afterEach(async () => {
	await server.stop();
	project.remove();
});

async function word(): Promise<string> {
	return (await fetch(`${url}/word`)).text();
}

/** Resolves when the server has said it once more than before. */
async function saidAgain(text: string, change: () => void): Promise<void> {
	const times = server.output.split(text).length;
	change();
	await server.said(() => server.output.split(text).length > times);
}

describe("burdock dev", () => {
	it("answers with the new app once the config, or a file it imports, has changed", async () => {
		expect(await word()).toBe("a1");
		await saidAgain('"reloaded"', () => project.write({ "bknd.config.ts": routes("2") }));
		expect(await word()).toBe("a2");
		await saidAgain('"reloaded"', () =>
			project.write({ "lib/word.ts": 'export const word = "b";' }),
		);
		expect(await word()).toBe("b2");
		await saidAgain('"reloaded"', () => project.write({ "bknd.config.ts": routes("1") }));
		expect(await word()).toBe("b1");
	});

	it("tells in Server-Timing how long listeners took", async () => {
		const source = config(`
	onBuilt({ emgr }) {
		emgr.on("app-request", () => {}, { mode: "sync", id: "looks" });
	}`);
		await saidAgain('"reloaded"', () => project.write({ "bknd.config.ts": source }));
		const response = await fetch(`${url}/health`);
		expect(response.headers.get("server-timing")).toMatch(
			/^total;dur=[\d.]+, looks;dur=[\d.]+;desc="app-request"$/,
		);
	});

	it("lets the old app answer what it was asked", async () => {
		const slow = fetch(`${url}/slow`);
		await server.printed("slow was reached");
		await saidAgain('"reloaded"', () => project.write({ "bknd.config.ts": routes("2") }));
		expect(await word()).toBe("a2");
		await fetch(`${url}/go`);
		expect(await (await slow).text()).toBe("1");
	});

	it.each([
		["does not parse", "export default {", "bknd.config.ts:1:"],
		["throws", 'throw new Error("no money");', "bknd.config.ts:1:7: no money"],
		["has an unknown key", config("conection: {}"), "Did you mean connection?"],
		["imports a file that is not there", 'import "./nowhere.ts";', "nowhere.ts"],
		["has a hook that throws", config("onBuilt() { throw new Error('no hook'); }"), "no hook"],
	])("shows what is wrong with a config that %s, and goes on", async (_, text, fault) => {
		await saidAgain("the old app goes on", () => project.write({ "bknd.config.ts": text }));
		expect(server.output).toContain(fault);
		expect(await word()).toBe("a1");
		await saidAgain('"reloaded"', () => project.write({ "bknd.config.ts": routes("3") }));
		expect(await word()).toBe("a3");
	});
});
