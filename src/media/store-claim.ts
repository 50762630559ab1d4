import { sql } from "drizzle-orm";
import type { RawDrizzle } from "../data/raw-drizzle.ts";
import { META_TABLE } from "../data/migrate/own-tables.ts";
import type { StorageAdapter } from "./storage-adapter.ts";

/** Which row of the database's own notes holds the claim. */
const NOTE = "media_store";
/** What the key of the claim begins with in the store; no object of a file does. */
const MARK = "library.";

/**
 * Which database the objects of a store belong to. A sweep of two databases over one store, or of one
 * database over a store that is not its own, would take every file for an orphan. So the store holds a
 * mark, and the database knows it.
 */
export class StoreClaim {
	readonly #store: StorageAdapter;
	readonly #db: () => RawDrizzle;

	constructor(store: StorageAdapter, db: () => RawDrizzle) {
		this.#store = store;
		this.#db = db;
	}

	/**
	 * Whether the store belongs to the database: already (`"held"`), from now on, as it belonged to none
	 * (`"new"`), or not at all (`"refused"`).
	 *
	 * @param isForeign Whether what is in a store without a mark looks as if it were another database's.
	 */
	async make(isForeign: () => Promise<boolean>): Promise<"held" | "new" | "refused"> {
		const [marks, note] = [await this.#marks(), await this.#note()];
		if (note === undefined) {
			if (marks.length > 0 || (await isForeign())) return "refused";
			await this.#begin();
			return this.make(isForeign);
		}
		const [state, mark] = note.split(":", 2) as [string, string];
		if (state === "placed") return marks.length === 1 && marks[0] === mark ? "held" : "refused";
		if (marks.some((other) => other !== mark)) return "refused";
		await this.#store.put(`${MARK}${mark}`, nothing(), { type: "text/plain" });
		await this.#db().run(
			sql`update ${sql.identifier(META_TABLE)} set value = ${`placed:${mark}`} where key = ${NOTE}`,
		);
		return "new";
	}

	async #begin(): Promise<void> {
		const note = `new:${crypto.randomUUID().replaceAll("-", "")}`;
		await this.#db().run(
			sql`insert or ignore into ${sql.identifier(META_TABLE)} (key, value) values (${NOTE}, ${note})`,
		);
	}

	async #marks(): Promise<readonly string[]> {
		const { objects } = await this.#store.list({ prefix: MARK, limit: 10 });
		return objects.map(({ key }) => key.slice(MARK.length));
	}

	async #note(): Promise<string | undefined> {
		const [row] = await this.#db().all<readonly [string]>(
			sql`select value from ${sql.identifier(META_TABLE)} where key = ${NOTE}`,
		);
		return row?.[0];
	}
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
