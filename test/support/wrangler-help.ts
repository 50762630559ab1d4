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

/** What wrangler says to `--help`, of each command once. */
export class WranglerHelp {
	readonly #texts = new Map<string, Promise<string>>();

	/** What is wrong with a call: nothing if wrangler takes it. */
	async faults({ words, options }: WranglerCall): Promise<readonly string[]> {
		const text = await this.#of(words);
		const [usage = ""] = text.split("\n");
		const [, ...expected] = usage.split(" ");
		const named = expected.filter((word) => !/^[<[]/.test(word));
		const given = words.slice(named.length);
		const needed = expected.filter((word) => word.startsWith("<"));
		const faults = [];
		const isCommand = named.every((word, index) => words[index] === word);
		const fits = given.length >= needed.length && given.length <= expected.length - named.length;
		if (!isCommand || !fits) faults.push(`${words.join(" ")}: the usage is ${usage}`);
		for (const option of options) {
			const positive = option.replace(/^--no-/, "--");
			const isThere = new RegExp(`(^|[\\s,])(${option}|${positive})(?![\\w-])`, "m").test(text);
			if (!isThere) faults.push(`${words.join(" ")} has no ${option}`);
		}
		return faults;
	}

	/** Asked without arguments, since those make no difference. */
	#of(words: readonly string[]): Promise<string> {
		const command = words.filter((word) => /^[a-z][a-z\d-]*$/.test(word)).join(" ");
		const known = this.#texts.get(command);
		if (known !== undefined) return known;
		const text = help(command.split(" "));
		this.#texts.set(command, text);
		return text;
	}
}

async function help(words: readonly string[]): Promise<string> {
	const env = { ...environment(), NO_COLOR: "1", WRANGLER_SEND_METRICS: "false" };
	const { stdout } = await run(WRANGLER, [...words, "--help"], { env });
	return stdout.trim();
}
