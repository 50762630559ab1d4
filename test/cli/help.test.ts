import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { VERSION } from "../../src/kernel/version.ts";
import { CliProject } from "../support/cli-project.ts";

const COMMANDS = [
	"init",
	"start",
	"dev",
	"events",
	"events tail",
	"routes",
	"info",
	"types",
	"migrate",
	"seed",
	"export",
	"import",
	"doctor",
];

const document = readFileSync("docs/cli.md", "utf8");
/** Every command that the document shows, with what it prints there. */
const shown = Array.from(
	document.matchAll(/```console\n\$ burdock (.*)\n([^]*?)```/g),
	(match) => ({
		args: (match[1] ?? "").split(" "),
		output: match[2] ?? "",
	}),
);

let project: CliProject;

beforeAll(() => {
	project = new CliProject();
});
afterAll(() => project.remove());

describe("docs/cli.md", () => {
	it.each(shown)("shows what burdock $args prints", async ({ args, output }) => {
		expect((await project.run(args)).stdout).toBe(output);
	});

	it("shows the help of every command", () => {
		const expected = [["help"], ...COMMANDS.map((name) => [...name.split(" "), "--help"])];
		expect(shown.map(({ args }) => args)).toEqual(expected);
	});
});

describe("help", () => {
	it("names every command and every exit code", async () => {
		const { stdout, code } = await project.run(["help"]);
		expect(code).toBe(0);
		for (const name of COMMANDS) expect(stdout).toMatch(new RegExp(`^ {2}${name} `, "m"));
		for (const exit of Object.values(EXIT_CODES)) {
			expect(stdout).toMatch(new RegExp(`^ {2}${exit} {2}\\w`, "m"));
		}
	});

	it.each([
		[["--help"], ["help"]],
		[["-h"], ["help"]],
		[
			["help", "start"],
			["start", "--help"],
		],
		[
			["help", "events", "tail"],
			["events", "tail", "--help"],
		],
		[
			["start", "-h", "--port", "1"],
			["start", "--help"],
		],
	])("%j is %j", async (one, other) => {
		expect(await project.run(one)).toEqual(await project.run(other));
	});

	it("is what burdock alone prints, though nothing was asked of it", async () => {
		const { stdout, code } = await project.run([]);
		expect(stdout).toBe((await project.run(["help"])).stdout);
		expect(code).toBe(EXIT_CODES.usage);
	});

	it.each(["--version", "-v"])("%s tells the version", async (flag) => {
		expect(await project.run([flag])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
	});
});

describe("colours", () => {
	it.each([
		[["strat"], { NO_COLOR: "", FORCE_COLOR: "1" }, true],
		[["strat"], { NO_COLOR: "1", FORCE_COLOR: "1" }, false],
		[["strat", "--no-color"], { NO_COLOR: "", FORCE_COLOR: "1" }, false],
		[["strat"], { NO_COLOR: "" }, false],
	])("burdock %j with %o: %s", async (args, env, coloured) => {
		expect((await project.run(args, env)).stderr.includes("\u001b[")).toBe(coloured);
	});
});
