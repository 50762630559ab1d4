/** Names for the tables of one statement's subqueries: no table may be called so. */
export class Aliases {
	#count = 0;

	/** A name that no other table of the statement has. */
	next(): string {
		return `burdock_${++this.#count}`;
	}
}
