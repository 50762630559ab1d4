/** How many single-character edits may lie between a name and the one it was meant to be. */
const MAX_DISTANCE = 3;
/** Longer names are never compared: the work grows with the product of both lengths. */
const MAX_LENGTH = 64;

/**
 * The candidate that a mistyped name most likely meant, or undefined when none is near.
 *
 * @example
 * ```ts
 * nearest("connexion", ["connection", "schema"]); // "connection"
 * ```
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
	if (name.length > MAX_LENGTH) return undefined;
	let best: string | undefined;
	let bestDistance = Math.min(MAX_DISTANCE, Math.ceil(name.length / 2)) + 1;
	for (const candidate of candidates) {
		const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
		if (distance < bestDistance) {
			best = candidate;
			bestDistance = distance;
		}
	}
	return best;
}

/** The end of an error message that names the nearest candidate: ` Did you mean posts?`, or nothing. */
export function didYouMean(name: string, candidates: Iterable<string>): string {
	const guess = nearest(name, candidates);
	return guess === undefined ? "" : ` Did you mean ${guess}?`;
}

function editDistance(from: string, to: string): number {
	let previous = Array.from({ length: to.length + 1 }, (_, index) => index);
	for (let row = 1; row <= from.length; row++) {
		const current = [row];
		for (let column = 1; column <= to.length; column++) {
			const cost = from[row - 1] === to[column - 1] ? 0 : 1;
			current.push(
				Math.min(
					(previous[column] ?? 0) + 1,
					(current[column - 1] ?? 0) + 1,
					(previous[column - 1] ?? 0) + cost,
				),
			);
		}
		previous = current;
	}
	return previous[to.length] ?? 0;
}
