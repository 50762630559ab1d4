import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { DATA_WORKLOADS, HELLO_WORKLOADS } from "./workloads.ts";
import type { Operation, Workload } from "./workloads.ts";

export const CONTENDER_NAMES = ["limit", "hand-written", "bknd", "burdock", "hello"] as const;

export type ContenderName = (typeof CONTENDER_NAMES)[number];

/** A server that is measured. */
export interface Contender {
	readonly name: string;
	readonly title: string;
	/** The program that node runs. */
	readonly program: string;
	readonly args: readonly string[];
	/** What it answers with 200 once it serves. */
	readonly readyPath: string;
	readonly workloads: Partial<Readonly<Record<Operation, Workload>>>;
	/** Whether its database file is made for it; otherwise it makes and fills one at its first boot. */
	readonly database: "given" | "own" | "none";
}

function pathOf(relative: string): string {
	return fileURLToPath(new URL(relative, import.meta.url));
}

function dataServer(name: ContenderName, title: string): Contender {
	return {
		name,
		title,
		program: pathOf(`./servers/${name}.ts`),
		args: [],
		readyPath: "/api/data/entity/posts/1",
		workloads: DATA_WORKLOADS,
		database: "given",
	};
}

const ALL: Readonly<Record<ContenderName, Contender>> = {
	limit: dataServer("limit", "the limit: Hono + prepared SQL on libsql"),
	"hand-written": dataServer("hand-written", "hand-written: Hono + Drizzle + @libsql/client"),
	bknd: dataServer("bknd", "bknd, its own Node server, WAL"),
	burdock: {
		...dataServer("burdock", "Burdock, two sync listeners on each operation"),
		program: pathOf("../../dist/cli/main.js"),
		args: ["start", "--config", pathOf("./servers/burdock.config.ts")],
		database: "own",
	},
	hello: {
		...dataServer("hello", "Hono answering hello world"),
		readyPath: "/",
		workloads: HELLO_WORKLOADS,
		database: "none",
	},
};

/** The contenders of these names, in the order of {@link CONTENDER_NAMES}. */
export function contenders(names: readonly string[]): readonly Contender[] {
	return CONTENDER_NAMES.filter((name) => names.includes(name)).map((name) => ALL[name]);
}

/** Whether there is a program to run: the product must have been built. */
export function isBuilt(contender: Contender): boolean {
	return existsSync(contender.program);
}
