import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { clientTypes } from "../client-types.ts";
import { CliError } from "../cli-error.ts";
import { CONFIG_OPTION, type Command } from "../command.ts";
import { inspectApp } from "../inspected-app.ts";
import { textOf } from "../listen-options.ts";

/** `burdock types`: what the entities are, for the typed client. */
export const types: Command = {
	name: "types",
	summary: "Write what the entities are, for a typed client.",
	description:
		"Writes a TypeScript file for projects that use burdock/client without your schema: the fields of\n" +
		"each entity as they are on the wire, and its relations. It needs no other file and no package.\n" +
		"The app is built on an empty database in memory, without its seed.",
	options: {
		out: { value: "FILE", short: "o", description: "Write to this file.", fallback: "print" },
		check: { description: "Write nothing; exit with 1 when the file of --out is out of date." },
		...CONFIG_OPTION,
	},
	example: "burdock types --out ../web/src/burdock.d.ts",
	async run(invocation) {
		const { options, terminal } = invocation;
		const out = textOf(options, "out");
		const check = options["check"] === true;
		if (check && out === undefined) {
			throw new CliError("--check needs a file to look at.", {
				exit: "usage",
				hint: "burdock types --out FILE --check",
			});
		}
		await inspectApp(invocation, ({ app }) => {
			const text = clientTypes(app.em.entities);
			if (out === undefined) terminal.print(text.trimEnd());
			else if (!isWritten(out, text)) {
				if (check) throw outOfDate(out);
				write(out, text);
			}
		});
		return "ok";
	},
};

/** Whether the file says it already, however git has ended its lines. */
function isWritten(file: string, text: string): boolean {
	return existsSync(file) && readFileSync(file, "utf8").replaceAll("\r\n", "\n") === text;
}

function write(file: string, text: string): void {
	try {
		writeFileSync(file, text);
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new CliError(`${file} cannot be written: ${reason}`, {
			hint: "Name a file in a folder that exists.",
			cause,
		});
	}
}

function outOfDate(file: string): CliError {
	return new CliError(`${file} is out of date.`, { hint: `burdock types --out ${file}` });
}
