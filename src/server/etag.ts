import type { Entity } from "../data/schema/entity.ts";
import { isPlainObject } from "../kernel/json.ts";
import { serverErrors } from "./errors.ts";

/** A list of entity tags, as RFC 9110 has it. */
const TAGS = /^(?:W\/)?"[^"]*"(?:\s*,\s*(?:W\/)?"[^"]*")*$/;
const MAX_LENGTH = 4096;

/** The strong tag of a row: its version in quotes. Undefined where there is none, or more than the row. */
export function etagOf(entity: Entity, row: unknown): string | undefined {
	const { version } = entity;
	if (!version || version.hidden || !isPlainObject(row)) return undefined;
	const current = row[version.name];
	if (typeof current !== "number") return undefined;
	// Related rows change without the version of this one.
	return Object.keys(row).every((name) => entity.field(name)) ? `"${current}"` : undefined;
}

/**
 * The versions that `If-Match` names: none when it has only tags that no row of ours ever had;
 * undefined when any will do.
 *
 * @throws `bad_if_match`: a writer who relies on it has to hear that it says nothing.
 */
export function versionsIn(ifMatch: string | null): readonly number[] | undefined {
	const tags = tagsOf(ifMatch);
	if (tags === undefined || tags === "any") return undefined;
	return tags.flatMap((tag) => {
		const version = /^"(-?\d{1,16})"$/.exec(tag)?.[1];
		return version === undefined ? [] : Number(version);
	});
}

/**
 * The tags of `If-Match` as they stand there, in quotes; undefined without the header.
 *
 * @throws `bad_if_match`, as for {@link versionsIn}.
 */
export function tagsOf(ifMatch: string | null): readonly string[] | "any" | undefined {
	if (ifMatch === null) return undefined;
	const text = ifMatch.trim();
	if (text === "*") return "any";
	if (text.length > MAX_LENGTH || !TAGS.test(text)) throw serverErrors.create("bad_if_match", {});
	return tagsIn(text);
}

/** Whether `If-None-Match` has this tag, or would have any: then the row need not be sent again. */
export function isKnown(etag: string, ifNoneMatch: string | null): boolean {
	if (ifNoneMatch === null) return false;
	if (ifNoneMatch.trim() === "*") return true;
	return tagsIn(ifNoneMatch).some((tag) => tag.replace(/^W\//, "") === etag);
}

function tagsIn(header: string): readonly string[] {
	return header
		.slice(0, MAX_LENGTH)
		.split(",")
		.map((tag) => tag.trim());
}
