import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { CliError } from "../../src/cli/cli-error.ts";
import { MigrationWriter } from "../../src/cli/migration-writer.ts";

it("says that a file of the next migration's name is in the way, and adds nothing", () => {
	const folder = mkdtempSync(join(tmpdir(), "burdock-migrations-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, "0000_init.sql"), "-- mine");
	const write = () => new MigrationWriter(folder).write("init", "select 1", {} as never);
	expect(write).toThrow(CliError);
	expect(write).toThrow(/0000_init\.sql cannot be written: EEXIST/);
	expect(readdirSync(join(folder, "meta"))).toEqual([]);
});
