import { Console } from "node:console";
import type { App } from "../../app/app.ts";
import type { Paint } from "../../runtime/node/paint.ts";
import { CONFIG_OPTION, JSON_OPTION, LISTEN_OPTIONS, type Command } from "../command.ts";
import { isFault, type Finding } from "../doctor/check.ts";
import { EXIT_CODES, type ExitName } from "../exit-codes.ts";
import { examine, type Examined } from "../doctor/examine.ts";

/** `burdock doctor`: what is wrong in a project. */
export const doctor: Command = {
	name: "doctor",
	summary: "Find what is wrong in a project, and how to mend it.",
	description:
		"Looks at Node.js, packages, the config and its listeners, folders, the address, and the database:\n" +
		"whether it can be reached and locked, whether it is whole, and whether it fits the schema.\n" +
		"It changes nothing. A fault (✗) keeps something from working, and the exit code is then 1;\n" +
		"a warning (!) is worth a look.",
	options: { ...LISTEN_OPTIONS, ...CONFIG_OPTION, ...JSON_OPTION },
	example: "burdock doctor",
	async run({ options, terminal, report }) {
		globalThis.console = new Console(process.stderr, process.stderr);
		const { env } = process;
		const found: Examined[] = [];
		const facts = {
			folder: process.cwd(),
			options,
			env,
			nodeVersion: process.versions.node,
			onBuilt: (app: App) => report.executing(app),
			onClose: (app: App) => report.ended(app, { exitCode: EXIT_CODES[exitOf(found)] }),
		};
		const json = options["json"] === true;
		for await (const examined of examine(facts)) {
			found.push(examined);
			const lines = linesOf(examined, terminal.paint);
			if (!json && lines.length > 0) terminal.print(lines.join("\n"));
		}
		const findings = found.flatMap(({ findings: all }) => all);
		const faults = findings.filter(({ level }) => level === "fault").length;
		const warnings = findings.filter(({ level }) => level === "warning").length;
		if (json) terminal.printJson({ faults, warnings, checks: found.flatMap(asJson) });
		else terminal.print(`\n  ${sumOf(faults, warnings, terminal.paint)}`);
		return exitOf(found);
	},
};

function exitOf(found: readonly Examined[]): ExitName {
	return found.some(({ findings }) => findings.some(isFault)) ? "failure" : "ok";
}

/** The widest name of a check, and a gap. */
const NAME_WIDTH = 15;
const INDENT = " ".repeat(NAME_WIDTH + 4);

function linesOf({ name, findings }: Examined, paint: Paint): readonly string[] {
	return findings.flatMap(({ level, message, remedy }, index) => {
		const shown = index === 0 ? name.padEnd(NAME_WIDTH) : " ".repeat(NAME_WIDTH);
		const text = message.split("\n").join(`\n${INDENT}`);
		const said = level === "ok" ? paint.dim(text) : text;
		const line = `  ${markOf(level, paint)} ${shown}${said}`;
		if (remedy === undefined) return [line];
		return [line, `${INDENT}${paint.cyan("→")} ${remedy.split("\n").join(`\n${INDENT}  `)}`];
	});
}

function markOf(level: Finding["level"], paint: Paint): string {
	if (level === "ok") return paint.green("✓");
	return level === "warning" ? paint.yellow("!") : paint.red("✗");
}

function sumOf(faults: number, warnings: number, paint: Paint): string {
	const parts = [
		...(faults > 0 ? [paint.red(faults === 1 ? "1 fault" : `${faults} faults`)] : []),
		...(warnings > 0 ? [paint.yellow(warnings === 1 ? "1 warning" : `${warnings} warnings`)] : []),
	];
	return parts.length > 0 ? `${parts.join(", ")}.` : paint.green("Nothing is wrong.");
}

function asJson({ name, findings }: Examined): readonly object[] {
	return findings.map((finding) => ({ check: name, ...finding }));
}
