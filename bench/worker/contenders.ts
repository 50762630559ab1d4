import { fileURLToPath } from "node:url";

export const WORKER_NAMES = ["hand-written", "bknd", "bknd-warm", "burdock"] as const;

type WorkerName = (typeof WORKER_NAMES)[number];

/** A Worker that is measured, or that helps to. */
export interface WorkerSource {
	readonly name: string;
	readonly title: string;
	/** Its module, as a user would write it. */
	readonly entry: string;
	readonly compatibilityFlags: readonly string[];
	/** Whether it imports the product by its name. */
	readonly usesProduct: boolean;
}

/** The same for all. */
export const COMPATIBILITY_DATE = "2026-11-01";

function source(name: string, title: string, flags: readonly string[] = []): WorkerSource {
	const entry = fileURLToPath(new URL(`./workers/${name}.ts`, import.meta.url));
	return { name, title, entry, compatibilityFlags: flags, usesProduct: false };
}

function ofProduct(name: string, title: string): WorkerSource {
	return { ...source(name, title, ["nodejs_als"]), usesProduct: true };
}

const ALL: Readonly<Record<WorkerName, WorkerSource>> = {
	"hand-written": source("hand-written", "hand-written: Hono + Drizzle on D1"),
	bknd: source("bknd", "bknd as it comes, an app for each request", ["nodejs_compat"]),
	"bknd-warm": source("bknd-warm", "bknd, warm: true", ["nodejs_compat"]),
	burdock: ofProduct("burdock", "Burdock, two sync listeners on each operation"),
};

/** The contenders of these names, in the order of {@link WORKER_NAMES}. */
export function contenders(names: readonly string[]): readonly WorkerSource[] {
	return WORKER_NAMES.filter((name) => names.includes(name)).map((name) => ALL[name]);
}

/** Burdock with twenty entities, whose app is made and built on demand: see `buildTime`. */
export const TWENTY_ENTITIES = ofProduct("twenty-entities", "Burdock, 20 entities");
