import { closing, splitAtCommas, type SqlToken } from "./sql-tokens.ts";

/** Reads the tokens of a statement one after the other. */
export class SqlCursor {
	readonly #tokens: readonly SqlToken[];
	#at = 0;

	constructor(tokens: readonly SqlToken[]) {
		this.#tokens = tokens;
	}

	get done(): boolean {
		return this.#at >= this.#tokens.length;
	}

	/** What has not been read. */
	get rest(): readonly SqlToken[] {
		return this.#tokens.slice(this.#at);
	}

	isAt(text: string): boolean {
		const token = this.#tokens[this.#at];
		return token?.text === text && token.kind !== "name";
	}

	next(): SqlToken | undefined {
		return this.#tokens[this.#at++];
	}

	/** Whether this word is next; it is then read. */
	take(word: string): boolean {
		const found = this.isAt(word);
		if (found) this.#at++;
		return found;
	}

	takeUntil(ends: (token: SqlToken) => boolean): readonly SqlToken[] {
		const found = this.rest.findIndex(ends);
		const start = this.#at;
		this.#at = found === -1 ? this.#tokens.length : start + found;
		return this.#tokens.slice(start, this.#at);
	}

	/** What the next pair of parentheses holds. */
	group(): readonly SqlToken[] {
		const end = closing(this.#tokens, this.#at);
		const inner = this.#tokens.slice(this.#at + 1, end);
		this.#at = end + 1;
		return inner;
	}

	/** The names in the next pair of parentheses, in lower case; what follows a name is left out. */
	names(): readonly string[] {
		return splitAtCommas(this.group()).map(([name]) => name?.text ?? "");
	}

	/** A literal with its sign, a word, or an expression in parentheses. */
	value(): readonly SqlToken[] {
		if (this.isAt("(")) return this.group();
		const signed = this.isAt("-") || this.isAt("+");
		const start = this.#at;
		this.#at += signed ? 2 : 1;
		return this.#tokens.slice(start, this.#at);
	}
}
