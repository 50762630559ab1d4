import { CONFIG_OPTION, JSON_OPTION, type Command } from "../command.ts";
import { inspectApp } from "../inspected-app.ts";
import { table } from "../table.ts";

/** `burdock routes`: what the server answers. */
export const routes: Command = {
	name: "routes",
	summary: "Show the routes of the server.",
	description:
		"Shows the routes in the order in which they are tried: those of the config, then Burdock's.\n" +
		"The app is built on an empty database in memory, without its seed.",
	options: { ...CONFIG_OPTION, ...JSON_OPTION },
	example: "burdock routes --json",
	async run(invocation) {
		const { options, terminal } = invocation;
		await inspectApp(invocation, ({ app }) => {
			const { routes: all } = app.describe();
			if (options["json"] === true) terminal.printJson(all);
			else terminal.print(table(all.map(({ method, path }) => [method, path])).join("\n"));
		});
		return "ok";
	},
};
