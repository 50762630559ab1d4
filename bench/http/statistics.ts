/** The middle value; between two, their mean. NaN for no values. */
export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length / 2;
	const upper = sorted[Math.floor(middle)] ?? NaN;
	return Number.isInteger(middle) ? ((sorted[middle - 1] ?? NaN) + upper) / 2 : upper;
}

/**
 * The median of what `of(a, b)` says of each round's pair: what slowed both servers of a round down
 * cancels out, which it does not between two medians.
 */
export function medianOfPairs<T>(
	a: readonly T[],
	b: readonly T[],
	of: (a: T, b: T) => number,
): number {
	return median(a.slice(0, b.length).map((value, round) => of(value, b[round] as T)));
}
