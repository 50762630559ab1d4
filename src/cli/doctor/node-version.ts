import { ownManifest } from "../own-manifest.ts";
import { fault, ok, type Check } from "./check.ts";
import { inRange } from "./in-range.ts";

/** Whether Node is new enough. */
export const nodeVersion: Check = {
	name: "Node.js",
	run({ nodeVersion: version }) {
		const { node: range } = ownManifest().engines;
		if (inRange(version, range)) return [ok(version)];
		return [
			fault(`${version} is too old: Burdock needs ${range}.`, "Install a later one: nodejs.org"),
		];
	},
};
