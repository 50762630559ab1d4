import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { MIGRATIONS_FOLDER } from "../../app/config.ts";
import { fault, ok, type Check, type ConfigFacts, type Finding } from "./check.ts";

const FILES = ["wrangler.jsonc", "wrangler.json", "wrangler.toml"];
/** Any of them gives Burdock asynchronous context. */
const CONTEXT = /"(?:nodejs_als|nodejs_compat|nodejs_compat_v2)"/;
/** From this compatibility date on it is there without a flag. */
const CONTEXT_BY_DATE = "2026-08-04";
/** Where wrangler looks for migrations unless it is told. */
const WRANGLER_MIGRATIONS = "migrations";

/** The binding of the files when the config does not say. */
const DEFAULT_BUCKET = "BUCKET";

/** What a look at wrangler's settings has to go by. */
interface Settings {
	readonly file: string;
	/** With double quotes only, and without comments of whole lines. */
	readonly text: string;
}

/** Whether wrangler's settings let the app run on Cloudflare Workers. */
export const workers: Check<ConfigFacts> = {
	name: "Workers",
	run({ folder, config }) {
		const file = FILES.find((name) => existsSync(join(folder, name)));
		if (file === undefined) return [];
		const settings = { file, text: readable(readFileSync(join(folder, file), "utf8")) };
		const findings = [
			...date(settings),
			...context(settings),
			...entry(settings, folder),
			...database(settings, config),
			...bucket(settings, config),
		];
		return findings.length > 0 ? findings : [ok(`${file} fits`)];
	},
};

function date({ file, text }: Settings): readonly Finding[] {
	if (textOf("compatibility_date", text) !== undefined) return [];
	return [
		fault(
			`${file} has no compatibility_date.`,
			`Write to ${file}: ${line(file, "compatibility_date", `"${CONTEXT_BY_DATE}"`)}, or a later one.`,
		),
	];
}

function context({ file, text }: Settings): readonly Finding[] {
	const flags = /"?compatibility_flags"?\s*[:=]\s*\[([^\]]*)\]/.exec(text)?.[1] ?? "";
	const isOn = (textOf("compatibility_date", text) ?? "") >= CONTEXT_BY_DATE;
	if (CONTEXT.test(flags) || (isOn && !flags.includes('"no_nodejs_compat"'))) return [];
	const remedy = `Write to ${file}: ${line(file, "compatibility_flags", '["nodejs_als"]')}`;
	return [fault(`${file} does not turn nodejs_als on.`, remedy)];
}

function entry({ file, text }: Settings, folder: string): readonly Finding[] {
	const main = textOf("main", text);
	if (main === undefined || existsSync(join(folder, main))) return [];
	const remedy = 'Its default export is serve(config) of "burdock/cloudflare".';
	return [fault(`${file} names ${main}, which is not there.`, remedy)];
}

function database({ file, text }: Settings, config: ConfigFacts["config"]): readonly Finding[] {
	const { connection = {}, migrations } = config;
	const binding = "batch" in connection ? undefined : connection.d1;
	if (binding === undefined) return [];
	if (!text.includes(`"${binding}"`)) {
		return [
			fault(
				`connection.d1 names the binding ${binding}, which ${file} does not have.`,
				`Add it: wrangler d1 create NAME prints the lines; its binding is "${binding}".`,
			),
		];
	}
	const ours = plain(migrations?.dir ?? MIGRATIONS_FOLDER);
	const theirs = plain(textOf("migrations_dir", text) ?? WRANGLER_MIGRATIONS);
	if (ours === theirs) return [];
	return [
		fault(
			`wrangler applies the migrations in ${theirs}, and Burdock writes them to ${ours}.`,
			`Write to ${file}, below the binding ${binding}: ${line(file, "migrations_dir", `"${ours}"`)}`,
		),
	];
}

function bucket({ file, text }: Settings, { media }: ConfigFacts["config"]): readonly Finding[] {
	if (media === undefined || media.options.store !== undefined) return [];
	const { r2: name = DEFAULT_BUCKET } = media.options;
	if (text.includes(`"${name}"`)) return [];
	return [
		fault(
			`Files are kept in the R2 bucket that is bound as ${name}, which ${file} does not bind.`,
			`Add it: wrangler r2 bucket create NAME prints the lines; its binding is "${name}".`,
		),
	];
}

/** The text that a key has, anywhere. */
function textOf(key: string, text: string): string | undefined {
	return new RegExp(`(?:^|[{,\\s])"?${key}"?\\s*[:=]\\s*"([^"]*)"`).exec(text)?.[1];
}

/** A setting as the file writes it. */
function line(file: string, key: string, value: string): string {
	return file.endsWith("toml") ? `${key} = ${value}` : `"${key}": ${value}`;
}

function plain(path: string): string {
	return path.replace(/^\.\//, "").replace(/\/$/, "");
}

function readable(text: string): string {
	return text.replace(/^\s*(?:#|\/\/).*$/gm, "").replaceAll("'", '"');
}
