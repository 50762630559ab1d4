import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { freePort, RunningCommand } from "../support/running-command.ts";

const root = new URL("../../", import.meta.url);
const WRITERS = 8;
const ACKNOWLEDGED = 120;

/** Starts the sample blog, from the built command line, on the database in this directory. */
async function start(directory: string) {
	const port = await freePort();
	const main = fileURLToPath(new URL("dist/cli/main.js", root));
	const config = fileURLToPath(new URL("bknd.config.ts", root));
	const command = new RunningCommand(
		process.execPath,
		[main, "start", "--port", String(port), "--config", config],
		{ cwd: directory, env: { ...process.env, NO_COLOR: "1" } },
	);
	await command.printed(`:${port}`);
	return { command, tags: `http://127.0.0.1:${port}/api/data/entity/tags` };
}

/** Inserts one tag after the other until the server is gone; tells each that was acknowledged. */
async function write(tags: string, writer: number, onStored: (name: string) => void) {
	for (let count = 0; ; count++) {
		const name = `tag ${writer}-${count}`;
		try {
			const response = await fetch(tags, { method: "POST", body: JSON.stringify({ name }) });
			if (response.status === 201) onStored(name);
		} catch {
			return;
		}
	}
}

test("a server killed in the middle of writes keeps every row that it acknowledged, with its audit row", async () => {
	const directory = mkdtempSync(join(tmpdir(), "burdock-crash-"));
	onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
	const first = await start(directory);
	const stored: string[] = [];
	await Promise.all(
		Array.from({ length: WRITERS }, (_, writer) =>
			write(first.tags, writer, (name) => {
				stored.push(name);
				if (stored.length === ACKNOWLEDGED) void first.command.stop("SIGKILL");
			}),
		),
	);
	expect(await first.command.ended).toBe("SIGKILL");

	const second = await start(directory);
	onTestFinished(async () => {
		await second.command.stop("SIGKILL");
	});
	const where = encodeURIComponent(JSON.stringify({ name: { $in: stored } }));
	const found = await fetch(`${second.tags}?where=${where}&limit=1&count=true`);
	expect(await found.json()).toMatchObject({ meta: { count: stored.length } });
	const all = await fetch(`${second.tags}/fn/count`, { method: "POST", body: "{}" });
	const audited = await fetch(second.tags.replace("/tags", "/audit") + "/fn/count", {
		method: "POST",
		body: JSON.stringify({ entity: "tags", action: "insert" }),
	});
	const { count } = (await all.json()) as { count: number };
	expect(await audited.json()).toMatchObject({ count });
	await second.command.stop();
});
