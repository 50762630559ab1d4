import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { freePort, RunningCommand } from "./support/running-command.ts";

test("a signal to npm start ends the server, and it says so", async () => {
	const port = await freePort();
	const url = `http://127.0.0.1:${port}`;
	const start = new RunningCommand("npm", ["start"], {
		cwd: fileURLToPath(new URL("../", import.meta.url)),
		env: { ...process.env, PORT: String(port), HOST: "127.0.0.1" },
	});
	await start.printed(url);
	expect((await fetch(`${url}/health`)).status).toBe(200);
	await start.stop("SIGTERM");
	await start.printed("Stopped.").catch(() => undefined);
	expect(start.output).toContain("Stopped.");
	await expect(fetch(`${url}/health`)).rejects.toThrow("fetch failed");
}, 60_000);
