/** Colours for a terminal, or plain text where there are none. */
export class Paint {
	readonly #colours: boolean;

	constructor(options: { readonly colours: boolean }) {
		this.#colours = options.colours;
	}

	/** Whether there are colours. */
	get colours(): boolean {
		return this.#colours;
	}

	bold(text: string): string {
		return this.#wrap(text, 1, 22);
	}
	dim(text: string): string {
		return this.#wrap(text, 2, 22);
	}
	red(text: string): string {
		return this.#wrap(text, 31, 39);
	}
	green(text: string): string {
		return this.#wrap(text, 32, 39);
	}
	yellow(text: string): string {
		return this.#wrap(text, 33, 39);
	}
	cyan(text: string): string {
		return this.#wrap(text, 36, 39);
	}

	#wrap(text: string, on: number, off: number): string {
		return this.#colours ? `\u001b[${on}m${text}\u001b[${off}m` : text;
	}
}

/** Whether a stream is to be coloured: a terminal, unless NO_COLOR is set; FORCE_COLOR overrules. */
export function wantsColours(
	stream: { readonly isTTY?: boolean },
	env: Readonly<Record<string, unknown>>,
): boolean {
	if (isSet(env["NO_COLOR"])) return false;
	if (isSet(env["FORCE_COLOR"])) return env["FORCE_COLOR"] !== "0";
	return stream.isTTY === true && env["TERM"] !== "dumb";
}

function isSet(value: unknown): boolean {
	return value !== undefined && value !== "";
}
