import { afterEach, beforeEach, expect, it } from "vitest";
import { CliProject } from "../support/cli-project.ts";

const CONFIG = `import { DatabaseEvents, defineConfig, defineService, type App } from "burdock";
import * as schema from "./schema.ts";
import { Shout } from "./shout.ts";
import { Loudness } from "./loudness.ts";

export default defineConfig({
	schema,
	beforeBuild: (app: App) => app.provide(Loudness, "!"),
	listeners: [Shout],
});
`;

const LOUDNESS = `import { defineService } from "burdock/events";
export const Loudness = defineService<string>("loudness");
`;

const SHOUT = `import { DatabaseEvents, listen } from "burdock";
import { Loudness } from "./loudness.ts";
import { notes } from "./schema.ts";

export class Shout {
	static inject = [Loudness];
	readonly #loudness: string;

	constructor(loudness: string) {
		this.#loudness = loudness;
	}

	@listen(DatabaseEvents.MutatorInsertBefore, { mode: "sync", entity: notes })
	shout({ params: { data } }: { params: { data: typeof notes.$inferInsert } }) {
		return { ...data, title: data.title.toUpperCase() + this.#loudness };
	}
}
`;

let project: CliProject;

beforeEach(() => {
	project = new CliProject({
		"bknd.config.ts": CONFIG,
		"loudness.ts": LOUDNESS,
		"shout.ts": SHOUT,
	});
});
afterEach(() => project.remove());

it("a config with decorators is bundled, loaded, and its listeners are called", async () => {
	const { server, url } = await project.serve();
	try {
		const made = await fetch(`${url}/api/data/entity/notes`, {
			method: "POST",
			body: JSON.stringify({ title: "buy burrs" }),
		});
		expect(await made.json()).toMatchObject({ data: { id: 1, title: "BUY BURRS!" } });
	} finally {
		await server.stop("SIGTERM");
	}
	const { stdout } = await project.run(["events"]);
	expect(stdout).toContain("Shout.shout");
});

it.each([
	["a service that nobody provides", /beforeBuild: .*\n/, "", 'The service "loudness" is missing'],
	["a list of listeners that is none", "[Shout]", "Shout", "listeners is not a list"],
	["a listener that is none", "[Shout]", '["shout"]', "listeners[0] is neither a class"],
])("%s ends the start with what is wrong", async (_, what, instead, message) => {
	project.write({ "bknd.config.ts": CONFIG.replace(what, instead) });
	const { code, stderr } = await project.run(["start", "--port", "0"]);
	expect(stderr).toContain(message);
	expect(code).not.toBe(0);
});
