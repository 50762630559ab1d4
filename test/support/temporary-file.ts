import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** The path of a file that is not there yet, in a directory that is removed after the test. */
export function temporaryFile(name = "data.db"): string {
	const directory = mkdtempSync(join(tmpdir(), "burdock-"));
	onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
	return join(directory, name);
}
