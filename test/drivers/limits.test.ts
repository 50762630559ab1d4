import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { describeLimits } from "../conformance/limits.ts";
import { describeAnyRows } from "../conformance/limits/any-rows.ts";

const open = async () => openDatabase({ url: ":memory:" });

describeLimits("embedded libSQL", open);
describeAnyRows("embedded libSQL", open, { runs: 40 });
