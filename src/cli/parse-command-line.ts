import { parseArgs } from "node:util";
import { didYouMean } from "../kernel/nearest.ts";
import { CliError } from "./cli-error.ts";
import {
	COMMON_OPTIONS,
	type Command,
	type OptionDefinition,
	type OptionValues,
} from "./command.ts";

/** What follows a command's name. */
export interface CommandLine {
	readonly options: OptionValues;
	readonly args: readonly string[];
}

/**
 * Reads options and arguments; an option may stand before or after an argument.
 * @throws CliError for an unknown option, a missing or a needless value, or a missing or needless argument.
 */
export function parseCommandLine(command: Command, argv: readonly string[]): CommandLine {
	const known = { ...command.options, ...COMMON_OPTIONS };
	const { tokens } = parseArgs({
		args: [...argv],
		options: Object.fromEntries(Object.entries(known).map(toParseOption)),
		strict: false,
		allowPositionals: true,
		tokens: true,
	});
	const options: Record<string, string | true> = {};
	const args: string[] = [];
	for (const token of tokens) {
		if (token.kind === "positional") args.push(token.value);
		if (token.kind !== "option") continue;
		const definition = Object.hasOwn(known, token.name) ? known[token.name] : undefined;
		if (definition === undefined) throw unknownOption(token.rawName, known, command);
		options[token.name] = valueOf(token, definition, command);
	}
	checkArguments(command, args, options);
	return { options, args };
}

function checkArguments(command: Command, args: readonly string[], options: OptionValues): void {
	const { name, argument } = command;
	const excess = args[argument === undefined ? 0 : argument.count === "any" ? Infinity : 1];
	if (excess !== undefined) throw usage(`${name} takes no argument ${excess}.`, command);
	if (argument?.count !== "one" || args.length > 0 || options["help"] === true) return;
	throw usage(`${name} needs an argument: burdock ${name} ${argument.name}.`, command);
}

function toParseOption([name, { value, short }]: readonly [string, OptionDefinition]): [
	string,
	{ type: "string" | "boolean"; short?: string },
] {
	return [name, { type: value === undefined ? "boolean" : "string", ...(short ? { short } : {}) }];
}

function valueOf(
	token: { readonly rawName: string; readonly value?: string | undefined },
	definition: OptionDefinition,
	command: Command,
): string | true {
	const { rawName, value } = token;
	if (definition.value === undefined) {
		if (value === undefined) return true;
		throw usage(`${rawName} takes no value.`, command);
	}
	if (value !== undefined && value !== "" && !/^-{1,2}[a-z]/.test(value)) return value;
	throw usage(`${rawName} needs a value: ${rawName} ${definition.value}.`, command);
}

function unknownOption(
	rawName: string,
	known: Readonly<Record<string, OptionDefinition>>,
	command: Command,
): CliError {
	const names = Object.keys(known).map((name) => `--${name}`);
	return usage(`There is no option ${rawName}.${didYouMean(rawName, names)}`, command);
}

function usage(message: string, command: Command): CliError {
	return new CliError(message, { exit: "usage", hint: `See: burdock ${command.name} --help` });
}
