import { resolve } from "node:path";
import { MIGRATIONS_FOLDER } from "../../app/config.ts";
import { Migrations } from "../../data/migrate/migrations.ts";
import { Tables } from "../../data/migrate/tables.ts";
import { readMigrations } from "../../runtime/node/migration-folder.ts";
import { fault, ok, warning, type Check, type DatabaseFacts } from "./check.ts";

/** Whether the database has the tables of the schema. */
export const schema: Check<DatabaseFacts> = {
	name: "Schema",
	async run({ app, config, database, folder }) {
		const { entities } = app.em;
		const [row] = await database.all({
			sql: `select count(*) from sqlite_master where type = 'table' and lower(name) in (select lower(value) from json_each(?))`,
			params: [JSON.stringify(entities.map(({ tableName }) => tableName))],
		});
		if (row?.[0] === 0) return [ok(`${entities.length} entities; their tables are not made yet`)];
		const files = readMigrations(resolve(folder, config.migrations?.dir ?? MIGRATIONS_FOLDER));
		const states = [...(await new Migrations(database, files).states())];
		const pending = states.filter(([, state]) => state === "pending").length;
		const problems = await new Tables(database, entities).problems();
		if (problems.length > 0) {
			const remedy =
				pending > 0
					? "burdock migrate apply"
					: "burdock migrate generate, look at the file, then burdock migrate apply";
			return problems.map((problem) => fault(problem, remedy));
		}
		if (pending > 0) {
			const some = pending === 1 ? "1 migration is" : `${pending} migrations are`;
			return [warning(`${some} not applied.`, "burdock migrate apply")];
		}
		return [ok(`${entities.length} entities, which the database fits`)];
	},
};
