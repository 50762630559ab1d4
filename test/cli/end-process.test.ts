import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { EXIT_CODES } from "../../src/cli/exit-codes.ts";
import { CliProject, config } from "../support/cli-project.ts";

let project: CliProject;

beforeEach(() => {
	const open = "setInterval(() => {}, 60_000); // a client of some service, say\n";
	project = new CliProject({ "bknd.config.ts": open + config() });
});
afterEach(() => project.remove());

describe("what a config leaves open", () => {
	it.each([[["info"]], [["routes", "--json"]], [["types"]], [["events"]]])(
		"does not keep alive: %j",
		async (args) => {
			const { code, stdout, stderr } = await project.run(args);
			expect(stderr).toBe("");
			expect(stdout).not.toBe("");
			expect(code).toBe(EXIT_CODES.ok);
		},
	);

	it("keeps no start alive that has failed", async () => {
		const taken = createServer().listen(0, "127.0.0.1");
		onTestFinished(() => void taken.close());
		await new Promise<void>((resolve) => taken.once("listening", resolve));
		const { port } = taken.address() as AddressInfo;
		const { code } = await project.run(["start", "--port", String(port)]);
		expect(code).toBe(EXIT_CODES.address);
	});

	it("lets a server go on until it is told to stop", async () => {
		const server = project.start(["start", "--port", "0"]);
		onTestFinished(async () => void (await server.stop("SIGKILL")));
		await server.printed('"listening"');
		const url = /"url":"([^"]+)"/.exec(server.output)?.[1];
		expect((await fetch(`${url}/health`)).status).toBe(200);
		expect(await server.stop()).toBe(EXIT_CODES.ok);
	});
});
