import { and, gt, inArray, lte, sql } from "drizzle-orm";
import type { MediaContext } from "./media-context.ts";
import type { MediaRow } from "./media.ts";
import { newObjectKey, stemOf } from "./object-key.ts";
import type { ObjectInfo } from "./storage-adapter.ts";
import { StoreClaim } from "./store-claim.ts";
import { DEFAULT_EVERY, DEFAULT_GRACE, UNFINISHED_AGE } from "./sweep-times.ts";

/** The most objects that a store names at once, and rows that are compared with them. */
const MAX_PAGE = 1000;

/** Objects that are looked at as one piece of work: on Workers a list and a query count more than they take. */
const LOOKS = 10;

/** Files without rows that tell whose a store is; fewer may be left of uploads that ended halfway. */
const MANY = 10;

/** How far a step may go. */
export interface SweepStep {
	/** Pieces of work: ten times as many objects are looked at. */
	readonly limit: number;
	readonly signal?: AbortSignal;
}

type KnownRow = Pick<MediaRow, "id" | "key" | "object" | "updatedAt">;

/** All keys after one up to another, as the store and the database know them. */
interface Stretch {
	readonly objects: readonly ObjectInfo[];
	readonly rows: readonly KnownRow[];
	/** The last key of it; undefined where nothing comes after it. */
	readonly end: string | undefined;
}

/** Where a round is. */
interface Round {
	/** Where it began, and where it ends once it has begun anew at the first key. */
	readonly start: string;
	readonly after: string;
	readonly half: "upper" | "lower";
	/** Of a store that has just been claimed, rows stay: their objects may still be on their way there. */
	readonly rows: "kept" | "compared";
}

/**
 * Finds objects without rows, and rows without objects, by going through both in the order of keys: one
 * list and one query per step. What is younger than the grace may belong to an upload that is under
 * way, and is left alone.
 *
 * Where it is, it keeps in memory alone. Keys are random, so a round begins at a random one: processes
 * that live shortly, and many of them, get everywhere all the same.
 */
export class MediaSweep {
	readonly #context: MediaContext;
	readonly #claim: StoreClaim;
	readonly #grace: number;
	readonly #every: number;
	#round: Round | undefined;
	#restUntil = 0;

	constructor(context: MediaContext) {
		const { grace = DEFAULT_GRACE, every = DEFAULT_EVERY } = context.options.sweep ?? {};
		this.#context = context;
		this.#claim = new StoreClaim(context.store, context.db);
		this.#grace = grace;
		this.#every = every;
	}

	/**
	 * Does one step.
	 * @returns `limit` while a round goes on. 0 at its end, while the sweep rests until the next one, and
	 * when the store belongs to another database.
	 */
	async runOnce({ limit, signal }: SweepStep): Promise<number> {
		const now = this.#context.platform.clock.now();
		if (now < this.#restUntil) return 0;
		const before = now - this.#grace;
		this.#round ??= await this.#begin(now);
		if (!this.#round) return this.#rest(now);
		const stretch = await this.#stretch(this.#round, Math.min(limit * LOOKS, MAX_PAGE));
		await this.#removeObjects(stretch, before);
		if (this.#round.rows === "compared") await this.#removeRows(stretch, before, signal);
		this.#round = further(this.#round, stretch.end);
		return this.#round ? limit : this.#rest(now);
	}

	async #begin(now: number): Promise<Round | undefined> {
		const before = now - this.#grace;
		const { store, logger } = this.#context;
		const claim = await this.#claim.make(() => this.#seesStrangers(before));
		if (claim === "refused") {
			logger.error(
				"The sweep of media does nothing: this store is not the one that belongs to this database. Give each database a store, or a prefix, of its own, and copy library.* with the files.",
				{ store: store.name },
			);
			return undefined;
		}
		await store.tidy?.(new Date(Math.min(before, now - UNFINISHED_AGE)));
		const start = newObjectKey();
		const rows = claim === "new" ? "kept" : "compared";
		return { start, after: start, half: "upper", rows };
	}

	/**
	 * Whether most files in the store have no row: another database has never swept its own store, so
	 * that it has no mark yet, and this one was led there by mistake.
	 */
	async #seesStrangers(before: number): Promise<boolean> {
		const { objects } = await this.#context.store.list({ limit: MAX_PAGE });
		const old = objects.filter(({ stored }) => stored.getTime() < before);
		const stems = new Set(old.map(({ key }) => stemOf(key)).filter((stem) => stem !== undefined));
		if (stems.size < MANY) return false;
		const known = await this.#known([...stems]);
		return known.size * 2 < stems.size;
	}

	/** Those of these objects that have a row. */
	async #known(stems: readonly string[]): Promise<ReadonlySet<string>> {
		const { db, table } = this.#context;
		const found = await db()
			.select({ object: table.object })
			.from(table)
			.where(inArray(table.object, [...stems]));
		return new Set(found.map(({ object }) => object));
	}

	#rest(now: number): number {
		this.#restUntil = now + this.#every;
		return 0;
	}

	async #stretch({ start, after, half }: Round, limit: number): Promise<Stretch> {
		const { store, db, table } = this.#context;
		const page = await store.list({ limit, ...(after === "" ? {} : { after }) });
		const lastObject = page.more ? page.objects.at(-1)?.key : undefined;
		const last = earlier(lastObject, half === "lower" ? start : undefined);
		const rows = await db()
			.select(columnsOf(table))
			.from(table)
			.where(and(gt(table.object, after), last ? lte(table.object, last) : undefined, named(table)))
			.orderBy(table.object)
			.limit(MAX_PAGE);
		const end = rows.length === MAX_PAGE ? rows.at(-1)?.object : last;
		const objects = page.objects.filter(({ key }) => end === undefined || key <= end);
		return { objects, rows, end };
	}

	/** Objects whose row is not there, nor came meanwhile. */
	async #removeObjects({ objects, rows }: Stretch, before: number): Promise<void> {
		const { store, logger } = this.#context;
		const known = new Set(rows.map(({ object }) => object));
		const suspects = objects.filter(({ key, stored }) => {
			const stem = stemOf(key);
			return stem !== undefined && !known.has(stem) && stored.getTime() < before;
		});
		if (suspects.length === 0) return;
		const stems = [...new Set(suspects.map(({ key }) => stemOf(key) as string))];
		const kept = await this.#known(stems);
		const orphans = suspects
			.map(({ key }) => key)
			.filter((key) => !kept.has(stemOf(key) as string));
		if (orphans.length === 0) return;
		await store.delete(orphans);
		logger.info("Objects that belonged to no file were removed.", { objects: orphans.length });
	}

	/** Rows whose object is not there. Whoever listens to deletes hears of them, and may refuse. */
	async #removeRows(
		{ objects, rows }: Stretch,
		before: number,
		signal: AbortSignal | undefined,
	): Promise<void> {
		const { store, em, table, logger } = this.#context;
		const stored = new Set(objects.map(({ key }) => key));
		for (const { id, key, object, updatedAt } of rows) {
			if (stored.has(object) || updatedAt.getTime() >= before) continue;
			if (signal?.aborted) return;
			if (await store.head(object)) continue;
			try {
				// It may have been stored anew by now: then its object is another one.
				const { data } = await em.mutator(table).deleteWhere({ id, object });
				if (data.length === 0) continue;
				logger.warn("The content of a file is gone, so the file was removed.", {
					name: key,
					object,
				});
			} catch (error) {
				logger.warn("The content of a file is gone, but the file could not be removed.", {
					name: key,
					object,
					error,
				});
			}
		}
	}
}

/** The next stretch of a round; undefined at its end. */
function further(round: Round, end: string | undefined): Round | undefined {
	if (round.half === "upper") {
		return end === undefined ? { ...round, after: "", half: "lower" } : { ...round, after: end };
	}
	return end === undefined || end >= round.start ? undefined : { ...round, after: end };
}

function earlier(one: string | undefined, other: string | undefined): string | undefined {
	return one === undefined || (other !== undefined && other < one) ? other : one;
}

/** Rows of objects that uploads have named: what code has made up, no store may be asked for. */
function named({ object }: MediaContext["table"]) {
	return sql`length(${object}) = 32 and ${object} not glob '*[^0-9a-f]*'`;
}

function columnsOf({ id, key, object, updatedAt }: MediaContext["table"]) {
	return { id, key, object, updatedAt };
}
