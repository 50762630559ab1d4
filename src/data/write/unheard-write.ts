import type { Steps } from "../../kernel/maybe.ts";
import type { Statement } from "../database.ts";
import { hydrate, type Entity, type Row } from "../schema/entity.ts";
import { changedAtMost } from "./guard.ts";
import type { BatchResults, Operation } from "./operation.ts";
import { sortByKey } from "./row-keys.ts";
import type { Write, WriteTarget } from "./write.ts";

/** A bulk update or delete to whose events nobody listens: one statement for all rows that match. */
export class UnheardWrite implements Operation {
	readonly entity: Entity;
	readonly #write: Write;
	readonly #statement: Statement;
	#at = 0;
	#rows: readonly Row[] = [];

	constructor(write: Write, target: WriteTarget, statement: Statement) {
		this.entity = target.entity;
		this.#write = write;
		this.#statement = statement;
	}

	/** The rows that were written, by key. */
	get rows(): readonly Row[] {
		return this.#rows;
	}

	*prepare(): Steps<void> {}

	*commit(): Steps<void> {}

	append(statements: Statement[]): void {
		this.#at = statements.length;
		statements.push(this.#statement, changedAtMost(this.#write.maxRows));
	}

	take(results: BatchResults): boolean {
		const found = results[this.#at] ?? [];
		this.#rows = sortByKey(
			this.entity,
			found.map((values) => hydrate(this.entity.fields, values)),
		);
		return true;
	}

	*after(): Steps<void> {}

	*fail(): Steps<void> {}

	// oxlint-disable-next-line require-yield -- Its guard says only that there were too many.
	*findMissed(): Steps<Error> {
		return this.#write.tooMany();
	}

	// oxlint-disable-next-line require-yield -- It is known which data it was.
	*findDuplicate(): Steps<string> {
		return "update.";
	}
}
