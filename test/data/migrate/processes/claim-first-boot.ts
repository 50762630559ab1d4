import { readSchema } from "../../../../src/data/schema/read-schema.ts";
import { Tables } from "../../../../src/data/migrate/tables.ts";
import { openDatabase } from "../../../../src/runtime/node/open-database.ts";
import { people, tokens } from "../../../support/wide-schema.ts";

const database = openDatabase({ url: process.argv[2] ?? "" });
const tables = new Tables(database, readSchema({ people, tokens }, {}));
await tables.prepare();
console.log((await tables.claimFirstBoot(Date.now())) ? "claimed" : "late");
await database.close();
