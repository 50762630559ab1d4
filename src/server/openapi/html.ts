/** Text that is HTML already. */
export class Html {
	readonly text: string;

	constructor(text: string) {
		this.text = text;
	}
}

/** What may stand in a template of {@link html}; nothing is written for undefined. */
export type HtmlValue = Html | readonly Html[] | string | number | undefined;

/**
 * HTML of a template, whose values are escaped unless they are HTML themselves. A line break of the
 * template is a space.
 *
 * @example
 * ```ts
 * html`<p title="${title}">${text}</p>`;
 * ```
 */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
	return new Html(
		parts.map((part, index) => part.replace(/\s*\n\s*/g, " ") + written(values[index])).join(""),
	);
}

function written(value: HtmlValue): string {
	if (value instanceof Html) return value.text;
	if (typeof value === "object") return value.map((one) => one.text).join("");
	return value === undefined ? "" : escaped(String(value));
}

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
