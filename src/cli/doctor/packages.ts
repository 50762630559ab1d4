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
		const { peerDependencies, peerDependenciesMeta: meta } = ownManifest();
		const found: string[] = [];
		const findings = Object.entries(peerDependencies).flatMap(([name, range]): Finding[] => {
			const installed = findPackage(folder, name);
			const needed = meta[name]?.optional !== true;
			if (installed === undefined) {
				if (needed) return [missing(name, range)];
				return name === "drizzle-kit" ? [absent(name)] : [];
			}
			const { version } = installed;
			found.push(`${name} ${version}`);
			if (inRange(version, range)) return [];
			const message = `${name} ${version} does not fit: Burdock needs ${range}.`;
			return [(needed ? fault : warning)(message, `npm install ${name}@'${range}'`)];
		});
		return findings.length > 0 ? findings : [ok(found.join(", "))];
	},
};

function missing(name: string, range: string): Finding {
	return fault(`${name} is not installed.`, `npm install ${name}@'${range}'`);
}

/** The only one that a command needs. */
function absent(name: string): Finding {
	const message = `${name} is not installed: burdock migrate generate needs it.`;
	return warning(message, `npm install --save-dev ${name}`);
}

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
