/** What was measured of a listener's calls. */
export interface Meter {
	calls: number;
	errors: number;
	/** Milliseconds of the last calls that were timed, in any order. */
	readonly times: readonly number[];
}
