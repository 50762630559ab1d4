import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fault, ok, type Check, type ConfigFacts } from "./check.ts";

const FILES = ["wrangler.jsonc", "wrangler.json", "wrangler.toml"];
/** Any of them gives Burdock asynchronous context. */
const CONTEXT = /"(?:nodejs_als|nodejs_compat|nodejs_compat_v2)"/;

/** Whether wrangler's settings let the app run on Cloudflare Workers. */
export const workers: Check<ConfigFacts> = {
	name: "Workers",
	run({ folder, config }) {
		const file = FILES.find((name) => existsSync(join(folder, name)));
		if (file === undefined) return [];
		const text = withoutComments(readFileSync(join(folder, file), "utf8"));
		const findings = [];
		const flags = /"?compatibility_flags"?\s*[:=]\s*\[([^\]]*)\]/.exec(text)?.[1] ?? "";
		if (!CONTEXT.test(flags.replaceAll("'", '"'))) {
			const remedy = `Write to ${file}: ${file.endsWith("toml") ? "compatibility_flags = " : '"compatibility_flags": '}["nodejs_als"]`;
			findings.push(fault(`${file} does not turn nodejs_als on.`, remedy));
		}
		const { connection = {} } = config;
		const binding = "batch" in connection ? undefined : connection.d1;
		if (binding !== undefined && !text.replaceAll("'", '"').includes(`"${binding}"`)) {
			findings.push(
				fault(
					`connection.d1 names the binding ${binding}, which ${file} does not have.`,
					`Add it: wrangler d1 create NAME prints the lines; its binding is "${binding}".`,
				),
			);
		}
		return findings.length > 0 ? findings : [ok(`${file} fits`)];
	},
};

function withoutComments(text: string): string {
	return text.replace(/^\s*(?:#|\/\/).*$/gm, "");
}
