import { readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, totalmem } from "node:os";

const DOCUMENT = new URL("../../docs/benchmarks.md", import.meta.url);

/** The version of a package of `bench/` that is installed. */
function versionOf(packageName: string): string {
	const file = new URL(`../node_modules/${packageName}/package.json`, import.meta.url);
	const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
	return `${packageName} ${version}`;
}

/** One paragraph: when, on what, with which versions. */
export function conditions(packages: readonly string[], remark: string): string {
	const date = new Date().toISOString().slice(0, 10);
	const [cpu] = cpus();
	const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
	const machine = `${cpus().length} × ${cpu?.model.trim() ?? "?"}, ${memory}, ${platform()} ${arch()}`;
	return `${date} · ${machine} · Node ${process.versions.node} · ${packages.map(versionOf).join(", ")} · ${remark}`;
}

/**
 * Replaces the part of `docs/benchmarks.md` between `<!-- name -->` and `<!-- /name -->`.
 *
 * @throws Error when the document has no such part.
 */
export function saveSection(name: string, text: string): void {
	const document = readFileSync(DOCUMENT, "utf8");
	const open = `<!-- ${name} -->`;
	const close = `<!-- /${name} -->`;
	const start = document.indexOf(open);
	const end = document.indexOf(close);
	if (start < 0 || end < start) throw new Error(`docs/benchmarks.md has no part named ${name}.`);
	const before = document.slice(0, start + open.length);
	writeFileSync(DOCUMENT, `${before}\n\n${text}\n\n${document.slice(end)}`);
}
