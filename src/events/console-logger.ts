import type { LogFields, Logger } from "../kernel/logger.ts";

/** Warnings and errors on the console: the log of a manager that was given none. */
export class ConsoleLogger implements Logger {
	readonly #fields: LogFields;

	constructor(fields: LogFields = {}) {
		this.#fields = fields;
	}

	debug(): void {}

	info(): void {}

	warn(message: string, fields?: LogFields): void {
		// oxlint-disable-next-line no-console -- the console is what this writes to
		console.warn(message, { ...this.#fields, ...fields });
	}

	error(message: string, fields?: LogFields): void {
		// oxlint-disable-next-line no-console -- the console is what this writes to
		console.error(message, { ...this.#fields, ...fields });
	}

	child(fields: LogFields): Logger {
		return new ConsoleLogger({ ...this.#fields, ...fields });
	}
}
