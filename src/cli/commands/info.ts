import { isPlainObject } from "../../kernel/json.ts";
import { DEFAULT_URL } from "../../runtime/node/platform.ts";
import { CONFIG_OPTION, JSON_OPTION, type Command } from "../command.ts";
import { inspectApp, type InspectedApp } from "../inspected-app.ts";
import { shownPath } from "../source-position.ts";
import { table } from "../table.ts";

/** `burdock info`: what the app is. */
export const info: Command = {
	name: "info",
	summary: "Show what the app is made of.",
	description:
		"Shows versions, database, entities with their fields, listeners, and which access rule holds.\n" +
		"The app is built on an empty database in memory, without its seed.",
	options: { ...CONFIG_OPTION, ...JSON_OPTION },
	example: "burdock info",
	async run(invocation) {
		const { options, terminal } = invocation;
		await inspectApp(invocation, (inspected) => {
			const facts = factsOf(inspected);
			if (options["json"] === true) return terminal.printJson(facts);
			const { entities, ...others } = facts;
			const lines = table(Object.entries(others).map(([name, value]) => [name, String(value)]));
			const models = table(entities.map(({ name, fields }) => [name, fields.join(", ")]));
			const { paint } = terminal;
			terminal.print(
				[...lines, "", paint.bold("entities"), ...models.map((line) => `  ${line}`)].join("\n"),
			);
		});
		return "ok";
	},
};

function factsOf({ app, config, path }: InspectedApp) {
	const { version, entities, listeners, access, routes } = app.describe();
	return {
		burdock: version,
		node: process.versions.node,
		config: shownPath(path),
		database: locationOf(config.connection),
		access,
		listeners,
		routes: routes.length,
		entities,
	};
}

/** Where the data is, without credentials. */
function locationOf(connection: unknown): string {
	if (connection !== undefined && !isPlainObject(connection)) return "opened by the config";
	const url = connection?.["url"];
	if (typeof url !== "string") return DEFAULT_URL;
	if (!URL.canParse(url) || url.startsWith("file:")) return url;
	const { protocol, host, pathname } = new URL(url);
	return `${protocol}//${host}${pathname}`;
}
