import { afterEach, beforeEach, expect, it } from "vitest";
import { CliProject, config } from "../support/cli-project.ts";

let project: CliProject;

beforeEach(() => {
	project = new CliProject({ "bknd.config.ts": config() });
});
afterEach(() => project.remove());

it("says that --config wants a file where it names a folder", async () => {
	const { code, stderr } = await project.run(["start", "--config", "."]);
	expect(code).not.toBe(0);
	expect(stderr).toContain(`${project.folder} is a folder, not a config file.`);
	expect(stderr).toContain("Name the file in it: --config FILE.");
});
