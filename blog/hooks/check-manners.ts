import { AppError } from "burdock";

const LINK = /\bhttps?:\/\/|\bwww\./i;
const SHOUT_LETTERS = 12;
const SHOUT_SHARE = 0.7;

/**
 * Refuses a comment that carries a link or shouts.
 *
 * @param body the text of the comment; undefined, when an update leaves it alone, passes
 * @throws AppError of kind `invalid` (422) with one error at `body` for each fault
 */
export function checkManners(body: string | undefined): void {
	if (typeof body !== "string") return;
	const messages = [
		...(LINK.test(body) ? ["Please say it without links."] : []),
		...(isShouting(body) ? ["Please don't shout; we hear you."] : []),
	];
	if (messages.length === 0) return;
	throw new AppError("invalid", "This comment can't be accepted.", {
		errors: messages.map((message) => ({ path: "body", message })),
	});
}

/** A short cry (`WOW!`) or an abbreviation (`DNA`) is not shouting. */
function isShouting(text: string): boolean {
	const letters = text.match(/\p{L}/gu) ?? [];
	const capitals = text.match(/\p{Lu}/gu) ?? [];
	return letters.length >= SHOUT_LETTERS && capitals.length / letters.length >= SHOUT_SHARE;
}
