/** Whether a version is in a range as package.json writes it: `^0.45.0`, `>=22.18`, `4.2.0`. */
export function inRange(version: string, range: string): boolean {
	const [, sign = "", text = ""] = /^(\^|>=|)\s*v?([\d.]+)/.exec(range) ?? [];
	const [have, want] = [numbersOf(version), numbersOf(text)];
	const order = compare(have, want);
	if (sign === "") return order === 0;
	if (sign === ">=" || order < 0) return order >= 0;
	// A caret lets everything change that is right of the first number above 0.
	const fixed = want.findIndex((number) => number > 0);
	return want.slice(0, fixed + 1).every((number, index) => number === have[index]);
}

function numbersOf(version: string): readonly [number, number, number] {
	const [major = 0, minor = 0, patch = 0] = (version.split(/[-+]/)[0] ?? "").split(".").map(Number);
	return [major, minor, patch];
}

function compare(one: readonly number[], other: readonly number[]): number {
	const at = one.findIndex((number, index) => number !== other[index]);
	return at === -1 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
