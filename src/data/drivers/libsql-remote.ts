import type { Client, InValue, ResultSet } from "@libsql/client";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import { statementFailed } from "../classify-database-error.ts";
import type { Database, DatabaseCapabilities, SqlRow, SqlValue, Statement } from "../database.ts";
import { bindParameters, toExactValue } from "../parameters.ts";
import { readStatement, type StatementShape } from "../statement-shape.ts";
import { InFlight } from "./in-flight.ts";

/** How the remote driver behaves. */
export interface LibsqlRemoteOptions {
	/** The host, for people: without credentials. */
	readonly location: string;
}

interface Call {
	readonly sql: string;
	readonly args: InValue[];
	readonly reads: boolean;
	readonly first: boolean;
}

const KNOWN_STATEMENTS = 500;
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

const CAPABILITIES: DatabaseCapabilities = Object.freeze({
	maxParameters: 32_766,
	maxValueBytes: 500_000_000,
	integerBits: 64,
	maxExpressionDepth: 1_000,
	synchronous: false,
	ownsSchema: true,
});

/**
 * A libSQL server (sqld, Turso) or a file, through `@libsql/client`.
 *
 * @example
 * ```ts
 * const client = createClient({ url: "libsql://blog.example.com", authToken, intMode: "bigint" });
 * const database = new LibsqlRemote(client, { location: "blog.example.com" });
 * ```
 */
export class LibsqlRemote implements Database {
	readonly engine = "libSQL";
	readonly location: string;
	readonly capabilities = CAPABILITIES;
	readonly #client: Client;
	readonly #inFlight = new InFlight();
	readonly #shapes = new BoundedCache<string, StatementShape>(KNOWN_STATEMENTS / 2);

	/**
	 * @param client Made with `intMode: "bigint"`: with any other, integers beyond ±2^53 fail or
	 * come as text. The driver owns it from now on.
	 */
	constructor(client: Client, options: LibsqlRemoteOptions) {
		this.location = options.location;
		this.#client = client;
	}

	all(statement: Statement): Promise<readonly SqlRow[]> {
		return this.#inFlight.run(async () => {
			const { sql, args, first } = this.#bind(statement);
			return toRows(await this.#client.execute({ sql, args }), first);
		});
	}

	batch(statements: readonly Statement[]): Promise<readonly (readonly SqlRow[])[]> {
		return this.#inFlight.run(async () => {
			const calls = statements.map((statement) => this.#bind(statement));
			if (calls.length === 0) return [];
			const mode = calls.every(({ reads }) => reads) ? "read" : "write";
			const results = await this.#client.batch(calls, mode);
			return results.map((result, index) => toRows(result, calls[index]?.first === true));
		});
	}

	migrate(statements: readonly Statement[]): Promise<void> {
		return this.#inFlight.run(async () => {
			const calls = statements.map((statement) => this.#bind(statement));
			try {
				await this.#client.migrate(calls);
			} catch (error) {
				const at = (error as { readonly statementIndex?: unknown }).statementIndex;
				throw typeof at === "number" ? statementFailed(error, at) : error;
			}
		});
	}

	close(): Promise<void> {
		return this.#inFlight.close(() => this.#client.close());
	}

	#bind(statement: Statement): Call {
		const { placeholders, reads } = this.#shapes.getOrMake(statement.sql, readStatement);
		const args = bindParameters(statement, placeholders, CAPABILITIES, toExactValue);
		return { sql: statement.sql, args, reads, first: statement.first === true };
	}
}

/** Rows are objects by name and by number: by name, a second column of the same name is lost. */
function toRows(result: ResultSet, first: boolean): SqlRow[] {
	const rows = first ? result.rows.slice(0, 1) : result.rows;
	return rows.map((row) => {
		const values = new Array<SqlValue>(result.columns.length);
		for (let index = 0; index < values.length; index++) values[index] = toValue(row[index]);
		return values;
	});
}

function toValue(value: unknown): SqlValue {
	if (typeof value === "bigint") {
		return value <= MAX_SAFE && value >= -MAX_SAFE ? Number(value) : value;
	}
	return value instanceof ArrayBuffer ? new Uint8Array(value) : (value as SqlValue);
}
