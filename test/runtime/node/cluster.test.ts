import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { RestartDelay } from "../../../src/runtime/node/restart-delay.ts";
import { CliProject, config } from "../../support/cli-project.ts";
import type { RunningCommand } from "../../support/running-command.ts";

const WORKERS = ["--port", "0", "--workers", "2"];

function project(middle = "", head = ""): CliProject {
	const made = new CliProject({ "bknd.config.ts": `${head}\n${config(middle)}` });
	onTestFinished(() => made.remove());
	return made;
}

async function started(made: CliProject): Promise<{ server: RunningCommand; url: string }> {
	const running = await made.serve("start", {}, WORKERS);
	onTestFinished(async () => {
		await running.server.stop("SIGKILL");
	});
	return running;
}

/** The lines of the log with this message. */
function lines(server: RunningCommand, message: string): readonly Record<string, unknown>[] {
	return server.output
		.split("\n")
		.filter((line) => line.startsWith("{") && line.endsWith("}"))
		.map((line) => JSON.parse(line) as Record<string, unknown>)
		.filter(({ msg }) => msg === message);
}

/** A request on a connection of its own, so that the workers take turns. */
function ask(url: string, path = "/api/data/entity/notes"): Promise<Response> {
	return fetch(`${url}${path}`, { headers: { connection: "close" } });
}

function pidOf(server: RunningCommand, worker: number): number {
	const line = lines(server, "A worker answers.").findLast((one) => one["worker"] === worker);
	return line?.["pid"] as number;
}

describe("burdock start --workers", () => {
	it("lets every worker answer, over one database that was seeded once", async () => {
		const made = project(
			'async seed({ em }) { await em.mutator("notes").insertOne({ title: "a" }); }',
		);
		const { server, url } = await started(made);
		for (let round = 0; round < 6; round++) {
			expect(await (await ask(url)).json()).toMatchObject({ data: [{ id: 1, title: "a" }] });
		}
		await server.said(() => lines(server, "request").length >= 6);
		const workers = lines(server, "request").map(({ worker }) => worker);
		expect(new Set(workers)).toEqual(new Set([1, 2]));
		expect(lines(server, "listening")).toMatchObject([{ url, workers: 2 }]);
		expect(await server.stop()).toBe(0);
		expect(lines(server, "Stopped.").map(({ worker }) => worker)).toEqual(
			expect.arrayContaining([1, 2, undefined]),
		);
	});

	it("starts a worker again that was killed, and answers meanwhile", async () => {
		const { server, url } = await started(project());
		const killed = pidOf(server, 1);
		process.kill(killed, "SIGKILL");
		await server.printed("A worker died.");
		expect((await ask(url)).status).toBe(200);
		await server.said(() => lines(server, "A worker answers.").length === 3);
		expect(lines(server, "A worker died.")).toMatchObject([
			{ level: "error", worker: 1, pid: killed, signal: "SIGKILL", restartIn: 100 },
		]);
		expect(pidOf(server, 1)).not.toBe(killed);
		for (let round = 0; round < 4; round++) expect((await ask(url)).status).toBe(200);
		expect(await server.stop()).toBe(0);
	});

	it("replaces a worker that is told to end, which answers what it has", async () => {
		const { server, url } = await started(project());
		const told = pidOf(server, 2);
		process.kill(told, "SIGTERM");
		await server.said(() => lines(server, "A worker answers.").length === 3);
		expect(lines(server, "A worker ended.")).toMatchObject([{ worker: 2, pid: told, code: 0 }]);
		expect(lines(server, "Stopped.")).toMatchObject([{ worker: 2 }]);
		expect((await ask(url)).status).toBe(200);
		expect(await server.stop()).toBe(0);
	});

	it("waits longer each time for one that dies at once", async () => {
		const made = project(
			`beforeBuild() { if (cluster.isWorker && existsSync("die")) process.exit(9); }`,
			'import cluster from "node:cluster"; import { existsSync } from "node:fs";',
		);
		const { server, url } = await started(made);
		made.write({ die: "" });
		process.kill(pidOf(server, 2), "SIGKILL");
		await server.said(() => lines(server, "A worker died.").length === 3);
		expect(lines(server, "A worker died.")).toMatchObject([
			{ worker: 2, signal: "SIGKILL", restartIn: 100 },
			{ worker: 2, code: 9, restartIn: 200 },
			{ worker: 2, code: 9, restartIn: 400 },
		]);
		expect((await ask(url)).status).toBe(200);
		rmSync(join(made.folder, "die"));
		await server.said(() => lines(server, "A worker answers.").length === 3);
		expect(await server.stop()).toBe(0);
	});

	it("loses no write that was answered when SIGTERM comes under load", async () => {
		const made = project();
		const { server, url } = await started(made);
		const stored = new Set<number>();
		const stopped = Promise.withResolvers<number | NodeJS.Signals>();
		const writer = async (name: string): Promise<void> => {
			for (let count = 0; ; count++) {
				try {
					const body = JSON.stringify({ title: `${name} ${count}` });
					const response = await fetch(`${url}/api/data/entity/notes`, { method: "POST", body });
					expect(response.status).toBe(201);
					const { data } = (await response.json()) as { data: { id: number } };
					stored.add(data.id);
					if (stored.size === 60) stopped.resolve(server.stop("SIGTERM"));
				} catch (error) {
					if (error instanceof TypeError) return;
					throw error;
				}
			}
		};
		await Promise.all(["a", "b", "c", "d", "e", "f", "g", "h"].map(writer));
		expect(await stopped.promise, server.output).toBe(0);
		expect(stored.size).toBeGreaterThanOrEqual(60);
		const again = await made.serve();
		const found = new Set<number>();
		for (let offset = 0; ; offset += 100) {
			const page = await fetch(`${again.url}/api/data/entity/notes?limit=100&offset=${offset}`);
			const { data } = (await page.json()) as { data: { id: number }[] };
			if (data.length === 0) break;
			for (const { id } of data) found.add(id);
		}
		await again.server.stop();
		expect([...stored].filter((id) => !found.has(id))).toEqual([]);
	});

	it("ends the workers when their main process is killed, without cutting anybody off", async () => {
		const made = project(
			`onServerInit(hono) {
				hono.get("/slow", async (context) => {
					console.log("reached");
					while (!existsSync("go")) await new Promise((resolve) => setTimeout(resolve, 10));
					return context.text("slowly");
				});
			}`,
			'import { existsSync } from "node:fs";',
		);
		const { server, url } = await started(made);
		const answer = ask(url, "/slow");
		await server.printed("reached");
		const ended = server.stop("SIGKILL");
		made.write({ go: "" });
		expect(await (await answer).text()).toBe("slowly");
		// Its streams are closed once the last process has ended.
		expect(await ended).toBe("SIGKILL");
		expect(lines(server, "Stopped.").map(({ worker }) => worker)).toEqual(
			expect.arrayContaining([1, 2]),
		);
	});

	it("ends with 1 when a worker had to leave something undone", async () => {
		const made = project(
			`limits: { drain: 200 }, onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.ServerWorkerBootstrap, () => new Promise(() => {}));
			}`,
		);
		const { server } = await started(made);
		expect(await server.stop()).toBe(1);
		const left = lines(server, "Stopped before everything was done.");
		expect(left).toContainEqual(expect.objectContaining({ worker: 1, pending: 1 }));
		expect(left).toContainEqual(expect.objectContaining({ workers: 2, pending: 0 }));
	});

	it("ends at once after a second signal, and its workers with it", async () => {
		const made = project(
			`onBuilt({ emgr }) {
				emgr.onEvent(AppEvents.ServerWorkerBootstrap, () => new Promise(() => {}));
			}`,
		);
		const { server } = await started(made);
		const first = server.stop();
		await server.printed("Stopping.");
		await server.stop();
		expect(await first).toBe(143);
	});

	it("stops at once, with 0, when SIGTERM comes while a worker is only just starting", async () => {
		const made = project(
			"",
			`import cluster from "node:cluster";
			if (cluster.isPrimary) cluster.once("fork", () => process.kill(process.pid, "SIGTERM"));`,
		);
		const { code, stdout, stderr } = await made.run(["start", ...WORKERS]);
		expect(code, stdout + stderr).toBe(0);
		expect(stdout + stderr).not.toContain("Stopped before everything was done.");
	});

	it("fails as one process does, and starts no worker, when the config has a fault", async () => {
		const made = project("seed: 5");
		const single = await made.run(["start", "--port", "0"]);
		const several = await made.run(["start", ...WORKERS]);
		expect(single.code).toBe(3);
		expect(several).toEqual(single);
	});

	it("fails when a worker ends before it has answered", async () => {
		const made = project(
			"beforeBuild() { if (cluster.isWorker) process.exit(9); }",
			'import cluster from "node:cluster";',
		);
		const { code, stderr } = await made.run(["start", ...WORKERS]);
		expect(code).toBe(1);
		expect(stderr).toMatch(/error: Worker [12] ended with exit code 9 before it answered\./);
	});

	it("refuses a database in memory", async () => {
		const made = project('connection: { url: ":memory:" }');
		const { code, stderr, stdout } = await made.run(["start", ...WORKERS]);
		expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
		expect(stderr).toContain("2 workers cannot share a database in memory.");
		expect(stderr).toContain("connection.url");
	});

	it("takes the port before it touches the database", async () => {
		const made = project();
		const { server, url } = await made.serve();
		onTestFinished(async () => {
			await server.stop();
		});
		const { port } = new URL(url);
		const { code, stderr } = await project().run(["start", "--port", port, "--workers", "2"]);
		expect(code).toBe(5);
		expect(stderr).toContain(`Port ${port}`);
	});

	it.each(["0", "-1", "x", "1.5", "257", "1e1"])("has no use for %s workers", async (count) => {
		const { code, stderr } = await project().run(["start", "--workers", count]);
		expect(code).toBe(2);
		expect(stderr).toContain(`--workers cannot be "${count}": expected 1 to 256.`);
	});

	it("serves with one process when it is asked for one worker", async () => {
		const { server, url } = await project().serve("start", {}, ["--port", "0", "--workers", "1"]);
		expect((await ask(url)).status).toBe(200);
		expect(await server.stop()).toBe(0);
		expect(server.output).not.toContain("A worker answers.");
	});
});

describe("the delay of a restart", () => {
	it("doubles up to 30 seconds", () => {
		const delay = new RestartDelay();
		const delays = Array.from({ length: 11 }, () => delay.after(0));
		expect(delays).toEqual([
			100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000,
		]);
	});

	it("begins anew after 30 seconds of answering, not before", () => {
		const delay = new RestartDelay();
		delay.after(0);
		expect(delay.after(29_999)).toBe(200);
		expect(delay.after(30_000)).toBe(100);
		expect(delay.after(0)).toBe(200);
	});
});
