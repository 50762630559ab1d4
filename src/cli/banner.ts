import type { AppDescription } from "../app/app.ts";
import type { Paint } from "../runtime/node/paint.ts";
import { shownPath } from "./source-position.ts";

/** What a banner shows. */
export interface BannerFacts extends AppDescription {
	readonly url: string;
	/** Commands that work here and now. */
	readonly commands: readonly string[];
}

const WIDTH = 80;
const LABEL = 12;

/** What a person wants to know about a server that has just started. */
export function banner(facts: BannerFacts, paint: Paint): string {
	const { url, version, database, entities, listeners, access, routes, commands } = facts;
	const names = entities.map(({ name }) => name);
	const location = shownPath(database.location);
	const docs = routes.find(({ path }) => path.endsWith("/system/docs"));
	const rows = [
		["database", `${location} ${paint.dim(`(${database.engine})`)}`],
		["entities", wrapped(names).join(`\n${" ".repeat(LABEL + 2)}`) || paint.dim("none yet")],
		["listeners", `${listeners} ${paint.dim("(burdock events shows them)")}`],
		["access", access],
		...(docs ? [["api", `${url}${docs.path}`]] : []),
	];
	return [
		"",
		`  ${paint.bold(paint.green("burdock"))} ${paint.dim(version)}  ${paint.bold(paint.cyan(url))}`,
		"",
		...rows.map(([label = "", text = ""]) => `  ${paint.dim(label.padEnd(LABEL))}${text}`),
		"",
		`  ${paint.dim("try")}`,
		...commands.map((command) => `    ${command}`),
		"",
	].join("\n");
}

function wrapped(names: readonly string[]): readonly string[] {
	const lines: string[] = [];
	for (const name of names) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + name.length + LABEL + 4 <= WIDTH) {
			lines[lines.length - 1] = `${last}, ${name}`;
		} else {
			if (last !== undefined) lines[lines.length - 1] = `${last},`;
			lines.push(name);
		}
	}
	return lines;
}
