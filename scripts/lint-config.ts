/**
 * Writes `.oxlintrc.json`: the rules below, and import restrictions made from the floor table.
 *
 *     node scripts/lint-config.ts
 */
import { writeFileSync } from "node:fs";
import {
	FLOORS,
	MAX_FILE_LINES,
	MAX_FUNCTION_LINES,
	NODE_GLOBALS,
	type Floor,
} from "../test/support/floors.ts";

type Pattern = Readonly<Record<string, unknown>>;

const RELATIVE = ["!.*", "!./**", "!../**"];

const RULES = {
	eqeqeq: ["error", "always", { null: "ignore" }],
	"no-eval": "error",
	"no-new-func": "error",
	"no-new": "error",
	"no-var": "error",
	"prefer-const": "error",
	"no-throw-literal": "error",
	"import/no-cycle": ["error", { ignoreTypes: false }],
	"import/no-default-export": "error",
	"import/no-duplicates": "error",
	"oxc/missing-throw": "error",
	"typescript/await-thenable": "error",
	"typescript/ban-ts-comment": "error",
	"typescript/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
	"typescript/no-base-to-string": "off",
	"typescript/no-explicit-any": "error",
	"typescript/no-floating-promises": "error",
	"typescript/no-implied-eval": "error",
	"typescript/no-namespace": "error",
	"typescript/no-this-alias": ["error", { allowedNames: ["self"] }],
	"typescript/no-non-null-assertion": "error",
	"typescript/no-redundant-type-constituents": "off",
	"typescript/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
	"typescript/unbound-method": "off",
	"unicorn/no-new-array": "off",
	"unicorn/prefer-node-protocol": "error",
};

/** The linter's configuration as the text of `.oxlintrc.json`. */
export function lintConfig(): string {
	const config = {
		$schema: "./node_modules/oxlint/configuration_schema.json",
		plugins: ["eslint", "typescript", "unicorn", "oxc", "import", "vitest"],
		categories: { correctness: "error" },
		options: { reportUnusedDisableDirectives: "error", denyWarnings: true, typeAware: true },
		ignorePatterns: ["dist/**", "coverage/**", ".burdock/**", ".wrangler/**", "bench/**"],
		rules: RULES,
		overrides: [...commonOverrides(), ...floorOverrides()],
	};
	const note =
		"// Made by scripts/lint-config.ts from test/support/floors.ts: change those, then run it.";
	return `${note}\n${JSON.stringify(config, undefined, "\t")}\n`;
}

function commonOverrides(): readonly object[] {
	return [
		{
			// wrangler takes the default export, as the command does with a config.
			files: ["*.config.ts", "**/*.config.ts", "blog/worker.ts", "template/**/worker.ts"],
			rules: { "import/no-default-export": "off" },
		},
		{
			files: ["src/**"],
			rules: {
				"no-console": "error",
				"max-lines": ["error", { max: MAX_FILE_LINES }],
				"max-lines-per-function": ["error", { max: MAX_FUNCTION_LINES }],
			},
		},
		{
			files: ["test/**"],
			rules: {
				"typescript/no-this-alias": ["error", { allowedNames: ["self"] }],
				"typescript/no-non-null-assertion": "off",
				"vitest/expect-expect": "off",
				"vitest/no-conditional-expect": "off",
				"vitest/no-focused-tests": "error",
				"vitest/valid-expect": ["error", { maxArgs: 2 }],
			},
		},
		// node:test awaits what its own functions return.
		{ files: ["template/test/**"], rules: { "typescript/no-floating-promises": "off" } },
		{
			files: ["src/*.ts"],
			rules: restrict([{ group: ["node:*"], message: "A front door holds no code of its own." }]),
		},
	];
}

function floorOverrides(): readonly object[] {
	const general = FLOORS.toSorted((a, b) => a.path.length - b.path.length);
	return general.map((floor) => ({
		files: [floor.path.endsWith(".ts") ? `src/${floor.path}` : `src/${floor.path}/**`],
		rules: {
			...restrict([...floorPatterns(floor), ...packagePatterns(floor)]),
			"no-restricted-globals": floor.node ? "off" : ["error", ...NODE_GLOBALS],
		},
	}));
}

function restrict(patterns: readonly Pattern[]): Readonly<Record<string, unknown>> {
	return { "no-restricted-imports": patterns.length > 0 ? ["error", { patterns }] : "off" };
}

function floorPatterns(floor: Floor): readonly Pattern[] {
	const typed = FLOORS.filter(({ path }) =>
		floor.floorTypes?.some((type) => type === path || type.startsWith(`${path}/`)),
	);
	const closed = FLOORS.filter(
		(other) =>
			other !== floor &&
			!floor.floors.includes(other.path) &&
			!typed.includes(other) &&
			!other.path.endsWith(".ts") &&
			!floor.path.startsWith(`${other.path}/`),
	);
	const name = `src/${floor.path}`;
	return [
		...inFolders(floor, closed, { message: `${name} may not import this floor.` }),
		...inFolders(floor, typed, {
			message: `${name} may import only types of this floor.`,
			allowTypeImports: true,
		}),
	];
}

function inFolders(floor: Floor, others: readonly Floor[], pattern: Pattern): readonly Pattern[] {
	if (others.length === 0) return [];
	const folders = others.map(({ path }) => {
		const inner = floor.floors.some((allowed) => allowed.startsWith(`${path}/`));
		return `${asWritten(floor, path)}/${inner ? "[^/]+$" : ""}`;
	});
	return [{ regex: `^\\.\\.?/(.*/)?(${folders.join("|")})`, ...pattern }];
}

/** What of a folder's path an import shows: not the parents that it shares with the importer. */
function asWritten(floor: Floor, path: string): string {
	const segments = path.split("/");
	const own = floor.path.split("/");
	const shared = segments.findIndex((segment, index) => segment !== own[index]);
	return segments.slice(shared).join("/");
}

/** What a floor may import of Node though it is not a place for Node. */
function nodeModulesOf(packages: Floor["packages"]): readonly string[] {
	return packages === "any" ? [] : (packages ?? []).filter((name) => name.startsWith("node:"));
}

function packagePatterns(floor: Floor): readonly Pattern[] {
	const { packages = [], packageTypes = [] } = floor;
	const nodeToo: readonly Pattern[] = floor.node
		? []
		: [
				{
					group: ["node:*", ...nodeModulesOf(packages).map((name) => `!${name}`)],
					message: `src/${floor.path} compiles with Web types only.`,
				},
			];
	if (packages === "any") return nodeToo;
	const allowed = [
		...RELATIVE,
		...(floor.node ? ["!node:*", "!node:*/**"] : []),
		...packages.flatMap(except),
	];
	if (packageTypes === "any") {
		const message = `src/${floor.path} may import only types of packages.`;
		return [{ group: ["*", ...allowed], message, allowTypeImports: true }, ...nodeToo];
	}
	const message = `src/${floor.path} may not import this package.`;
	const closed = { group: ["*", ...allowed, ...packageTypes.flatMap(except)], message };
	if (packageTypes.length === 0) return [closed];
	const regex = `^(${packageTypes.join("|")})(/|$)`;
	const typesOnly = `src/${floor.path} may import only types of this package.`;
	return [{ regex, message: typesOnly, allowTypeImports: true }, closed];
}

function except(packageName: string): readonly string[] {
	return [`!${packageName}`, `!${packageName}/**`];
}

if (import.meta.main) {
	writeFileSync(new URL("../.oxlintrc.json", import.meta.url), lintConfig());
}
