import {
	COMMON_OPTIONS,
	type ArgumentDefinition,
	type Command,
	type OptionDefinition,
} from "./command.ts";
import { EXIT_CODES, EXIT_MEANINGS } from "./exit-codes.ts";
import { table } from "./table.ts";

/** What `burdock help` prints. */
export function generalHelp(commands: readonly Command[]): string {
	const codes = Object.entries(EXIT_CODES).map(([name, code]) => [
		String(code),
		EXIT_MEANINGS[name as keyof typeof EXIT_CODES],
	]);
	return [
		"Burdock: a CMS backend in which every operation is a hook.",
		"",
		"Usage: burdock COMMAND [OPTIONS]",
		"",
		"Commands:",
		...indent(table(commands.map(({ name, summary }) => [name, summary]))),
		"",
		"Options:",
		...indent(optionTable({ ...COMMON_OPTIONS, version: VERSION_OPTION })),
		"",
		"Exit codes:",
		...indent(table(codes)),
		"",
		"burdock COMMAND --help tells more about one command.",
	].join("\n");
}

/** What `burdock COMMAND --help` prints. */
export function commandHelp(command: Command): string {
	const { name, description, argument, options, example } = command;
	const usage = ["burdock", name, ...(argument ? [shownArgument(argument)] : []), "[OPTIONS]"];
	return [
		description,
		"",
		`Usage: ${usage.join(" ")}`,
		"",
		...(argument
			? ["Argument:", ...indent(table([[argument.name, argument.description]])), ""]
			: []),
		"Options:",
		...indent(optionTable({ ...options, ...COMMON_OPTIONS })),
		"",
		"Example:",
		`  ${example}`,
	].join("\n");
}

function shownArgument({ name, count }: ArgumentDefinition): string {
	if (count === "one") return name;
	return count === "any" ? `[${name}...]` : `[${name}]`;
}

const VERSION_OPTION: OptionDefinition = { short: "v", description: "Show the version." };

function optionTable(options: Readonly<Record<string, OptionDefinition>>): readonly string[] {
	return table(
		Object.entries(options).map(([name, { short, value, description, fallback }]) => [
			`${short ? `-${short}, ` : "    "}--${name}${value ? ` ${value}` : ""}`,
			`${description}${fallback ? ` Default: ${fallback}.` : ""}`,
		]),
	);
}

function indent(lines: readonly string[]): readonly string[] {
	return lines.map((line) => `  ${line}`);
}
