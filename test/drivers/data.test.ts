import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { describeData } from "../conformance/data.ts";
import { temporaryFile } from "../support/temporary-file.ts";

describeData("embedded libSQL", async () => openDatabase({ url: `file:${temporaryFile()}` }));
