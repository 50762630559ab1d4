import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { describeLimits } from "../conformance/limits.ts";

describeLimits("embedded libSQL", async () => openDatabase({ url: ":memory:" }));
