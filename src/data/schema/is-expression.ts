import { is, SQL } from "drizzle-orm";

/**
 * Tells Drizzle's `sql`, of whichever copy of Drizzle, from all other values. Drizzle's own `is`
 * throws at an object without a prototype.
 */
export function isExpression(value: unknown): value is SQL {
	return (
		typeof value === "object" &&
		value !== null &&
		Object.getPrototypeOf(value) !== null &&
		is(value, SQL)
	);
}
