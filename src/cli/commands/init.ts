import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import type { Command } from "../command.ts";
import { textOf } from "../listen-options.ts";
import { projectTemplate, type TemplateFile } from "../project-template.ts";
import type { Terminal } from "../terminal.ts";

const NAME = /^[a-z\d][a-z\d._-]{0,213}$/;
/** A package that has the name of one of its own dependencies can't install it. */
const TAKEN: ReadonlySet<string> = new Set([
	"burdock",
	"drizzle-orm",
	"drizzle-kit",
	"hono",
	"typescript",
	"node_modules",
]);
/** What may lie in a folder that counts as empty. */
const NO_FILES: ReadonlySet<string> = new Set([".git", ".DS_Store"]);
/** So many names say enough about a folder. */
const NAMED = 5;

/** `burdock init`: a new project. */
export const init: Command = {
	name: "init",
	summary: "Make a new project.",
	description:
		"Makes a project in a new or an empty folder: a schema, a hook, a seed, a test, and a config that\n" +
		"binds them. Nothing is installed and nothing is ever overwritten: a folder that holds files is\n" +
		"refused, unless --force is given, which adds only the files that are missing.\n\n" +
		"With --cloudflare it runs on Cloudflare Workers, too: a Worker, wrangler.toml, and migrations.",
	argument: { name: "DIR", description: "The folder; it is made if need be. Default: this one." },
	options: {
		name: { value: "NAME", description: "The project's name.", fallback: "that of the folder" },
		cloudflare: { description: "Add what Cloudflare Workers need." },
		force: { description: "Add what is missing to a folder that holds files already." },
	},
	example: "burdock init my-site",
	run({ options, args: [dir = "."], terminal }) {
		const folder = resolve(dir);
		const name = textOf(options, "name") ?? basename(folder);
		checkName(name, dir);
		if (options["force"] !== true) checkEmpty(folder, dir);
		const cloudflare = options["cloudflare"] === true;
		const files = projectTemplate({ name, cloudflare });
		const written = files.filter((file) => writeMissing(folder, file));
		report(terminal, { folder, files, written, cloudflare });
		return Promise.resolve("ok");
	},
};

function checkName(name: string, dir: string): void {
	if (NAME.test(name) && !TAKEN.has(name)) return;
	const better = name
		.toLowerCase()
		.replace(/[^a-z\d._-]+/g, "-")
		.replace(/^[^a-z\d]+|-+$/g, "");
	const suggested = NAME.test(better) && !TAKEN.has(better) ? better : "my-site";
	const why = TAKEN.has(name)
		? "is the name of something else"
		: "has signs that a package's name can't have";
	throw new CliError(`A project can't be called ${JSON.stringify(name)}: it ${why}.`, {
		exit: "usage",
		hint: `Give it another name: burdock init ${quoted(dir)} --name ${suggested}`,
	});
}

function checkEmpty(folder: string, dir: string): void {
	const stats = statSync(folder, { throwIfNoEntry: false });
	if (stats === undefined) return;
	if (!stats.isDirectory()) {
		throw new CliError(`${dir} is a file.`, { exit: "usage", hint: "Name a folder." });
	}
	const names = readdirSync(folder).filter((name) => !NO_FILES.has(name));
	if (names.length === 0) return;
	const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : "";
	const shown = names.sort().slice(0, NAMED).join(", ");
	throw new CliError(`The folder ${folder} is not empty: it holds ${shown}${more}.`, {
		exit: "usage",
		hint: "Name a new folder: burdock init DIR. Or add only what is missing: --force.",
	});
}

/** Writes a file unless there is one; tells whether it did. */
function writeMissing(folder: string, { path, text }: TemplateFile): boolean {
	const file = join(folder, path);
	mkdirSync(dirname(file), { recursive: true });
	try {
		writeFileSync(file, text, { flag: "wx" });
		return true;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
		throw error;
	}
}

interface Result {
	readonly folder: string;
	readonly files: readonly TemplateFile[];
	readonly written: readonly TemplateFile[];
	readonly cloudflare: boolean;
}

function report(terminal: Terminal, { folder, files, written, cloudflare }: Result): void {
	const { paint } = terminal;
	const lines = files.map((file) =>
		written.includes(file)
			? `  ${paint.green("+")} ${file.path}`
			: `  ${paint.dim("=")} ${paint.dim(`${file.path} was there and stays`)}`,
	);
	const way = relative(process.cwd(), folder);
	terminal.print(
		[
			`${paint.bold(folder)}`,
			...lines,
			"",
			"Next:",
			...(way === "" ? [] : [`  cd ${quoted(way)}`]),
			`  npm install && npm start   ${paint.dim("it answers on http://localhost:1337")}`,
			`  npm install && npm test    ${paint.dim("its tests")}`,
			...(cloudflare
				? [`  npm run worker             ${paint.dim("as a Worker, on port 8787")}`]
				: []),
		].join("\n"),
	);
}

/** A path as a shell takes it. */
function quoted(path: string): string {
	return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
