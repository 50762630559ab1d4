import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { describeDatabase } from "../conformance/database.ts";
import { temporaryFile } from "../support/temporary-file.ts";

describeDatabase("embedded libSQL, a file", () => openDatabase({ url: `file:${temporaryFile()}` }));
describeDatabase("embedded libSQL, in memory", () => openDatabase({ url: ":memory:" }));
