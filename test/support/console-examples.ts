/** A command of a page and the output that the page shows below it. */
export interface ConsoleExample {
	readonly command: string;
	readonly output: string;
}

/** The commands of the `console` blocks of a page, in their order. */
export function consoleExamples(page: string): readonly ConsoleExample[] {
	return [...page.matchAll(/```console\n([^]*?)```/g)].flatMap(([, block = ""]) =>
		block
			.split(/^\$ /m)
			.filter((part) => part !== "")
			.map((part): ConsoleExample => {
				const end = part.indexOf("\n");
				return { command: part.slice(0, end), output: part.slice(end + 1).trim() };
			}),
	);
}
