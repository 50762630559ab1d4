/** With what `burdock` ends. A code is never reused for something else. */
export const EXIT_CODES = Object.freeze({
	ok: 0,
	/** Something unexpected, or a server that had to leave something undone when it stopped. */
	failure: 1,
	usage: 2,
	config: 3,
	database: 4,
	address: 5,
});

/** One of the codes, by its name. */
export type ExitName = keyof typeof EXIT_CODES;

/** What each code means; shown by `burdock help`. */
export const EXIT_MEANINGS: Readonly<Record<ExitName, string>> = Object.freeze({
	ok: "All went well.",
	failure: "Something failed, or was not finished when the server stopped.",
	usage: "The command line or a setting is wrong.",
	config: "The config is missing, faulty, or it throws.",
	database: "The database cannot be opened, or does not fit the schema.",
	address: "The port is taken, or the address may not be used.",
});
