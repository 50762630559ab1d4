export const people = [
	{
		name: "Ines Halvorsen",
		email: "ines@clinging.example",
		bio: "Botanist. Surveys road verges and river banks, and empties her turn-ups into envelopes.",
	},
	{
		name: "Tobias Reuter",
		email: "tobias@clinging.example",
		bio: "Mechanical engineer. Pulls things apart for a living and writes down how hard it was.",
	},
	{
		name: "Maya Okonkwo",
		email: "maya@clinging.example",
		bio: "Gardener on heavy clay, keeper of one shaggy dog and eleven climbing plants.",
	},
	{
		name: "Jonas Lindqvist",
		email: "jonas@clinging.example",
		bio: "Zoologist. Works on feet, claws and everything else that animals hold on with.",
	},
] as const;

/** Who writes here. */
export type AuthorName = (typeof people)[number]["name"];
