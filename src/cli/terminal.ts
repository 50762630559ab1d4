import { createInterface } from "node:readline/promises";
import { printable } from "../kernel/log-value.ts";
import { Paint, wantsColours } from "../runtime/node/paint.ts";
import { CliError } from "./cli-error.ts";

/** What may stand in our text: line feeds, tabs, and the colours of {@link Paint}. */
// oxlint-disable-next-line no-control-regex -- these are what a terminal may get
const OURS = /(\n|\t|\u001b\[\d+m)/;

/** What a command writes to. Results go to the standard output, everything else to the other. */
export class Terminal {
	/** Colours for the standard output. */
	readonly paint: Paint;
	/** Colours for the standard error. */
	readonly errorPaint: Paint;
	/** Whether a person looks at the standard output. */
	readonly interactive: boolean;

	constructor() {
		this.paint = new Paint({ colours: wantsColours(process.stdout, process.env) });
		this.errorPaint = new Paint({ colours: wantsColours(process.stderr, process.env) });
		this.interactive = process.stdout.isTTY;
	}

	/** Writes a line, or several, to the standard output: as it is, where no person looks. */
	print(text: string): void {
		process.stdout.write(`${this.interactive ? harmless(text) : text}\n`);
	}

	/**
	 * Asks on the standard error, and resolves to the line that was typed.
	 * @throws CliError when there is none, because of Ctrl-C or Ctrl-D.
	 */
	async ask(question: string): Promise<string> {
		const lines = createInterface({ input: process.stdin, output: process.stderr });
		try {
			return await lines.question(question);
		} catch (cause) {
			process.stderr.write("\n");
			throw new CliError("The question was not answered.", { hint: "Nothing was changed.", cause });
		} finally {
			lines.close();
		}
	}

	/** Writes a value as JSON to the standard output. */
	printJson(value: unknown): void {
		this.print(JSON.stringify(value, null, "\t"));
	}

	/** Writes a line, or several, to the standard error. */
	printError(text: string): void {
		process.stderr.write(`${harmless(text)}\n`);
	}
}

/** A text may repeat what stands in a file or a database, which must not speak to the terminal. */
function harmless(text: string): string {
	const parts = text.split(OURS);
	return parts.map((part, at) => (at % 2 === 0 ? printable(part) : part)).join("");
}
