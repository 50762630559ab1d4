import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { environment } from "./installed-package.ts";

const run = promisify(execFile);
const WRANGLER = "node_modules/.bin/wrangler";

/** A call of wrangler that a page shows. */
export interface WranglerCall {
	/** Everything before the first option: the command and its arguments. */
	readonly words: readonly string[];
	/** Options, without their values: `--remote`. */
	readonly options: readonly string[];
}

/** The calls in a page, each once: lines of shell blocks, and code in its sentences. */
export function wranglerCalls(page: string): readonly WranglerCall[] {
	const found = page.matchAll(/(?<=npx wrangler )[a-z][^`\n|]*/g);
	return [...new Set([...found].map(([call]) => call.trim()))].map((call) => {
		const words = call.split(/\s+/);
		const first = words.findIndex((word) => word.startsWith("-"));
		return {
			words: first < 0 ? words : words.slice(0, first),
			options: words.filter((word) => word.startsWith("-")).map((word) => word.replace(/=.*/, "")),
		};
	});
}

/** What wrangler says to `--help`, asked once for each command. */
export class WranglerHelp {
	readonly #texts: string[] = [];

	/** What is wrong with a call: nothing if wrangler takes it. */
	async faults({ words, options }: WranglerCall): Promise<readonly string[]> {
		const text = await this.#of(words);
		const { named, needed, most } = usageOf(text);
		const given = words.length - named.length;
		const faults = [];
		if (!startsWith(words, named) || given < needed || given > most) {
			faults.push(`${words.join(" ")}: the usage is ${text.split("\n")[0]}`);
		}
		for (const option of options) {
			const positive = option.replace(/^--no-/, "--");
			const isThere = new RegExp(`(^|[\\s,])(${option}|${positive})(?![\\w-])`, "m").test(text);
			if (!isThere) faults.push(`${words.join(" ")} has no ${option}`);
		}
		return faults;
	}

	/** Arguments make no difference to it. */
	async #of(words: readonly string[]): Promise<string> {
		const known = this.#texts.find((text) => startsWith(words, usageOf(text).named));
		if (known !== undefined) return known;
		const text = await help(words.filter((word) => /^[a-z][a-z\d-]*$/.test(word)));
		const hasMore = text.includes("\nCOMMANDS\n");
		if (!hasMore) this.#texts.push(text);
		return text;
	}
}

/** The first line of a help: the words of the command, and how many arguments it takes. */
function usageOf(text: string): {
	readonly named: readonly string[];
	readonly needed: number;
	readonly most: number;
} {
	const [, ...words] = (text.split("\n")[0] ?? "").split(" ");
	const named = words.filter((word) => !/^[<[]/.test(word));
	const needed = words.filter((word) => word.startsWith("<")).length;
	return { named, needed, most: words.length - named.length };
}

function startsWith(words: readonly string[], start: readonly string[]): boolean {
	return start.every((word, index) => words[index] === word);
}

async function help(words: readonly string[]): Promise<string> {
	const env = { ...environment(), NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
	const { stdout } = await run(WRANGLER, [...words, "--help"], { env });
	return stdout.trim();
}
