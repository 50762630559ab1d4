import { createRequire } from "node:module";
import { CliError } from "./cli-error.ts";

/** What of a snapshot of drizzle-kit is read here; drizzle-kit reads the rest. */
export interface Snapshot {
	readonly id: string;
	readonly prevId: string;
	readonly tables: Readonly<
		Record<string, { readonly name: string; readonly indexes: Readonly<Record<string, unknown>> }>
	>;
}

/** What of drizzle-kit is used: it describes a schema in the form in which it keeps schemas. */
export interface DrizzleKit {
	generateSQLiteDrizzleJson(
		tables: Readonly<Record<string, unknown>>,
		prevId?: string,
		casing?: "snake_case" | "camelCase",
	): Promise<Snapshot>;
}

const INSTALL = "Install it with: npm install --save-dev drizzle-kit@0.31";

/**
 * Loads the project's own drizzle-kit.
 * @param path A file of the project.
 * @throws CliError with the command that installs it.
 */
export function loadDrizzleKit(path: string): DrizzleKit {
	const require = createRequire(path);
	let kit: Partial<DrizzleKit>;
	try {
		kit = require("drizzle-kit/api") as Partial<DrizzleKit>;
	} catch (cause) {
		const missing = (cause as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";
		const message = missing
			? "Migrations are generated with drizzle-kit, which is not installed."
			: "drizzle-kit cannot be loaded.";
		throw new CliError(message, { hint: INSTALL, cause });
	}
	if (typeof kit.generateSQLiteDrizzleJson !== "function") {
		throw new CliError("This version of drizzle-kit files migrations in another way.", {
			hint: INSTALL,
		});
	}
	return kit as DrizzleKit;
}
