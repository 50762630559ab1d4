import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { describeQueries } from "../conformance/queries.ts";
import { temporaryFile } from "../support/temporary-file.ts";

describeQueries("embedded libSQL", async () => openDatabase({ url: `file:${temporaryFile()}` }));
