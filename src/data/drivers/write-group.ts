import type { Maybe } from "../../kernel/maybe.ts";

/** Calls `callback` when all that the runtime has ready now was handled: `setImmediate`. */
export type EndOfTurn = (callback: () => void) => void;

/** A write that waits for the end of the turn. */
interface Member<Write> {
	readonly write: Write;
	readonly resolve: (result: never) => void;
	readonly reject: (error: unknown) => void;
}

/** How a group's writes are run. */
export interface GroupRunner<Write> {
	/** Runs the writes in one transaction: a result or an error for each; throws when none was stored. */
	together(writes: readonly Write[]): readonly GroupOutcome[];
	/** Runs one write by itself. */
	alone(write: Write): Maybe<unknown>;
}

/** What became of one write of a transaction. */
export type GroupOutcome = { readonly result: unknown } | { readonly error: unknown };

/** Writes of one transaction; what they lock stays locked as long. */
const MOST = 64;

/**
 * Writes that came within one turn of the event loop, as one transaction: what a commit costs is the
 * larger part of a small write. The first write of a turn does not wait, so a single one is as fast
 * and as synchronous as without a group; the others run at the turn's end, in order.
 *
 * A transaction that fails as a whole has stored nothing, and its writes then run one by one: no
 * write fails because of another.
 */
export class WriteGroup<Write> {
	readonly #runner: GroupRunner<Write>;
	readonly #endOfTurn: EndOfTurn;
	#members: Member<Write>[] = [];
	#open = false;

	constructor(runner: GroupRunner<Write>, endOfTurn: EndOfTurn) {
		this.#runner = runner;
		this.#endOfTurn = endOfTurn;
	}

	/** Whether a write has run in this turn, so that the next one joins the others. */
	get isOpen(): boolean {
		return this.#open;
	}

	/** Notes that a write runs now. */
	open(): void {
		this.#open = true;
		this.#endOfTurn(() => this.flush());
	}

	/** Runs the write at the end of the turn. */
	join<T>(write: Write): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			this.#members.push({ write, resolve, reject });
		});
	}

	/** Runs all that have joined, now. */
	flush(): void {
		this.#open = false;
		const members = this.#members;
		this.#members = [];
		for (let start = 0; start < members.length; start += MOST) {
			this.#run(members.slice(start, start + MOST));
		}
	}

	#run(members: readonly Member<Write>[]): void {
		const outcomes = members.length > 1 ? this.#together(members) : undefined;
		for (const [index, { write, resolve, reject }] of members.entries()) {
			const outcome = outcomes?.[index];
			try {
				if (outcome === undefined) resolve(this.#runner.alone(write) as never);
				else if ("error" in outcome) reject(outcome.error);
				else resolve(outcome.result as never);
			} catch (error) {
				reject(error);
			}
		}
	}

	#together(members: readonly Member<Write>[]): readonly GroupOutcome[] | undefined {
		try {
			return this.#runner.together(members.map(({ write }) => write));
		} catch {
			return undefined;
		}
	}
}
