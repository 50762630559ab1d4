import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readEntries } from "../scripts/build/entries.ts";
import { Source } from "./support/source.ts";

interface TypeScriptConfig {
	readonly compilerOptions: { readonly paths: Readonly<Record<string, readonly string[]>> };
}

/** The names that an entry gives, sorted: `value EventManager`, `type Listener`. */
function names(path: string): readonly string[] {
	const source = new Source(path, readFileSync(path, "utf8"));
	return source
		.exports()
		.map(({ name, typeOnly }) => `${typeOnly ? "type" : "value"} ${name}`)
		.sort();
}

describe("the public names", () => {
	const entries = readEntries().filter(({ executable }) => !executable);

	it("of each subpath are those that were agreed on", async () => {
		const text = entries
			.filter(({ source }) => source !== "src/index.node.ts")
			.map(({ name, source }) => [name.replace(".", "burdock"), ...names(source)].join("\n\t"))
			.join("\n\n");
		await expect(`${text}\n`).toMatchFileSnapshot("exports.snapshot.txt");
	});

	it("are the same on every runtime", () => {
		expect(names("src/index.node.ts")).toEqual(names("src/index.ts"));
	});

	it.each(entries)("of $source exist when it runs", async ({ source }) => {
		const module = (await import(/* @vite-ignore */ `../${source}`)) as Readonly<
			Record<string, unknown>
		>;
		const values = names(source).filter((name) => name.startsWith("value "));
		expect(
			Object.keys(module)
				.map((name) => `value ${name}`)
				.sort(),
		).toEqual([...values].sort());
	});

	it("lead from the repository's own programs to the sources", () => {
		const { compilerOptions } = JSON.parse(
			readFileSync("tsconfig.node.json", "utf8"),
		) as TypeScriptConfig;
		const paths = entries
			.filter(({ source }) => source !== "src/index.ts")
			.map(({ name, source }) => [name.replace(".", "burdock"), [`./${source}`]]);
		const ofPackage = Object.entries(compilerOptions.paths).filter(([name]) =>
			/^burdock(?:\/|$)/.test(name),
		);
		expect(Object.fromEntries(ofPackage)).toEqual(Object.fromEntries(paths));
	});
});
