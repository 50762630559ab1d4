import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Database, SqlRow, SqlValue, Statement } from "../database.ts";
import { databaseErrors } from "../database-error.ts";
import { D1_CAPABILITIES, D1Text } from "./d1-text.ts";
import { InFlight } from "./in-flight.ts";

/** What of a D1 statement this driver uses. */
export interface D1Statement {
	bind(...values: unknown[]): D1Statement;
	raw(): Promise<unknown[]>;
}

/** What of a D1 binding, or of a session of one, this driver uses. */
export interface D1Binding<S extends D1Statement = D1Statement> {
	prepare(sql: string): S;
	batch(statements: S[]): Promise<readonly { readonly results: readonly unknown[] }[]>;
}

/** How the D1 driver behaves. */
export interface D1Options {
	/** The name of the binding, for people; default `DB`. */
	readonly location?: string;
}

const KNOWN_STATEMENTS = 500;

/** An object's keys that are array indices come first, whatever the order of the columns. */
const INDEX_KEY = /^(?:0|[1-9]\d*)$/;

/**
 * Cloudflare D1. What it cannot do of the port's contract:
 *
 * - Integers are bound exactly, but returned with 53 bits, see `integerBits` of its capabilities.
 * - A whole number that is bound is an expression, which SQLite does not take as the offset of a window's
 *   frame (`rows between ? preceding …`): it stands in the text there.
 * - The columns of each statement of a batch must have names that differ and are no numbers: D1
 *   answers a batch with objects.
 * - A foreign key that is checked when the batch commits (`deferrable initially deferred`) fails as
 *   `database_failed`.
 *
 * @example
 * ```ts
 * const database = new D1(env.DB);
 * ```
 */
export class D1<S extends D1Statement = D1Statement> implements Database {
	readonly engine = "D1";
	readonly location: string;
	readonly capabilities = D1_CAPABILITIES;
	readonly #binding: () => D1Binding<S>;
	readonly #inFlight = new InFlight();
	readonly #texts = new BoundedCache<string, D1Text>(KNOWN_STATEMENTS / 2);

	/**
	 * @param binding The binding, or a function that is asked for it at each call: a binding, and a
	 * session even more so, belongs to a request.
	 */
	constructor(binding: D1Binding<S> | (() => D1Binding<S>), options: D1Options = {}) {
		this.location = options.location ?? "DB";
		this.#binding = typeof binding === "function" ? binding : () => binding;
	}

	all(statement: Statement): Promise<readonly SqlRow[]> {
		const binding = this.#binding();
		return this.#inFlight.run(async () => {
			const rows = await this.#bind(binding, statement).raw();
			return (limit(rows, statement) as unknown[][]).map(toRow);
		});
	}

	batch(statements: readonly Statement[]): Promise<readonly (readonly SqlRow[])[]> {
		const only = statements[0];
		if (only === undefined) return Promise.resolve([]);
		if (statements.length === 1) return this.all(only).then((rows) => [rows]);
		const binding = this.#binding();
		return this.#inFlight.run(async () => {
			const bound = statements.map((statement) => this.#bind(binding, statement));
			const answers = await binding.batch(bound);
			return statements.map((statement, index) => {
				const rows = limit(answers[index]?.results ?? [], statement);
				return rows.map((row) => toRow(toColumns(row as object)));
			});
		});
	}

	/** There is nothing to close; afterwards it is closed all the same. */
	close(): Promise<void> {
		return this.#inFlight.close(() => {});
	}

	#bind(binding: D1Binding<S>, statement: Statement): S {
		const text = this.#texts.getOrMake(statement.sql, (sql) => new D1Text(sql));
		const { sql, values } = text.call(statement);
		const prepared = binding.prepare(sql);
		return values.length === 0 ? prepared : (prepared.bind(...values) as S);
	}
}

function limit(rows: readonly unknown[], { first }: Statement): readonly unknown[] {
	return first === true ? rows.slice(0, 1) : rows;
}

function toColumns(row: object): unknown[] {
	const names = Object.keys(row);
	if (names.length > 1 && names.some((name) => INDEX_KEY.test(name))) {
		throw databaseErrors.create("statement_refused", {
			reason: "the columns of a batch need names that are no numbers",
		});
	}
	return Object.values(row);
}

/** D1 writes a blob as an array of numbers. */
function toRow(values: unknown[]): SqlRow {
	return values.map((value) => (Array.isArray(value) ? Uint8Array.from(value) : value) as SqlValue);
}
