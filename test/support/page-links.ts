import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where a page of the documentation leads: to another one of the repository, or to a heading. */
export interface PageLink {
	/** The path of the page, or of the file. */
	readonly target: string;
	/** The heading on it. */
	readonly anchor: string | undefined;
}

/** The links of a page, but those to other sites. */
export function linksOf(page: string): readonly PageLink[] {
	const found = readFileSync(page, "utf8").matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g);
	return Array.from(found, ([, path = "", anchor]) => ({
		target: path === "" ? page : join(dirname(page), path),
		anchor,
	}));
}

/** Whether there is such a file, with such a heading. */
export function leadsSomewhere({ target, anchor }: PageLink): boolean {
	if (!existsSync(target)) return false;
	return anchor === undefined || anchorsOf(target).includes(anchor);
}

function anchorsOf(page: string): readonly string[] {
	const headings = readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm);
	return Array.from(headings, ([, text = ""]) =>
		text
			.toLowerCase()
			.replace(/[^\w -]/g, "")
			.replaceAll(" ", "-"),
	);
}
