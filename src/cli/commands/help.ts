import type { Command } from "../command.ts";

/** `burdock help`: its text is made where all commands are known. */
export const help: Command = {
	name: "help",
	summary: "Show this help, or that of a command.",
	description: "Shows what Burdock can do, or what one command can.",
	argument: { name: "COMMAND", description: "The command to tell about.", count: "any" },
	options: {},
	example: "burdock help start",
	run: () => Promise.resolve("ok"),
};
