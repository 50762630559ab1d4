import { fileURLToPath } from "node:url";

import type { Contender } from "../http/contenders.ts";

export const CONTENDER_NAMES = [
	"hand-written",
	"burdock",
	"hand-written-quick",
	"burdock-quick",
] as const;

function server(
	name: (typeof CONTENDER_NAMES)[number],
	{ title, program, args }: Pick<Contender, "title" | "program" | "args">,
): Contender {
	return {
		name,
		title,
		program: fileURLToPath(new URL(`./servers/${program}.ts`, import.meta.url)),
		args,
		readyPath: "/health",
		workloads: {},
		database: "own",
	};
}

const ALL: readonly Contender[] = [
	server("hand-written", {
		title: "hand-written: Hono + Drizzle, fsync",
		program: "hand-written",
		args: [],
	}),
	server("burdock", { title: "Burdock", program: "burdock", args: [] }),
	server("hand-written-quick", {
		title: "hand-written, no fsync",
		program: "hand-written",
		args: ["--quick"],
	}),
	server("burdock-quick", {
		title: "Burdock, durable: false",
		program: "burdock",
		args: ["--quick"],
	}),
];

/** The contenders of these names, in the order of {@link CONTENDER_NAMES}. */
export function contenders(names: readonly string[]): readonly Contender[] {
	return ALL.filter(({ name }) => names.includes(name));
}

/** What each of the product is measured against. */
export const PAIRS = [
	["burdock", "hand-written"],
	["burdock-quick", "hand-written-quick"],
] as const;
