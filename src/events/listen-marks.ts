import type { EventRef } from "./event-ref.ts";
import type { ListenerConfig } from "./listener-config.ts";

/** What one `@listen` says of its method. */
export interface ListenMark {
	readonly ref: EventRef;
	readonly config: ListenerConfig;
}

/**
 * What `@listen` has said, by the function that it was said of.
 *
 * Not in the metadata of decorators: esbuild gives a class some wherever it runs, TypeScript only
 * where `Symbol.metadata` exists, which is nowhere yet. And not by an initializer: those run when an
 * instance is made, and a class is registered before.
 */
export class ListenMarks {
	static readonly #ofMethod = new WeakMap<object, ListenMark[]>();

	/** Decorators run from the last to the first; the marks are in the order of the source. */
	static add(method: object, mark: ListenMark): void {
		const marks = ListenMarks.#ofMethod.get(method);
		if (marks === undefined) ListenMarks.#ofMethod.set(method, [mark]);
		else marks.unshift(mark);
	}

	/**
	 * The marked methods of a prototype by name, those of the classes above it first. One that is
	 * overridden keeps its marks, unless the override has its own.
	 */
	static of(prototype: object): Map<PropertyKey, readonly ListenMark[]> {
		const above = Object.getPrototypeOf(prototype) as object | null;
		const found =
			above === null ? new Map<PropertyKey, readonly ListenMark[]>() : ListenMarks.of(above);
		for (const name of Reflect.ownKeys(prototype)) {
			const method: unknown = Object.getOwnPropertyDescriptor(prototype, name)?.value;
			if (typeof method !== "function") continue;
			const marks = ListenMarks.#ofMethod.get(method);
			if (marks !== undefined) found.set(name, marks);
		}
		return found;
	}
}
