import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What Burdock's own package.json says of what it needs. */
export interface OwnManifest {
	readonly engines: { readonly node: string };
	readonly peerDependencies: Readonly<Record<string, string>>;
	readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** Burdock's folder: two levels above `src/cli/` as well as above `dist/cli/` and `dist/chunks/`. */
export const OWN_FOLDER = fileURLToPath(new URL("../../", import.meta.url));

/** Burdock's own package.json. */
export function ownManifest(): OwnManifest {
	return JSON.parse(readFileSync(`${OWN_FOLDER}package.json`, "utf8")) as OwnManifest;
}
