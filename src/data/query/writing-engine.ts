import type { Database } from "../database.ts";

/** What of a database decides how statements are written. Ask it while SQL is compiled, once per shape. */
export type WritingEngine = Pick<Database, "capabilities">;
