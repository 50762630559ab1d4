import { afterEach, beforeEach, describe } from "vitest";
import { type Maybe, toPromise } from "../../src/kernel/maybe.ts";
import type { Database } from "../../src/data/database.ts";
import { describeBatches } from "./database/batches.ts";
import { describeFailures } from "./database/failures.ts";
import { describeLifecycle } from "./database/lifecycle.ts";
import { describeParameters } from "./database/parameters.ts";
import { describeStatements } from "./database/statements.ts";
import { type Deviation, failureOf, statement, type Subject } from "./database/subject.ts";
import { describeValues } from "./database/values.ts";

export interface DatabaseSuiteOptions {
	readonly deviations?: Readonly<Partial<Record<Deviation, string>>>;
}

/**
 * The contract of the Database port. Every driver passes it, in the runtime that it is for.
 *
 * @param open Opens an empty database.
 */
export function describeDatabase(
	name: string,
	open: () => Maybe<Database>,
	{ deviations = {} }: DatabaseSuiteOptions = {},
): void {
	describe(`the Database port: ${name}`, () => {
		let database: Database;
		beforeEach(async () => {
			database = await open();
		});
		afterEach(() => database.close());

		const subject: Subject = {
			get database() {
				return database;
			},
			all: (sql, ...params) => toPromise(() => database.all(statement(sql, ...params))),
			batch: (...statements) =>
				toPromise(() =>
					database.batch(
						statements.map((one) => (typeof one === "string" ? statement(one) : statement(...one))),
					),
				),
			failure: failureOf,
			deviates: (deviation) => deviation in deviations,
		};
		describeValues(subject);
		describeParameters(subject);
		describeStatements(subject);
		describeBatches(subject);
		describeFailures(subject);
		describeLifecycle(subject);
	});
}
