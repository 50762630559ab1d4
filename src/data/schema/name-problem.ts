/** What every object has: `name in row` is true of these names, whether the row sets them or not. */
const RESERVED: ReadonlySet<string> = new Set([
	...Object.getOwnPropertyNames(Object.prototype),
	"prototype",
]);
/** Names stand in URLs, topics, sorts and paths, between the signs that these use. */
const NAME = /^[\p{L}_][\p{L}\p{N}_$-]*$/u;

/** What is wrong with the name of an entity, a field or a relation, or undefined. */
export function nameProblem(name: string): string | undefined {
	if (RESERVED.has(name)) return "the name is reserved";
	return NAME.test(name)
		? undefined
		: "a name has letters, digits, _ and -, and begins with a letter or _";
}
