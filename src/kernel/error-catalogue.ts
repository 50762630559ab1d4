import type { AppError, AppErrorOptions, ErrorKind } from "./error.ts";

/** One error that can happen: its kind, and its message with `{placeholders}`. */
export interface ErrorDefinition {
	readonly kind: ErrorKind;
	readonly message: string;
}

type Placeholders<Message extends string> = Message extends `${string}{${infer Name}}${infer Rest}`
	? Name | Placeholders<Rest>
	: never;

type ErrorClass<E extends AppError> = new (
	kind: ErrorKind,
	message: string,
	options: AppErrorOptions,
) => E;

/**
 * The errors of one floor as data: code → kind and message. A code is never reused for something
 * else. `docs/errors.md` lists every catalogue; a test holds both together.
 *
 * @example
 * ```ts
 * const errors = new ErrorCatalogue(AppError, {
 *   unknown_entity: { kind: "not_found", message: "There is no entity {entity}." },
 * });
 * throw errors.create("unknown_entity", { entity: "post" });
 * ```
 */
export class ErrorCatalogue<
	E extends AppError,
	const Definitions extends Readonly<Record<string, ErrorDefinition>>,
> {
	readonly definitions: Definitions;
	readonly #errorClass: ErrorClass<E>;

	constructor(errorClass: ErrorClass<E>, definitions: Definitions) {
		this.#errorClass = errorClass;
		this.definitions = Object.freeze(definitions);
	}

	/** Makes the error of this code, its placeholders filled in. */
	create<Code extends keyof Definitions & string>(
		code: Code,
		values: Readonly<Record<Placeholders<Definitions[Code]["message"]>, string | number>>,
		options: Omit<AppErrorOptions, "code"> = {},
	): E {
		const { kind, message } = this.definitions[code] as ErrorDefinition;
		const filled = message.replace(/\{(\w+)\}/g, (_, name: string) =>
			String((values as Readonly<Record<string, string | number>>)[name]),
		);
		return new this.#errorClass(kind, filled, { ...options, code });
	}
}
