import { fileURLToPath } from "node:url";

import type { Contender } from "../http/contenders.ts";
import { bundle } from "../worker/bundle.ts";
import type { WorkerSource } from "../worker/contenders.ts";

export const CONTENDER_NAMES = [
	"hand-written",
	"burdock",
	"hand-written-quick",
	"burdock-quick",
	"hand-written-worker",
	"burdock-worker",
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

function workerOf(name: string, title: string): WorkerSource {
	const usesProduct = name === "burdock";
	const entry = fileURLToPath(new URL(`./workers/${name}.ts`, import.meta.url));
	const compatibilityFlags = usesProduct ? ["nodejs_als"] : [];
	return { name, title, entry, compatibilityFlags, usesProduct };
}

const WORKERS = [
	workerOf("hand-written", "hand-written: Hono + Drizzle on D1, R2"),
	workerOf("burdock", "Burdock, R2"),
];

/** The Workers of these names, bundled below `workspace` as for deployment, for the harness of servers. */
export async function workers(
	names: readonly string[],
	workspace: string,
): Promise<readonly Contender[]> {
	const found: Contender[] = [];
	for (const worker of WORKERS) {
		const name = `${worker.name}-worker`;
		if (!names.includes(name)) continue;
		const { file } = await bundle(worker, workspace);
		found.push({
			name,
			title: worker.title,
			program: fileURLToPath(new URL("./servers/worker.ts", import.meta.url)),
			args: [file, worker.compatibilityFlags.join(",")],
			// The port is open before the tables are made.
			readyPath: "/api/media/files",
			workloads: {},
			database: "own",
		});
	}
	return found;
}

/** Each of the product, what it is measured against, and what tells the pair from the first one. */
export const PAIRS = [
	["burdock", "hand-written", ""],
	["burdock-quick", "hand-written-quick", ", no fsync"],
	["burdock-worker", "hand-written-worker", ""],
] as const;
