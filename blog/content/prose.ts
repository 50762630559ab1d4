/**
 * A template tag for running text: lines of a paragraph are joined by a blank, paragraphs stay
 * apart by an empty line, indentation goes.
 */
export function prose(text: TemplateStringsArray): string {
	return text
		.join("")
		.split(/\n\s*\n/)
		.map((paragraph) => paragraph.trim().replace(/\s+/g, " "))
		.join("\n\n");
}
