import { didYouMean } from "../kernel/nearest.ts";
import { VERSION } from "../kernel/version.ts";
import { CliError } from "./cli-error.ts";
import { CommandReport } from "./command-report.ts";
import type { Command } from "./command.ts";
import { dev } from "./commands/dev.ts";
import { doctor } from "./commands/doctor.ts";
import { events } from "./commands/events.ts";
import { exportCommand } from "./commands/export.ts";
import { help } from "./commands/help.ts";
import { importCommand } from "./commands/import.ts";
import { info } from "./commands/info.ts";
import { init } from "./commands/init.ts";
import { migrate } from "./commands/migrate.ts";
import { routes } from "./commands/routes.ts";
import { seed } from "./commands/seed.ts";
import { start } from "./commands/start.ts";
import { types } from "./commands/types.ts";
import { EXIT_CODES } from "./exit-codes.ts";
import { commandHelp, generalHelp } from "./help-text.ts";
import { parseCommandLine } from "./parse-command-line.ts";
import { reportFailure } from "./report-failure.ts";
import { Terminal } from "./terminal.ts";
import { toCliError } from "./to-cli-error.ts";

const COMMANDS: readonly Command[] = [
	init,
	start,
	dev,
	events,
	routes,
	info,
	types,
	migrate,
	seed,
	exportCommand,
	importCommand,
	doctor,
	help,
];

/** Runs a command line and resolves to the exit code; it never rejects. */
export async function runCli(argv: readonly string[]): Promise<number> {
	if (argv.includes("--no-color")) process.env["NO_COLOR"] = "1";
	const terminal = new Terminal();
	try {
		return await runCommand(argv, terminal);
	} catch (error) {
		const failure = toCliError(error);
		reportFailure(failure, terminal, { verbose: argv.includes("--verbose") });
		return EXIT_CODES[failure.exit];
	}
}

async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
	const at = argv.findIndex((arg) => !arg.startsWith("-"));
	const [name, rest] = at === -1 ? [undefined, argv] : [argv[at], argv.toSpliced(at, 1)];
	if (name === undefined) return withoutCommand(argv, terminal);
	const command = COMMANDS.find((known) => known.name === name);
	if (command === undefined) throw unknownCommand(name);
	const { options, args } = parseCommandLine(command, rest);
	if (command === help || options["help"] === true) {
		terminal.print(helpFor(command === help ? args[0] : name));
		return EXIT_CODES.ok;
	}
	const report = new CommandReport(command.name, { options, args });
	return EXIT_CODES[await command.run({ options, args, terminal, report })];
}

function withoutCommand(argv: readonly string[], terminal: Terminal): number {
	if (argv.some((arg) => arg === "--version" || arg === "-v")) {
		terminal.print(VERSION);
		return EXIT_CODES.ok;
	}
	parseCommandLine(help, argv);
	terminal.print(helpFor(undefined));
	const asked = argv.some((arg) => arg === "--help" || arg === "-h");
	return asked ? EXIT_CODES.ok : EXIT_CODES.usage;
}

function helpFor(name: string | undefined): string {
	if (name === undefined) return generalHelp(COMMANDS);
	const command = COMMANDS.find((known) => known.name === name);
	if (command === undefined) throw unknownCommand(name);
	return commandHelp(command);
}

function unknownCommand(name: string): CliError {
	const guess = didYouMean(
		name,
		COMMANDS.map((known) => known.name),
	);
	return new CliError(`There is no command ${name}.${guess}`, {
		exit: "usage",
		hint: "See: burdock help",
	});
}
