import type { Database } from "../database.ts";
import type { Entity } from "../schema/entity.ts";
import { META_TABLE } from "./own-tables.ts";

const KEY = "first_boot";

/** The first boot of a database: a row that one of all processes gets to write. */
export class FirstBootClaim {
	readonly #database: Database;

	constructor(database: Database) {
		this.#database = database;
	}

	/**
	 * Claims the first boot: true for exactly one caller ever, in whichever process. All others only
	 * read, unless they come at the same time.
	 *
	 * @param now Milliseconds since the epoch, kept with the claim.
	 */
	async take(now: number): Promise<boolean> {
		const taken = await this.#database.all({
			sql: `select 1 from ${META_TABLE} where key = ?`,
			params: [KEY],
		});
		if (taken.length > 0) return false;
		const rows = await this.#database.all({
			sql: `insert or ignore into ${META_TABLE} (key, value) values (?, ?) returning key`,
			params: [KEY, new Date(now).toISOString()],
		});
		return rows.length > 0;
	}

	/** Gives the claim back, after a first boot that failed. */
	async release(): Promise<void> {
		await this.#database.all({ sql: `delete from ${META_TABLE} where key = ?`, params: [KEY] });
	}

	/** Whether none of these entities has a row yet. */
	async areEmpty(entities: readonly Entity[]): Promise<boolean> {
		const answers = await this.#database.batch(
			entities.map(({ identifier }) => ({
				sql: `select 1 as row from ${identifier} limit 1`,
				params: [],
			})),
		);
		return answers.every((rows) => rows.length === 0);
	}
}
