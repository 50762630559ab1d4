import { cpSync, existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { CliProject, config } from "../support/cli-project.ts";

const HOOK = 'onBuilt({ emgr }) { emgr.onEvent(AppEvents.AppRequest, () => {}, { id: "heard" }); }';

it("runs the copy that the project has installed, whichever was called", async () => {
	const project = new CliProject({ "bknd.config.ts": config(HOOK) });
	onTestFinished(() => project.remove());
	const copy = join(project.folder, "node_modules/burdock");
	rmSync(copy);
	cpSync("dist", join(copy, "dist"), { recursive: true });
	cpSync("package.json", join(copy, "package.json"));
	for (const name of [
		"libsql",
		"@libsql",
		"@neon-rs",
		"detect-libc",
		"esbuild",
		"@esbuild",
		"@hono",
	]) {
		if (existsSync(join("node_modules", name))) {
			cpSync(join("node_modules", name), join(project.folder, "node_modules", name), {
				recursive: true,
			});
		}
	}
	const { code, stdout, stderr } = await project.run(["events"]);
	expect(stderr).toBe("");
	expect(stdout).toContain("heard");
	expect(code).toBe(0);
	const manifest = JSON.parse(readFileSync(join(copy, "package.json"), "utf8")) as object;
	expect(manifest).toHaveProperty("name", "burdock");
});
