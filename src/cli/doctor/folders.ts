import { spawnSync } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { databaseFile } from "../database-file.ts";
import { shownPath } from "../source-position.ts";
import { fault, ok, warning, type Check, type ConfigFacts, type Finding } from "./check.ts";

/** Whether the folders that Burdock writes to can be written to. */
export const folders: Check<ConfigFacts> = {
	name: "Folders",
	run({ folder, config }) {
		const file = databaseFile(config.connection);
		const wanted = [join(folder, ".burdock"), ...(file === undefined ? [] : [dirname(file)])];
		const findings = [...new Set(wanted)].flatMap(faultOf);
		return findings.length > 0 ? findings : [ok("can be written to")];
	},
};

function faultOf(folder: string): readonly Finding[] {
	const stats = statSync(folder, { throwIfNoEntry: false });
	if (stats === undefined) return folder === dirname(folder) ? [] : faultOf(dirname(folder));
	const shown = shownPath(folder);
	if (!stats.isDirectory()) {
		return [
			fault(
				`${shown} is a file, and has to be a folder.`,
				`Move it away: mv ${shown} ${shown}.old`,
			),
		];
	}
	try {
		accessSync(folder, constants.W_OK | constants.X_OK);
		return [];
	} catch {
		return [
			fault(`${shown} cannot be written to.`, `Give this user the right: chmod u+wx ${shown}`),
		];
	}
}

/** Whether git leaves out what is of this machine only, and secret. */
export const gitignore: Check = {
	name: "Git",
	run({ folder }) {
		const git = spawnSync("git", ["check-ignore", "-q", "--", ".burdock/data.db"], {
			cwd: folder,
			stdio: "ignore",
		});
		if (git.status === 0) return [ok("leaves .burdock out")];
		// 128: no repository; null: no git.
		if (git.status !== 1) return [];
		return [
			warning(
				"git does not ignore .burdock: data and secrets could be committed.",
				"echo .burdock/ >> .gitignore",
			),
		];
	},
};
