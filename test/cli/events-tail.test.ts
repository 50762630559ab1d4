import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { TailedEvent } from "../../src/events/tailed-event.ts";
import { CliProject, config } from "../support/cli-project.ts";
import { freePort, type RunningCommand } from "../support/running-command.ts";

const CONFIG = config(`
	onBuilt({ emgr }) {
		emgr.on("data.notes.insert.after", async (event, _slug, ctx) => {
			await ctx.emit("search.indexed", { pages: 1, tags: ["new"] }, { path: event.path });
		});
	},
	events: { policy: (_action, resource) => !resource.startsWith("app.") },
`);

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "bknd.config.ts": CONFIG });
});
afterEach(() => project.remove());

/** Follows a server that listens already; resolves once nothing is missed any more. */
async function follow(
	url: string,
	args: readonly string[] = [],
	env: Readonly<Record<string, string>> = {},
): Promise<RunningCommand> {
	const tail = project.start(["events", "tail", ...args, "--url", url], env);
	await tail.printed("Following ");
	return tail;
}

async function write(
	url: string,
	title: string,
	headers: Readonly<Record<string, string>> = {},
): Promise<void> {
	const body = JSON.stringify({ title });
	const path = "/api/data/entity/notes";
	const { status } = await fetch(`${url}${path}`, { method: "POST", body, headers });
	expect(status).toBe(201);
}

/** The events that were printed as JSON, without what else was. */
function eventsOf(tail: RunningCommand): readonly TailedEvent[] {
	const lines = tail.output.split("\n").filter((line) => line.startsWith("{"));
	return lines.map((line) => JSON.parse(line) as TailedEvent);
}

describe("burdock events tail", () => {
	it("shows what happens, for people", async () => {
		const { server, url } = await project.serve();
		const tail = await follow(url, ["(data|search).**", "--limit", "4"]);
		await write(url, "Burrs");
		expect(await tail.ended).toBe(0);
		const time = String.raw`^\d\d:\d\d:\d\d `;
		expect(tail.output.trim().split("\n").slice(1)).toEqual([
			expect.stringMatching(
				`${time}data.notes.insert.before entity="notes" data={"title":"Burrs"}$`,
			),
			expect.stringMatching(`${time}data.notes.insert.commit entity="notes" rows=`),
			expect.stringMatching(
				`${time}data.notes.insert.after notes/1 entity="notes" entityId=1 data=`,
			),
			expect.stringMatching(`${time}  search.indexed notes/1 pages=1 tags=\\["new"\\]$`),
		]);
		await server.stop();
	});

	it("shows it with --json, for programs, and tells who acted", async () => {
		const env = { HOST: "0.0.0.0", BURDOCK_TOKEN: "s3cret" };
		const { server, url } = await project.serve("start", env);
		const tail = await follow(url, ["data.*.insert.after", "--json", "-n", "1"], env);
		await write(url, "Burrs", { authorization: "Bearer s3cret" });
		expect(await tail.ended).toBe(0);
		expect(eventsOf(tail)).toEqual([
			{
				id: expect.stringMatching(/^\w{24}$/),
				time: expect.stringMatching(/^\d{4}-.*Z$/),
				slug: "mutator-insert-after",
				topic: "data.notes.insert.after",
				path: "notes/1",
				actor: "token",
				depth: 0,
				params: expect.objectContaining({ entity: "notes", entityId: 1 }),
			},
		]);
		await server.stop();
	});

	it("filters by glob, by path and by what params say", async () => {
		const { server, url } = await project.serve();
		const tails = await Promise.all([
			follow(url, ["data.**", "--json", "-n", "1", "--path", "notes/*"]),
			follow(url, ["--json", "-n", "1", "--path", "notes/2"]),
			follow(url, ["--json", "-n", "1", "--where", "entity=notes,data.title=Second,data.id=2"]),
			follow(url, ["--json", "-n", "1", "--where", "tags.0=new,pages=1"]),
		]);
		for (const title of ["First", "Second"]) await write(url, title);
		expect(await Promise.all(tails.map(({ ended }) => ended))).toEqual([0, 0, 0, 0]);
		expect(tails.map((tail) => eventsOf(tail).map(({ topic, path }) => [topic, path]))).toEqual([
			[["data.notes.insert.after", "notes/1"]],
			[["data.notes.insert.after", "notes/2"]],
			[["data.notes.insert.after", "notes/2"]],
			[["search.indexed", "notes/1"]],
		]);
		await server.stop();
	});

	it.each(["SIGINT", "SIGTERM"] as const)("ends well with %s", async (signal) => {
		const { server, url } = await project.serve();
		const tail = await follow(url);
		expect(await tail.stop(signal)).toBe(0);
		expect(tail.output).not.toContain("error");
		expect(await server.stop()).toBe(0);
		expect(server.output).not.toContain("undone");
	});

	it("waits for a server that goes away, which it does not hold up, and goes on", async () => {
		const port = String(await freePort());
		const first = await project.serve("start", {}, ["--port", port]);
		const tail = await follow(first.url, ["search.**", "--json", "-n", "1"]);
		expect(await first.server.stop()).toBe(0);
		await tail.printed("The server has gone: waiting for it.");
		const second = await project.serve("start", {}, ["--port", port]);
		await tail.printed("The server is there again.");
		await write(second.url, "Burrs");
		expect(await tail.ended).toBe(0);
		expect(eventsOf(tail).map(({ slug }) => slug)).toEqual(["search.indexed"]);
		await second.server.stop();
	});

	it("goes on when burdock dev takes over a change", async () => {
		const { server, url } = await project.serve("dev");
		const tail = await follow(url, ["search.**", "--json", "-n", "1"]);
		project.write({ "bknd.config.ts": CONFIG.replace("pages: 1", "pages: 2") });
		await server.printed('"msg":"reloaded"');
		await tail.printed("The server is there again.");
		await write(url, "Burrs");
		expect(await tail.ended).toBe(0);
		expect(eventsOf(tail)).toMatchObject([{ params: { pages: 2 } }]);
		await server.stop();
	});
});

describe("burdock events tail says what is wrong", () => {
	it("when no server answers", async () => {
		const port = await freePort();
		expect(await project.run(["events", "tail"], { PORT: String(port) })).toEqual({
			code: 1,
			stdout: "",
			stderr:
				`error: No server answers at http://127.0.0.1:${port}.\n` +
				"hint:  Is it running? burdock start; --url names another one.\n",
		});
	});

	it("when the server refuses", async () => {
		const env = { HOST: "0.0.0.0", BURDOCK_TOKEN: "s3cret" };
		const { server, url } = await project.serve("start", env);
		const ask = (args: readonly string[], BURDOCK_TOKEN = "") =>
			project.run(["events", "tail", ...args], { BURDOCK_TOKEN });
		const [none, wrong, pattern, policy, path] = await Promise.all([
			ask(["--url", url]),
			ask(["--url", url], "guess"),
			ask(["--url", url, "data.("], "s3cret"),
			ask(["--url", url, "app.*"], "s3cret"),
			ask(["--url", `${url}/v1`], "s3cret"),
		]);
		expect(none).toMatchObject({ code: 1, stderr: expect.stringContaining("BURDOCK_TOKEN") });
		expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("the token is wrong") });
		expect(pattern).toMatchObject({
			code: 2,
			stderr: expect.stringMatching(/error: The event pattern "data\.\(" is not valid: .*\nhint: /),
		});
		expect(policy).toMatchObject({ code: 1, stderr: expect.stringContaining("events.policy") });
		expect(path).toMatchObject({
			code: 1,
			stderr: expect.stringContaining("has no events at /v1/system/events"),
		});
		await server.stop();
	});

	it.each([
		[["--url", "localhost:1337"], '--url cannot be "localhost:1337".'],
		[["--limit", "0"], '--limit cannot be "0".'],
		[["--path", "posts//1"], '--path cannot be "posts//1".'],
		[["--where", "title"], '--where cannot be "title".'],
		[["--where", "a..b=1"], '--where cannot be "a..b=1".'],
		[["a.*", "b.*"], "events tail takes no argument b.*."],
	])("in the command line: %j", async (args, message) => {
		const { code, stderr } = await project.run(["events", "tail", ...args]);
		expect([code, stderr.split("\n")[0]]).toEqual([2, `error: ${message}`]);
	});
});
