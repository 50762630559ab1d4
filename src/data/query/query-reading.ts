import { FaultList } from "../fault-list.ts";
import type { Access } from "./ast.ts";

/** How many comparisons a query may hold: each binds at least one value. */
export const MAX_COMPARISONS = 90;
/** How many objects of conditions a query may hold, empty ones among them: they are SQL, too. */
const MAX_OBJECTS = 500;
/** How many relations a query may read or join: each is a subquery, with columns. */
const MAX_RELATIONS = 20;
/** How many relations the dotted fields of a query may pass through, all together. */
const MAX_STEPS = 200;
/** How many rows of relations a query may ask for: the process answers nobody else meanwhile. */
const MAX_ROWS = 50_000;
/** How many relations to many rows may be tested together: rows are looked at in all combinations. */
const MAX_TOGETHER = 2;
/** A listener's reply holds what the client asked, and more: its bounds are so many times wider. */
const WIDER = 4;

/** What all parts of one query share while it is read: its faults, and what bounds the whole. */
export class QueryReading {
	readonly access: Access;
	readonly faults: FaultList;
	#comparisons = 0;
	#objects = 0;
	#relations = 0;
	#steps = 0;
	#rows = 0;

	constructor(access: Access) {
		this.access = access;
		this.faults = new FaultList(access === "reply" ? "bad_reply" : "bad_query");
	}

	/** Whether any relation was named. */
	get related(): boolean {
		return this.#relations + this.#steps > 0;
	}

	/** A bound on depth or number, as it holds for this access. */
	bound(client: number): number {
		return this.access === "client" ? client : client * WIDER;
	}

	/** Whether there are too many comparisons, so that no more need to be read. */
	get isFull(): boolean {
		return this.#comparisons > this.bound(MAX_COMPARISONS);
	}

	/** Counts comparisons, or values that they bind; answers whether there are too many. */
	compare(count: number, path: string): boolean {
		const most = this.bound(MAX_COMPARISONS);
		const before = this.#comparisons;
		this.#comparisons += count;
		if (before <= most && this.#comparisons > most) {
			this.faults.add(path, `At most ${most} comparisons.`, "too_many");
		}
		return this.#comparisons > most;
	}

	/** Counts an object of conditions; answers whether there are too many. */
	object(path: string): boolean {
		const most = this.bound(MAX_OBJECTS);
		if (++this.#objects === most + 1) {
			this.faults.add(path, `At most ${most} objects of conditions.`, "too_many");
		}
		return this.#objects > most;
	}

	/** Counts a relation in a dotted field; answers whether there are too many. */
	step(path: string): boolean {
		const most = this.bound(MAX_STEPS);
		if (++this.#steps === most + 1) {
			this.faults.add(path, `At most ${most} relations in dotted fields.`, "too_many");
		}
		return this.#steps > most;
	}

	/** Counts a relation that is read or joined; answers whether there are too many. */
	relation(path: string): boolean {
		const most = this.bound(MAX_RELATIONS);
		if (++this.#relations === most + 1) {
			this.faults.add(path, `At most ${most} relations.`, "too_many");
		}
		return this.#relations > most;
	}

	/** Tells how many relations to many rows are tested in all combinations of their rows. */
	together(count: number, path: string): void {
		const most = this.bound(MAX_TOGETHER);
		if (count <= most) return;
		this.faults.add(path, `At most ${most} relations to many rows in one combination.`, "too_many");
	}

	/** Counts rows that may be answered in one place of the query. */
	rows(count: number, path: string): void {
		const before = this.#rows;
		this.#rows += count;
		if (this.access === "client" && before <= MAX_ROWS && this.#rows > MAX_ROWS) {
			this.faults.add(path, `At most ${MAX_ROWS} rows in all relations.`, "too_many");
		}
	}
}
