import { FirstBootClaim } from "../../../../src/data/migrate/first-boot-claim.ts";
import { readSchema } from "../../../../src/data/schema/read-schema.ts";
import { Tables } from "../../../../src/data/migrate/tables.ts";
import { openDatabase } from "../../../../src/runtime/node/open-database.ts";
import { people, tokens } from "../../../support/wide-schema.ts";

const database = openDatabase({ url: process.argv[2] ?? "" });
await new Tables(database, readSchema({ people, tokens }, {})).prepare();
const claim = new FirstBootClaim(database);
console.log((await claim.take(Date.now())) ? "claimed" : "late");
await database.close();
