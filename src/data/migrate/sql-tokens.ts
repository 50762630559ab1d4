/** A word, name, text, number or symbol of SQL, and where it stands. */
export interface SqlToken {
	/** `word` may be a keyword or a name; `name` is one in quotes. */
	readonly kind: "word" | "name" | "other";
	/** As compared: words and names in lower case and without quotes, the rest as it is. */
	readonly text: string;
	/** As written; of a name in quotes, what is between them. */
	readonly written: string;
	readonly start: number;
	readonly end: number;
}

const TOKEN =
	/(?<skipped>\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<literal>[xX]?'(?:[^']|'')*'|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])|(?<word>[\p{L}_\u0080-\uffff][\p{L}\p{N}_$\u0080-\uffff]*)|(?<symbol>\|\||->>|->|<>|<=|>=|==|!=|<<|>>|[^])/gu;

/** What means the same in SQLite. */
const SAME: ReadonlyMap<string, string> = new Map([
	["!=", "<>"],
	["==", "="],
	["true", "1"],
	["false", "0"],
]);

/** Takes SQL apart, without white space and comments. */
export function sqlTokens(sql: string): readonly SqlToken[] {
	const tokens: SqlToken[] = [];
	for (const match of sql.matchAll(TOKEN)) {
		const { skipped, quoted, word } = match.groups ?? {};
		if (skipped !== undefined) continue;
		const written = quoted === undefined ? match[0] : unquoted(quoted);
		const kind = word !== undefined ? "word" : quoted !== undefined ? "name" : "other";
		const text = kind === "other" ? written : written.toLowerCase();
		tokens.push({ kind, text, written, start: match.index, end: match.index + match[0].length });
	}
	return tokens;
}

/**
 * An expression in the form in which two that differ only in white space, quotes, case, outer
 * parentheses and the table before a column are equal.
 */
export function canonical(tokens: readonly SqlToken[], table?: string): string {
	let inner = tokens;
	while (inner[0]?.text === "(" && closing(inner, 0) === inner.length - 1) {
		inner = inner.slice(1, -1);
	}
	const parts: string[] = [];
	for (let index = 0; index < inner.length; index++) {
		const token = inner[index] as SqlToken;
		if (token.text === table?.toLowerCase() && inner[index + 1]?.text === ".") index++;
		else parts.push((token.kind === "name" ? undefined : SAME.get(token.text)) ?? token.text);
	}
	return parts.join(" ");
}

/** The index of the parenthesis that closes the one at `open`; the end when there is none. */
export function closing(tokens: readonly SqlToken[], open: number): number {
	let depth = 0;
	for (let index = open; index < tokens.length; index++) {
		if (tokens[index]?.text === "(") depth++;
		else if (tokens[index]?.text === ")" && --depth === 0) return index;
	}
	return tokens.length;
}

/** The parts between the commas that are in no parentheses. */
export function splitAtCommas(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
	const parts: SqlToken[][] = [[]];
	let depth = 0;
	for (const token of tokens) {
		if (token.text === "(") depth++;
		else if (token.text === ")") depth--;
		if (token.text === "," && depth === 0) parts.push([]);
		else parts.at(-1)?.push(token);
	}
	return parts;
}

/** A name in quotes, as SQL wants one that may be anything. */
export function quoteName(name: string): string {
	return `"${name.replaceAll('"', '""')}"`;
}

function unquoted(name: string): string {
	const quote = name[0] as string;
	const inner = name.slice(1, -1);
	return quote === "[" ? inner : inner.replaceAll(quote + quote, quote);
}
