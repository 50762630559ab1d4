/**
 * Completes `package-lock.json` with the native packages of other platforms.
 *
 *     node scripts/complete-lock.ts          run it after every `npm install` that changes the lock
 *     node scripts/complete-lock.ts FOLDER   the same for the lock of a package of its own
 *
 * `npm install` leaves out an optional package that the registry does not offer (a mirror that keeps
 * only some platforms), and `npm ci` then refuses the lock, because the package is missing from it.
 * An entry with version and platform is all that `npm ci` wants in order to pass over the package.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Locked {
	readonly version: string;
	readonly dev?: boolean;
	readonly optional?: boolean;
	readonly os?: readonly string[];
	readonly cpu?: readonly string[];
	readonly libc?: readonly string[];
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

type Packages = Record<string, Locked>;

interface Lock {
	packages: Packages;
}

const SYSTEMS: Readonly<Record<string, string>> = {
	...Object.fromEntries(
		["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "sunos", "win32"].map(
			(name) => [name, name],
		),
	),
	openharmony: "openharmony",
	windows: "win32",
};
const PROCESSORS: Readonly<Record<string, string>> = {
	...Object.fromEntries(
		["arm", "arm64", "ia32", "ppc64", "riscv64", "s390x", "x64"].map((name) => [name, name]),
	),
	64: "x64",
};

/** The lock's packages with an entry for every native package that one of them names. */
export function completed(packages: Readonly<Packages>): Packages {
	const complete: Packages = { ...packages };
	for (const [path, owner] of Object.entries(packages)) {
		for (const [name, version] of Object.entries(owner.optionalDependencies ?? {})) {
			const found = resolved(complete, path, name);
			const platform = platformOf(name);
			if (!platform || !/^\d/.test(version) || (found && complete[found]?.version === version))
				continue;
			const place = found ? `${path}/node_modules/${name}` : `node_modules/${name}`;
			const dev = owner.dev ? { dev: true } : {};
			complete[place] = { version, ...platform, ...dev, optional: true };
		}
	}
	return Object.fromEntries(Object.entries(complete).sort(([a], [b]) => a.localeCompare(b, "en")));
}

/** Where a package of that name is found from another one: beside it, or beside one above. */
function resolved(packages: Readonly<Packages>, from: string, name: string): string | undefined {
	for (
		let path = from;
		;
		path = path.slice(0, Math.max(0, path.lastIndexOf("node_modules/") - 1))
	) {
		const place = path === "" ? `node_modules/${name}` : `${path}/node_modules/${name}`;
		if (place in packages) return place;
		if (path === "") return undefined;
	}
}

/** `@oxlint/binding-linux-x64-musl` → linux, x64, musl; undefined when it does not name a platform. */
function platformOf(name: string): Pick<Locked, "os" | "cpu" | "libc"> | undefined {
	const words = name.slice(name.indexOf("/") + 1).split("-");
	const os = words.map((word) => SYSTEMS[word]).find((known) => known !== undefined);
	const cpu = words.map((word) => PROCESSORS[word]).find((known) => known !== undefined);
	if (os === undefined || cpu === undefined) return undefined;
	const libc = words.some((word) => word.startsWith("musl"))
		? { libc: ["musl"] }
		: words.some((word) => word.startsWith("gnu"))
			? { libc: ["glibc"] }
			: {};
	return { os: [os], cpu: [cpu], ...libc };
}

if (import.meta.main) {
	const folder = process.argv[2] ?? fileURLToPath(new URL("../", import.meta.url));
	const file = join(folder, "package-lock.json");
	const text = readFileSync(file, "utf8");
	const lock = JSON.parse(text) as Lock;
	const before = Object.keys(lock.packages).length;
	lock.packages = completed(lock.packages);
	const indent = /^\{\n([ \t]+)/.exec(text)?.[1] ?? "\t";
	writeFileSync(file, `${JSON.stringify(lock, undefined, indent)}\n`);
	console.log(`Added ${Object.keys(lock.packages).length - before} packages of other platforms.`);
}
