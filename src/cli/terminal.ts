import { createInterface } from "node:readline/promises";
import { Paint, wantsColours } from "../runtime/node/paint.ts";

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

	/** Writes a line, or several, to the standard output. */
	print(text: string): void {
		process.stdout.write(`${text}\n`);
	}

	/** Asks on the standard error, and resolves to the line that was typed. */
	async ask(question: string): Promise<string> {
		const lines = createInterface({ input: process.stdin, output: process.stderr });
		try {
			return await lines.question(question);
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
		process.stderr.write(`${text}\n`);
	}
}
