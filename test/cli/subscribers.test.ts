import { rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { CliProject, config } from "../support/cli-project.ts";

/** A subscriber that says what it hears. */
const saying = (word: string, events: string): string => `
import type { AnyEvent } from "burdock/events";
export const config = { events: ${JSON.stringify(events)}, mode: "sync" };
export function listen(event: AnyEvent, slug: string) {
	console.error(${JSON.stringify(word)}, slug, event.path);
}
`;

const EVENTS = "data.notes.insert.after";

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "bknd.config.ts": config() });
});
afterEach(() => project.remove());

/** The ids of the listeners that `burdock events` shows, sorted. */
async function listeners(args: readonly string[] = []): Promise<readonly string[]> {
	const { code, stdout, stderr } = await project.run(["events", "--json", ...args]);
	expect(code, stderr).toBe(0);
	const plan = JSON.parse(stdout) as { listeners: { id: string }[] }[];
	return [...new Set(plan.flatMap((entry) => entry.listeners.map(({ id }) => id)))].toSorted();
}

describe("subscriber files", () => {
	it("hear what the server does", async () => {
		project.write({
			"subscribers/welcome.ts": saying("welcome", EVENTS),
			"subscribers/billing/send-invoice.mjs":
				'export const listen = () => console.error("invoice");',
			"bknd.config.ts": config(
				`events: { subscribers: { "billing/send-invoice": { events: ["data.notes.**"], mode: "sync" } } }`,
			),
		});
		const { server, url } = await project.serve();
		const body = JSON.stringify({ title: "a" });
		const { status } = await fetch(`${url}/api/data/entity/notes`, { method: "POST", body });
		expect(status).toBe(201);
		expect(await server.stop()).toBe(0);
		expect(server.output.match(/^welcome .*$/gm)).toEqual(["welcome mutator-insert-after notes/1"]);
		expect(server.output).toContain("invoice\n");
	});

	it("are shown by burdock events with their source", async () => {
		project.write({ "subscribers/a/welcome.ts": saying("welcome", EVENTS) });
		const { stdout } = await project.run(["events"]);
		expect(stdout).toMatch(
			/1\. +subscriber:a\/welcome +sync +subscriber +on data\.notes\.insert\.after/,
		);
	});

	it("are found in every folder, with every extension, but tests, declarations and what is hidden", async () => {
		const text = saying("x", "a.b");
		const plain = 'export const config = { events: "a.b" }; export const listen = () => {};';
		const shared = 'export const listen = "no subscriber";';
		project.write({
			"subscribers/one.ts": text,
			"subscribers/two.mts": text,
			"subscribers/deep/er/three.js": plain,
			"subscribers/deep/four.v2.mjs": plain,
			"subscribers/one.test.ts": shared,
			"subscribers/one.spec.ts": shared,
			"subscribers/one.d.ts": "export declare const listen: string;",
			"subscribers/_shared.ts": shared,
			"subscribers/.hidden.ts": shared,
			"subscribers/_lib/inner.ts": shared,
			"subscribers/notes.md": "# Notes",
			"subscribers/common.cjs": "",
			"linked.ts": text,
		});
		symlinkSync(join(project.folder, "linked.ts"), join(project.folder, "subscribers/link.ts"));
		expect(await listeners(["a.b"])).toEqual([
			"subscriber:deep/er/three",
			"subscriber:deep/four.v2",
			"subscriber:link",
			"subscriber:one",
			"subscriber:two",
		]);
	});

	it("lie beside the config, wherever that is", async () => {
		project.write({
			"site/my.ts": config().replace("./schema.ts", "../schema.ts"),
			"site/subscribers/there.ts": saying("x", "a.b"),
			"subscribers/here.ts": saying("x", "a.b"),
		});
		expect(await listeners(["-c", "site/my.ts", "a.b"])).toEqual(["subscriber:there"]);
	});

	it("share their modules with the config, which may be a function", async () => {
		project.write({
			"lib/state.ts": "export const state = { count: 0 };",
			"subscribers/count.ts": `
				import { state } from "../lib/state.ts";
				import { notes } from "../schema.ts";
				export const config = { events: "mutator-insert-after", entity: notes, mode: "sync" };
				export const listen = () => void state.count++;`,
			"bknd.config.ts": `
				import { state } from "./lib/state.ts";
				import * as schema from "./schema.ts";
				export default (env: Record<string, unknown>) => ({
					schema,
					events: { subscribers: { count: { order: Number(env["ORDER"]) } } },
					onServerInit(hono: any) { hono.get("/count", (c: any) => c.text(String(state.count))); },
				});`,
		});
		const { server, url } = await project.serve("start", { ORDER: "3" });
		const body = JSON.stringify({ title: "a" });
		await fetch(`${url}/api/data/entity/notes`, { method: "POST", body });
		expect(await (await fetch(`${url}/count`)).text()).toBe("1");
		await server.stop();
	});

	it("may be named by the config as well, for Workers", async () => {
		project.write({
			"subscribers/a.ts": saying("x", "a.b"),
			"bknd.config.ts": `import * as a from "./subscribers/a.ts"; import * as other from "./other.ts";
				${config("events: { files: { a, other } }")}`,
			"other.ts": saying("x", "a.b"),
		});
		expect(await listeners(["a.b"])).toEqual(["subscriber:a", "subscriber:other"]);
	});

	it("point at the source when they throw", async () => {
		project.write({
			"subscribers/a.ts": '// A comment.\nimport "../lib/inner.ts";\nexport {};',
			"lib/inner.ts": 'type Nothing = 1;\nthrow new Error("no money");',
		});
		const { code, stderr } = await project.run(["events"]);
		expect(code).toBe(EXIT_CODES.config);
		expect(stderr).toContain("lib/inner.ts:2:7: no money");
	});
});

describe("a start with subscribers that cannot listen", () => {
	const unmapped = "export const listen = () => {};";

	it.each<readonly [string, Readonly<Record<string, string>>, string]>([
		[
			"a file without listen",
			{ "subscribers/a/b.ts": 'export const config = { events: "a.b" };' },
			"subscribers/a/b.ts exports no function listen.",
		],
		[
			"a listen that is no function",
			{ "subscribers/a.ts": 'export const config = { events: "a.b" }; export const listen = 1;' },
			"subscribers/a.ts exports no function listen.",
		],
		[
			"a file that nobody mapped",
			{ "subscribers/a.ts": unmapped },
			"subscribers/a.ts listens to nothing:",
		],
		[
			"a mapping without a file",
			{
				"bknd.config.ts": config('events: { subscribers: { "billing/send": { events: "a.b" } } }'),
			},
			'events.subscribers["billing/send"] has no file: there is neither subscribers/billing/send.ts',
		],
		[
			"two files of one name",
			{ "subscribers/a.ts": saying("x", "a.b"), "subscribers/a.js": unmapped },
			"subscribers/a.js and subscribers/a.ts are both the subscriber a.",
		],
		[
			"a file and another module of one name",
			{
				"subscribers/a.ts": saying("x", "a.b"),
				"bknd.config.ts": config("events: { files: { a: { listen() {} } } }"),
			},
			'events.files["a"] of the config is not subscribers/a.ts.',
		],
		[
			"a bad pattern",
			{ "subscribers/a.ts": saying("x", "order.(a") },
			'subscribers/a.ts: The event pattern "order.(a" is not valid:',
		],
		[
			"an unknown name",
			{ "subscribers/a.ts": saying("x", "mutator-insert-aftr") },
			'subscribers/a.ts: There is no event "mutator-insert-aftr"; names without a dot must be registered. Did you mean mutator-insert-after?',
		],
		[
			"a key that does not exist",
			{ "subscribers/a.ts": `${unmapped} export const config = { event: "a.b" };` },
			"There is no key subscribers/a.ts: config.event. Did you mean events?",
		],
		["one that does not parse", { "subscribers/a.ts": "export {" }, "subscribers/a.ts:1:9:"],
		[
			"an import of nothing",
			{ "subscribers/a.ts": 'import "./b.ts";' },
			'subscribers/a.ts:1:8: Could not resolve "./b.ts"',
		],
	])("says so of %s", async (_, files, message) => {
		project.write(files);
		for (const command of ["start", "dev", "events"]) {
			const args = command === "events" ? [] : ["--port", "0"];
			const { code, stderr } = await project.run([command, ...args]);
			expect(stderr).toContain(message);
			expect(code).toBe(EXIT_CODES.config);
		}
	});

	it("goes on once they are mended", async () => {
		project.write({ "subscribers/a.ts": unmapped });
		expect((await project.run(["events"])).code).toBe(EXIT_CODES.config);
		rmSync(join(project.folder, "subscribers/a.ts"));
		expect((await project.run(["events"])).code).toBe(0);
	});
});
