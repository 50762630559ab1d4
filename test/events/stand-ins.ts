import { AsyncLocalStorage } from "node:async_hooks";
import {
	EntityEvent,
	Event,
	EventManager,
	InvalidEventReturn,
	NoParamEvent,
} from "../../src/events/index.ts";
import type {
	EntityEventKind,
	EventClass,
	EventManagerOptions,
	EventScope,
} from "../../src/events/index.ts";
import type { LogFields, Logger } from "../../src/kernel/logger.ts";
import type { AsyncContext } from "../../src/kernel/platform.ts";

/** Takes a string as a reply and appends it. */
export class Piped extends Event<{ readonly text: string }, string> {
	static override slug = "piped";

	override validate(reply: string): this {
		if (typeof reply !== "string") throw new InvalidEventReturn("string", typeof reply);
		return this.clone({ text: [this.params.text, reply].join("-") });
	}
}

/** Takes anything as a reply, falsy or not. */
export class Anything extends Event<{ readonly value: unknown }, unknown> {
	static override slug = "anything";

	override validate(value: unknown): this {
		return this.clone({ value });
	}
}

export class Plain extends Event<{ readonly n: number }> {
	static override slug = "plain";
}

export class Other extends NoParamEvent {
	static override slug = "other";
}

export class Happened extends Event<{ readonly n: number }> {
	static override slug = "happened";
	static override fact = true;
}

export class Committing extends Event<{ readonly n: number }> {
	static override slug = "committing";
	static override syncOnly = true;
}

/** Means something only in the process in which it happens. */
export class Closing extends NoParamEvent {
	static override slug = "closing";
	static override local = true;

	static override topicFor(): string {
		return "app.closing";
	}
}

/** What stands for a table in types: its name and the type of its rows. */
export interface Table<Name extends string = string, Row = unknown> {
	readonly name: Name;
	readonly row?: Row;
}

type RowOf<T> = T extends Table<string, infer Row> ? Row : unknown;

export interface SavingKind extends EntityEventKind {
	readonly event: Saving<this["table"]>;
}

export class Saving<T = unknown> extends EntityEvent<
	{ readonly entity: { readonly name: string }; readonly data: RowOf<T>; readonly id?: number },
	RowOf<T>
> {
	static override slug = "saving";
	declare static readonly kind: SavingKind;

	static override topicFor(entityName: string): string {
		return `data.${entityName}.save.before`;
	}

	override get path(): string | undefined {
		const { entity, id } = this.params;
		return id === undefined ? undefined : `${entity.name}/${id}`;
	}

	override validate(data: RowOf<T>): this {
		return this.clone({ ...this.params, data });
	}
}

/** As events of entities do before a write. */
export class LocalSaving extends Saving {
	static override slug = "local-saving";
	static override local = true;
}

export const posts: Table<"posts", { title: string }> = { name: "posts" };
export const tags: Table<"tags", { label: string; weight: number }> = { name: "tags" };

export function saving(entity: { readonly name: string }, id?: number): Saving {
	return new Saving({ entity, data: {}, ...(id === undefined ? {} : { id }) });
}

/** A log that keeps its lines. */
export class RecordingLogger implements Logger {
	readonly lines: { level: string; message: string; fields: LogFields }[] = [];
	readonly #fields: LogFields;

	constructor(fields: LogFields = {}, lines?: RecordingLogger["lines"]) {
		this.#fields = fields;
		this.lines = lines ?? [];
	}

	debug(message: string, fields?: LogFields): void {
		this.#write("debug", message, fields);
	}

	info(message: string, fields?: LogFields): void {
		this.#write("info", message, fields);
	}

	warn(message: string, fields?: LogFields): void {
		this.#write("warn", message, fields);
	}

	error(message: string, fields?: LogFields): void {
		this.#write("error", message, fields);
	}

	child(fields: LogFields): Logger {
		return new RecordingLogger({ ...this.#fields, ...fields }, this.lines);
	}

	of(level: string): string[] {
		return this.lines.filter((line) => line.level === level).map(({ message }) => message);
	}

	#write(level: string, message: string, fields: LogFields = {}): void {
		this.lines.push({ level, message, fields: { ...this.#fields, ...fields } });
	}
}

/** A manager of the classes above, with a log that keeps its lines. */
export function manager(
	options: EventManagerOptions = {},
	events: readonly EventClass[] = [Piped, Anything, Plain, Other, Happened, Committing, Saving],
): { emgr: EventManager; log: RecordingLogger } {
	const log = new RecordingLogger();
	return { emgr: new EventManager(events, { logger: log, ...options }), log };
}

/** The context that Node gives an app. */
export function storage(): AsyncContext<EventScope> {
	const store = new AsyncLocalStorage<EventScope>();
	return { get: () => store.getStore(), run: (value, callback) => store.run(value, callback) };
}

/** A promise, and how to settle it. */
export function signal<T = void>(): {
	readonly promise: Promise<T>;
	readonly resolve: (value: T) => void;
	readonly reject: (error: unknown) => void;
} {
	return Promise.withResolvers<T>();
}

/** What a call throws or rejects with. */
export async function failure(call: () => unknown): Promise<unknown> {
	try {
		await call();
	} catch (error) {
		return error;
	}
	throw new Error("Nothing was thrown.");
}

/** A string, typed as what an event's listeners may reply. */
export function wrong(value: unknown): never {
	return value as never;
}
