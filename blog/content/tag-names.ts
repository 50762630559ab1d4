export const tagNames = [
	"animals",
	"burrs",
	"climbers",
	"engineering",
	"field notes",
	"gardening",
	"history",
	"hooks",
	"insects",
	"seeds",
	"velcro",
] as const;

/** A subject of this blog. */
export type TagName = (typeof tagNames)[number];
