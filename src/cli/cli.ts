import { didYouMean } from "../kernel/nearest.ts";
import { VERSION } from "../kernel/version.ts";
import { CliError } from "./cli-error.ts";
import { CommandReport } from "./command-report.ts";
import type { Command } from "./command.ts";
import { dev } from "./commands/dev.ts";
import { doctor } from "./commands/doctor.ts";
import { eventsTail } from "./commands/events-tail.ts";
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
	eventsTail,
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

/**
 * Runs a command line and resolves to the exit code, or to nothing when a server goes on; it never
 * rejects.
 */
export async function runCli(argv: readonly string[]): Promise<number | undefined> {
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

async function runCommand(
	argv: readonly string[],
	terminal: Terminal,
): Promise<number | undefined> {
	const at = argv.findIndex((arg) => !arg.startsWith("-"));
	if (at === -1) return withoutCommand(argv, terminal);
	const command = commandOf(argv.slice(at));
	const words = command.name.split(" ").length;
	const { options, args } = parseCommandLine(command, argv.toSpliced(at, words));
	if (command === help || options["help"] === true) {
		const text = command !== help ? commandHelp(command) : helpFor(args);
		terminal.print(text);
		return EXIT_CODES.ok;
	}
	const report = new CommandReport(command.name, { options, args });
	const exit = await command.run({ options, args, terminal, report });
	return exit && EXIT_CODES[exit];
}

function withoutCommand(argv: readonly string[], terminal: Terminal): number {
	if (argv.some((arg) => arg === "--version" || arg === "-v")) {
		terminal.print(VERSION);
		return EXIT_CODES.ok;
	}
	parseCommandLine(help, argv);
	terminal.print(helpFor([]));
	const asked = argv.some((arg) => arg === "--help" || arg === "-h");
	return asked ? EXIT_CODES.ok : EXIT_CODES.usage;
}

function helpFor(words: readonly string[]): string {
	if (words.length === 0) return generalHelp(COMMANDS);
	const command = commandOf(words);
	if (words.join(" ") !== command.name) throw unknownCommand(words.join(" "));
	return commandHelp(command);
}

/** The command that these words begin with: of two words, if there is one, else of one. */
function commandOf([first = "", second]: readonly string[]): Command {
	const named = (name: string) => COMMANDS.find((known) => known.name === name);
	const command = named(`${first} ${second}`) ?? named(first);
	if (command === undefined) throw unknownCommand(first);
	return command;
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
