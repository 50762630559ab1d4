/** A class whose instances are `T`. */
export type Class<T = object> = new (...args: never[]) => T;

/**
 * Tells a class from a function that is called: the prototype of a class can't be replaced. It asks
 * nothing of how the class was compiled.
 */
export function isClass(value: unknown): value is Class {
	return (
		typeof value === "function" &&
		Object.getOwnPropertyDescriptor(value, "prototype")?.writable === false
	);
}
