import { run, toPromise, type Steps } from "../../kernel/maybe.ts";
import type { AsyncContext } from "../../kernel/platform.ts";
import { WriteCall } from "./write-call.ts";
import type { Row } from "../schema/entity.ts";
import { dataErrors } from "../errors.ts";
import type { EntityRef } from "../schema/registry.ts";
import type { TableOf } from "../schema/row-of.ts";
import { UnitMutator, type Enlist } from "./unit-mutator.ts";
import { WatchedPromise } from "./watched-promise.ts";
import type { Write, WriteResult } from "./write.ts";
import type { Writer } from "./writer.ts";

/** Says whether code runs within the callback of a unit. */
export type UnitContext = AsyncContext<AtomicUnit | undefined>;

interface Enlisted {
	readonly name: string;
	readonly entity: string;
	readonly call: WriteCall;
	readonly promise: WatchedPromise<unknown>;
	/** Reads what its rows have become, once all is stored. */
	settle: () => Steps<void>;
}

type Stored = ReadonlyMap<string, Row> | undefined;

/** What can say how its rows are stored. */
interface Settling {
	settled(): Steps<ReadonlyMap<string, Row>>;
}

/** What became of one call so far. */
interface Made<O> {
	operation?: O;
	stored?: Stored;
}

/**
 * Several writes that are stored together, or not at all: what the callback of `em.atomic` gets. Its
 * writes are queued, so reads do not see them yet.
 */
export class AtomicUnit {
	readonly #write: Write;
	readonly #writerOf: (ref: EntityRef) => Writer;
	readonly #context: UnitContext;
	readonly #enlisted: Enlisted[] = [];
	#open = true;

	constructor(write: Write, writerOf: (ref: EntityRef) => Writer, context: UnitContext) {
		this.#write = write;
		this.#writerOf = writerOf;
		this.#context = context;
	}

	/** Writes rows of an entity as part of the unit, typed by its table. @throws `unknown_entity`. */
	mutator<Ref extends EntityRef>(ref: Ref): UnitMutator<TableOf<Ref>> {
		const writer = this.#writerOf(ref);
		const enlist: Enlist = (name, prepare, answer) => this.#enlist(writer, name, prepare, answer);
		return new UnitMutator<TableOf<Ref>>(writer, enlist);
	}

	/** @internal Runs the callback, then stores what it queued: what `em.atomic` does. */
	async run<T>(callback: (unit: AtomicUnit) => T | Promise<T>): Promise<WriteResult<T>> {
		const data = await this.#collect(callback);
		const operations = this.#operations();
		await run(() => this.#store(operations));
		return this.#write.result(
			data,
			operations.reduce((sum, { rows }) => sum + rows.length, 0),
		);
	}

	*#store(operations: WriteCall["operations"]): Steps<void> {
		yield* this.#write.store(operations, Math.max(2, operations.length));
		for (const { settle } of this.#enlisted) yield* settle();
	}

	async #collect<T>(callback: (unit: AtomicUnit) => T | Promise<T>): Promise<T> {
		try {
			const data = await this.#context.run(this, async () => callback(this));
			const forgotten = this.#enlisted.find(({ promise }) => !promise.watched || !promise.settled);
			if (forgotten) {
				const { name, entity } = forgotten;
				throw dataErrors.create("unit_not_awaited", { call: name, entity });
			}
			return data;
		} catch (error) {
			this.#open = false;
			await Promise.allSettled(this.#enlisted.map(({ promise }) => promise));
			await run(() => this.#write.failAll(this.#operations(), error));
			throw error;
		} finally {
			this.#open = false;
		}
	}

	#operations(): WriteCall["operations"] {
		return this.#enlisted.flatMap(({ call }) => call.operations);
	}

	/** Calls are stored in the order in which they were made, whichever is prepared first. */
	#enlist<O extends Settling, R>(
		writer: Writer,
		name: string,
		prepare: (call: WriteCall) => Steps<O>,
		answer: (operation: O, stored: () => Stored) => R,
	): WatchedPromise<R> {
		const call = new WriteCall(this.#write);
		const made: Made<O> = {};
		const preparing = toPromise(() => {
			if (!this.#open) throw dataErrors.create("unit_closed", {});
			// What listeners do is no part of the callback: they may have units of their own.
			return this.#context.run(undefined, () =>
				run(() => call.prepare(() => prepared(made, prepare(call), answer))),
			);
		});
		const promise = WatchedPromise.of(preparing);
		const entity = writer.target.entity.name;
		const settle = (): Steps<void> => settled(made);
		if (this.#open) this.#enlisted.push({ name, entity, call, promise, settle });
		return promise;
	}
}

function* prepared<O, R>(
	made: Made<O>,
	steps: Steps<O>,
	answer: (operation: O, stored: () => Stored) => R,
): Steps<R> {
	const operation = yield* steps;
	made.operation = operation;
	return answer(operation, () => made.stored);
}

function* settled(made: Made<Settling>): Steps<void> {
	made.stored = made.operation && (yield* made.operation.settled());
}
