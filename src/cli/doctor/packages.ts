import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { OWN_FOLDER, ownManifest } from "../own-manifest.ts";
import { fault, ok, warning, type Check, type ConfigFacts, type Finding } from "./check.ts";
import { inRange } from "./in-range.ts";

interface Installed {
	/** Without links. */
	readonly folder: string;
	readonly version: string;
}

/** Whether the packages that Burdock shares with the project are there, in versions that fit. */
export const packages: Check = {
	name: "Packages",
	run({ folder }) {
		const findings: Finding[] = [];
		const found: string[] = [];
		for (const [name, range] of Object.entries(ownManifest().peerDependencies)) {
			const installed = findPackage(folder, name);
			if (installed === undefined) {
				findings.push(fault(`${name} is not installed.`, `npm install ${name}@'${range}'`));
			} else if (!inRange(installed.version, range)) {
				const message = `${name} ${installed.version} does not fit: Burdock needs ${range}.`;
				findings.push(fault(message, `npm install ${name}@'${range}'`));
			} else found.push(`${name} ${installed.version}`);
		}
		const kit = findPackage(folder, "drizzle-kit");
		if (kit !== undefined) found.push(`drizzle-kit ${kit.version}`);
		else {
			const message = "drizzle-kit is not installed: burdock migrate generate needs it.";
			findings.push(warning(message, "npm install --save-dev drizzle-kit"));
		}
		return findings.length > 0 ? findings : [ok(found.join(", "))];
	},
};

const DRIZZLE = /^.*[\\/]node_modules[\\/]drizzle-orm(?=[\\/])/;

/** Whether there is one copy of Drizzle only: the types of two don't fit each other. */
export const drizzleCopies: Check<ConfigFacts> = {
	name: "Drizzle",
	run({ folder, inputs }) {
		const near = [folder, OWN_FOLDER].flatMap(
			(from) => findPackage(from, "drizzle-orm")?.folder ?? [],
		);
		const bundled = inputs.flatMap((input) => DRIZZLE.exec(input)?.[0] ?? []);
		const copies = [...new Set([...near, ...bundled.map((path) => realpathSync(path))])];
		if (copies.length < 2) return [];
		return [
			warning(
				`There are ${copies.length} copies of drizzle-orm: ${copies.join(", ")}.`,
				"npm dedupe drizzle-orm; npm ls drizzle-orm tells who asks for which.",
			),
		];
	},
};

/** The package that code in a folder would find. */
function findPackage(from: string, name: string): Installed | undefined {
	for (let folder = from; ; folder = dirname(folder)) {
		const manifest = join(folder, "node_modules", name, "package.json");
		if (existsSync(manifest)) {
			const { version } = JSON.parse(readFileSync(manifest, "utf8")) as {
				readonly version: string;
			};
			return { folder: dirname(realpathSync(manifest)), version };
		}
		if (folder === dirname(folder)) return undefined;
	}
}
