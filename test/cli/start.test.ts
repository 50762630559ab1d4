import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { App } from "../../src/app/app.ts";
import { banner } from "../../src/cli/banner.ts";
import { commandsToTry } from "../../src/cli/commands-to-try.ts";
import { Paint } from "../../src/runtime/node/paint.ts";
import { freePort } from "../support/running-command.ts";
import { CliProject, config, type CliOutcome } from "../support/cli-project.ts";
import { testApp } from "../support/test-app.ts";
import * as schema from "../../blog/schema.ts";

let project: CliProject;

beforeEach(() => {
	project = new CliProject({
		"bknd.config.ts": config(
			'async seed({ em }) { await em.mutator("notes").insertOne({ title: "a" }); }',
		),
	});
});
afterEach(() => project.remove());

/** Does to an app what a curl line would do to a server. */
async function ask(app: App, command: string): Promise<Response> {
	const [, method = "GET", url = ""] = /^curl (?:-X (\w+) )?'?([^']+)'?$/.exec(command) ?? [];
	return app.fetch(new Request(url, { method }));
}

describe("burdock start", () => {
	it("says in one line of JSON that it listens, then logs requests", async () => {
		const { server, url } = await project.serve();
		expect((await fetch(`${url}/api/data/entity/notes/1`)).status).toBe(200);
		expect(await server.stop()).toBe(0);
		const lines = server.output
			.trim()
			.split("\n")
			.map((line) => JSON.parse(line) as Record<string, unknown>);
		expect(lines).toMatchObject([
			{
				msg: "listening",
				url,
				engine: "embedded libSQL",
				location: ".burdock/data.db",
				entities: ["notes"],
				listeners: 0,
				access: "open (local only)",
			},
			{ msg: "request", method: "GET", path: "/api/data/entity/notes/1", status: 200 },
			{ msg: "Stopping.", signal: "SIGTERM" },
			{ msg: "Stopped." },
		]);
	});

	it("leaves no bundler running", async () => {
		const { server } = await project.serve();
		const children = spawnSync("pgrep", ["-P", String(server.pid)], { encoding: "utf8" });
		expect(children.error).toBeUndefined();
		expect(children.stdout).toBe("");
		expect(await server.stop()).toBe(0);
	});

	it("seeds once, and keeps the data", async () => {
		for (const round of [1, 2]) {
			const { server, url } = await project.serve();
			const { data } = (await (await fetch(`${url}/api/data/entity/notes`)).json()) as {
				data: unknown[];
			};
			expect(data, `start ${round}`).toEqual([{ id: 1, title: "a" }]);
			await server.stop();
		}
		expect(readFileSync(join(project.folder, ".burdock/data.db"))).not.toHaveLength(0);
	});

	it("takes the port from the command line, else from the environment", async () => {
		const [asked, set] = [await freePort(), await freePort()];
		const { server } = await project.serve("start", { PORT: String(set) }, []);
		expect(server.output).toContain(`http://127.0.0.1:${set}`);
		await server.stop();
		const other = await project.serve("start", { PORT: String(set) }, ["--port", String(asked)]);
		expect(other.server.output).toContain(`http://127.0.0.1:${asked}`);
		await other.server.stop();
	});

	it("lets everybody write only with the token, where everybody can reach it", async () => {
		const env = { HOST: "0.0.0.0", BURDOCK_TOKEN: "s3cret" };
		const { server, url } = await project.serve("start", env);
		const write = (headers: Record<string, string>): Promise<Response> =>
			fetch(`${url}/api/data/entity/notes`, { method: "POST", body: '{"title":"b"}', headers });
		expect((await write({})).status).toBe(401);
		expect((await write({ authorization: "Bearer s3cret" })).status).toBe(201);
		await server.stop();
		expect(server.output).not.toContain("s3cret");
	});
});

describe("the banner", () => {
	const facts = {
		url: "http://127.0.0.1:1337",
		version: "0.1.0",
		runtime: "node",
		database: { engine: "embedded libSQL", location: ".burdock/data.db" },
		entities: ["authors", "comments", "posts"].map((name) => ({ name, label: name, fields: [] })),
		listeners: 3,
		access: "open (local only)",
		routes: [{ method: "GET", path: "/api/system/docs" }],
		commands: ["curl 'http://127.0.0.1:1337/api/data/entity/posts?limit=3'"],
	};

	it("names what a newcomer wants to know", () => {
		expect(banner(facts, new Paint({ colours: false }))).toBe(`
  burdock 0.1.0  http://127.0.0.1:1337

  database    .burdock/data.db (embedded libSQL)
  entities    authors, comments, posts
  listeners   3 (burdock events shows them)
  access      open (local only)
  api         http://127.0.0.1:1337/api/system/docs

  try
    curl 'http://127.0.0.1:1337/api/data/entity/posts?limit=3'
`);
	});

	it("says the same in colours", () => {
		const coloured = banner(facts, new Paint({ colours: true }));
		expect(coloured).not.toBe(stripVTControlCharacters(coloured));
		expect(stripVTControlCharacters(coloured)).toBe(banner(facts, new Paint({ colours: false })));
	});

	it("breaks a long list of entities", () => {
		const entities = Array.from({ length: 40 }, (_, index) => ({
			name: `entity${index}`,
			label: "",
			fields: [],
		}));
		const lines = banner({ ...facts, entities }, new Paint({ colours: false })).split("\n");
		expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
		expect(lines.join("\n")).toContain("entity39");
	});

	it("shows commands that work", async () => {
		const { app } = await testApp({ schema });
		const { data } = await app.em.mutator("authors").insertOne({ name: "Ann", email: "a@b.c" });
		expect(data).toMatchObject({ id: 1 });
		const commands = await commandsToTry(app, "http://localhost");
		expect(commands).toHaveLength(3);
		for (const command of commands) {
			const response = await ask(app, command);
			expect(response.status, command).toBe(200);
			expect(await response.text()).toMatch(/Ann|"count":1/);
		}
	});

	it("shows commands that work on an app without entities or rows", async () => {
		for (const config of [{ schema }, {}]) {
			const { app } = await testApp(config);
			for (const command of await commandsToTry(app, "http://localhost")) {
				const response = await ask(app, command);
				expect(response.status, command).toBe(200);
			}
		}
	});
});

describe("commands that describe", () => {
	const hooks = `
		plugins: [{ name: "stamps", onBuilt({ emgr }) {
			emgr.onEvent(DatabaseEvents.MutatorInsertBefore, () => {}, { id: "stamp", mode: "sync", order: -1 });
		} }],
		onServerInit(hono) { hono.get("/mine", (context) => context.text("mine")); },
		onBuilt({ emgr }) {
			emgr.onEvent(DatabaseEvents.MutatorInsertBefore, () => {}, { id: "slug", mode: "sync", entity: "notes" });
			emgr.onEvent(DatabaseEvents.MutatorInsertAfter, () => {}, { id: "mail", path: "notes/1", where: () => true });
			console.log("a config may print");
		},
		seed() { throw new Error("It was seeded."); }`;

	beforeEach(() => project.write({ "bknd.config.ts": config(hooks) }));

	function json({ code, stdout, stderr }: CliOutcome): unknown {
		expect(code, stderr).toBe(0);
		expect(stderr).toBe("a config may print\n");
		return JSON.parse(stdout);
	}

	it("burdock events shows listeners in their order, with their filters", async () => {
		const { stdout } = await project.run(["events"]);
		expect(stdout).toBe(`mutator-insert-before data.*.insert.before
  1.  stamp  sync   plugin:stamps  order -1
  2.  slug   sync   config         entity notes

mutator-insert-after data.*.insert.after
  1.  mail   async  config         path notes/1; where
`);
	});

	it("burdock events names the glob by which a listener hears an event", async () => {
		project.write({
			"bknd.config.ts": config(
				'onBuilt({ emgr }) { emgr.on("data.notes.**", () => {}, { id: "all", mode: "sync" }); }',
			),
		});
		const { stdout } = await project.run(["events", "mutator-insert-after"]);
		expect(stdout).toContain("1.  all  sync  config  on data.notes.**");
	});

	it("burdock events GLOB shows these events, heard or not", async () => {
		const { stdout } = await project.run(["events", "data.*.insert.(before|failed)"]);
		expect(stdout).toContain("mutator-insert-before");
		expect(stdout).toContain("mutator-insert-failed data.*.insert.failed\n  nobody listens");
		expect(stdout).not.toContain("mail");
		const bad = await project.run(["events", "data.(x"]);
		expect(bad).toMatchObject({ code: 2, stdout: "" });
		expect(bad.stderr).toContain("error: ");
		const unknown = await project.run(["events", "mutator-insert-befor"]);
		expect(unknown).toMatchObject({ code: 2, stdout: "" });
		expect(unknown.stderr).toContain("Did you mean mutator-insert-before?");
	});

	it("print JSON for programs", async () => {
		expect(json(await project.run(["events", "mutator-insert-before", "--json"]))).toMatchObject([
			{ event: "mutator-insert-before", listeners: [{ id: "stamp" }, { id: "slug" }] },
		]);
		expect(json(await project.run(["routes", "--json"]))).toContainEqual({
			method: "GET",
			path: "/api/data/entity/:entity",
		});
		expect(json(await project.run(["info", "--json"]))).toMatchObject({
			config: "bknd.config.ts",
			database: "file:.burdock/data.db",
			access: "open (local only)",
			listeners: 3,
			entities: [{ name: "notes", fields: ["id", "title"] }],
		});
	});

	it("burdock routes shows the user's routes first", async () => {
		const { stdout } = await project.run(["routes"]);
		expect(stdout).toMatch(/^GET {5}\/mine\n/);
		expect(stdout).toMatch(/^DELETE {2}\/api\/data\/entity\/:entity\/:id$/m);
	});

	it.each(["events", "routes", "info", "types", "doctor"])(
		"connect no adapter: burdock %s",
		async (command) => {
			project.write({
				"bknd.config.ts": config(`events: { adapters: [{ publish: "**", adapter: {
					publish() { console.error("published"); },
					subscribe() { console.error("subscribed"); },
				} }] }`),
			});
			const { stdout, stderr, code } = await project.run([command]);
			expect(stderr).toBe("");
			expect(code).toBe(0);
			if (command === "events") expect(stdout).toContain("bridge:burdock#1");
		},
	);

	it("make no database, and never show a token", async () => {
		const url = "libsql://me:s3cret@db.example.com?authToken=s3cret";
		project.write({
			"bknd.config.ts": config(`connection: { url: "${url}", authToken: "s3cret" }`),
		});
		const { stdout, code } = await project.run(["info"]);
		expect(code).toBe(0);
		expect(stdout).toContain("libsql://db.example.com");
		expect(stdout).not.toContain("s3cret");
		expect(() => readFileSync(join(project.folder, ".burdock/data.db"))).toThrow("ENOENT");
	});
});
