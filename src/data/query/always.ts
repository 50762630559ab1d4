import type { Condition } from "./ast.ts";

/** The condition that is always true. */
export const always: Condition = Object.freeze({ type: "and", of: Object.freeze([]) });
