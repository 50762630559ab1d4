import type { Field } from "./field.ts";

/** One field of a sort. */
export interface Sort {
	readonly field: Field;
	readonly direction: "asc" | "desc";
}
