import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { CliProject, config } from "../../support/cli-project.ts";

function project(middle: string): CliProject {
	const made = new CliProject({ "bknd.config.ts": config(middle) });
	onTestFinished(() => made.remove());
	return made;
}

/** Asks again and again until nobody answers; resolves to the number of answers. */
async function askUntilGone(url: string, first: () => void): Promise<number> {
	let answers = 0;
	for (;;) {
		try {
			const response = await fetch(url);
			await response.arrayBuffer();
			if (response.status !== 200) throw new Error(`It answered ${response.status}.`);
			if (++answers === 25) first();
		} catch (error) {
			if (error instanceof TypeError) return answers;
			throw error;
		}
	}
}

const SLOW_DEFERRED = `
	onBuilt({ emgr }) {
		emgr.onEvent(AppEvents.AppRequest, async () => {
			await new Promise((resolve) => setTimeout(resolve, 100));
			appendFileSync("heard.txt", ".");
		}, { id: "slow" });
	}`;

describe("a process that serves", () => {
	it("loses no deferred listener when SIGTERM comes under load", async () => {
		const source = `import { appendFileSync } from "node:fs";\n${config(SLOW_DEFERRED)}`;
		const made = project("");
		made.write({ "bknd.config.ts": source });
		const { server, url } = await made.serve();
		const stopped = Promise.withResolvers<number | NodeJS.Signals>();
		const clients = Array.from({ length: 8 }, (_, client) =>
			askUntilGone(`${url}/api/data/entity/notes`, () => {
				if (client === 0) stopped.resolve(server.stop("SIGTERM"));
			}),
		);
		expect(await stopped.promise, server.output).toBe(0);
		const answered = (await Promise.all(clients)).reduce((sum, count) => sum + count, 0);
		expect(answered).toBeGreaterThan(25);
		expect(readFileSync(join(made.folder, "heard.txt"), "utf8")).toHaveLength(answered);
		expect(server.output).toContain('"msg":"Stopped."');
	});

	it.each(["SIGTERM", "SIGINT"] as const)("ends with 0 after %s", async (signal) => {
		const { server } = await project("").serve();
		expect(await server.stop(signal)).toBe(0);
		expect(server.output).toContain(`"signal":"${signal}"`);
	});

	it("ends with 1, and says so, when something had to be left undone", async () => {
		const never = `limits: { drain: 50 },
			onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.AppBuiltEvent, () => new Promise(() => {}));
			}`;
		const { server } = await project(never).serve();
		expect(await server.stop()).toBe(1);
		expect(server.output).toContain(
			'"msg":"Stopped before everything was done.","cut":0,"pending":1',
		);
	});

	it.each([
		["SIGTERM", 143],
		["SIGINT", 130],
	] as const)("ends at once after a second %s, with %i", async (signal, code) => {
		const never = `onBuilt({ emgr }) {
			emgr.onEvent(AppEvents.AppBuiltEvent, () => new Promise(() => {}));
		}`;
		const { server } = await project(never).serve();
		const first = server.stop(signal);
		await server.printed("Stopping.");
		await server.stop(signal);
		expect(await first).toBe(code);
	});

	it("logs a rejection that nobody handled, and lives on", async () => {
		const reject = `onServerInit(hono) {
			hono.get("/reject", (context) => {
				void Promise.reject(new Error("nobody wants me"));
				return context.text("sent");
			});
		}`;
		const { server, url } = await project(reject).serve();
		expect((await fetch(`${url}/reject`)).status).toBe(200);
		await server.printed("nobody wants me");
		expect(server.output).toMatch(/"stack":"[^"]*bknd\.config\.ts:\d+/);
		expect((await fetch(`${url}/health`)).status).toBe(200);
		expect(await server.stop()).toBe(0);
	});

	it("closes after an exception that nobody caught, and ends with 1", async () => {
		const crash = `onServerInit(hono) {
			hono.get("/crash", (context) => {
				setTimeout(() => { throw new Error("out of hand"); });
				return context.text("sent");
			});
		}`;
		const { server, url } = await project(crash).serve();
		expect(await (await fetch(`${url}/crash`)).text()).toBe("sent");
		expect(await server.ended).toBe(1);
		expect(server.output).toContain("out of hand");
		expect(server.output).toContain('"msg":"Stopped."');
	});
});
