import { expect, it, onTestFinished } from "vitest";
import { CliProject, config } from "../support/cli-project.ts";

/** What Node 20 says of itself, and what of it the command line could stumble over first. */
const NODE_20 = `
Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
delete Promise.withResolvers;
`;

it.each([["start"], ["doctor"], ["--version"]])(
	"refuses to run %s on a version of Node.js that is too old",
	async (command) => {
		const project = new CliProject({ "bknd.config.ts": config(), "node-20.mjs": NODE_20 });
		onTestFinished(() => project.remove());
		const { code, stdout, stderr } = await project.run([command], {
			NODE_OPTIONS: "--import ./node-20.mjs",
		});
		expect(stderr).toBe(
			"error: Burdock needs Node.js >=22.18; this is 20.20.2.\nhint:  Install a later one: nodejs.org\n",
		);
		expect(stdout).toBe("");
		expect(code).toBe(1);
	},
);
