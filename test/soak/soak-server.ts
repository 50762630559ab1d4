import { monitorEventLoopDelay } from "node:perf_hooks";
import { defineConfig } from "burdock";
import { serve } from "burdock/node";
import * as schema from "../support/scenario-schema.ts";

/** What the server under load tells about itself. */
export interface SoakReport {
	/** MiB after a full collection of garbage. */
	readonly heap: number;
	/** MiB of the process. */
	readonly rss: number;
	/** Milliseconds that the event loop was late since the last report: p50, p99, the longest. */
	readonly delay: readonly [p50: number, p99: number, longest: number];
	/** Different query shapes that were run so far by the flood. */
	readonly shapes: number;
	/** Lines of level `error` in the log so far. */
	readonly errors: readonly string[];
}

/** What the runner asks for. */
export type SoakRequest = "report" | { readonly flood: number } | "stop";

const errors: string[] = [];
const quiet = () => {};
const logger = {
	debug: quiet,
	info: quiet,
	warn: quiet,
	error: (message: string, fields: object = {}) => {
		if (errors.length < 20) errors.push(`${message} ${JSON.stringify(fields, readable)}`);
	},
	child: () => logger,
};

const server = await serve(
	defineConfig({
		connection: { url: `file:${process.argv[2]}` },
		schema,
		entities: { authors: { hidden: ["passwordHash"] } },
		limits: { bulkRows: 200 },
		async seed({ em }) {
			await em.mutator("authors").insertMany(
				["ada", "bob"].map((id) => ({
					id,
					name: id,
					email: `${id}@example.org`,
					passwordHash: "secret",
				})),
			);
		},
		onBuilt({ emgr }) {
			emgr.onAny(quiet, { mode: "sync", id: "sync" });
			emgr.on("data.**.after", async () => {}, { mode: "async", id: "async" });
		},
	}),
	{ port: 0, logger, signals: "ignore" },
);

const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
let shapes = 0;

/** Runs queries, no two of the same shape: fields, operators and their nesting are the digits of a number. */
async function flood(count: number): Promise<void> {
	const reader = server.app.em.reader("posts");
	const names = server.app.em.entity("posts").visible.map((field) => field.name);
	for (let index = 0; index < count; index++) {
		let rest = shapes++;
		const digit = (base: number): number => {
			const value = rest % base;
			rest = Math.floor(rest / base);
			return value;
		};
		const where = Array.from({ length: 6 }, () => ({
			[names[digit(names.length)] ?? "id"]: { $isnull: digit(2) === 1 },
		}));
		const related = digit(2) === 0 ? {} : { with: { author: {}, tags: { limit: 3 } } };
		await reader.findMany({ where: { $or: where }, limit: 1, ...related }, "client");
		if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
	}
}

async function answer(request: SoakRequest): Promise<void> {
	if (request === "stop") {
		await server.close();
		process.disconnect();
		return;
	}
	if (request !== "report") await flood(request.flood);
	globalThis.gc?.();
	const { heapUsed, rss } = process.memoryUsage();
	const report: SoakReport = {
		heap: heapUsed / 2 ** 20,
		rss: rss / 2 ** 20,
		delay: [loop.percentile(50) / 1e6, loop.percentile(99) / 1e6, loop.max / 1e6],
		shapes,
		errors,
	};
	loop.reset();
	process.send?.(report);
}

function readable(_key: string, value: unknown): unknown {
	if (value instanceof Error) return `${value.message} ← ${String(value.cause)}`;
	return typeof value === "bigint" ? String(value) : value;
}

process.on("message", (request: SoakRequest) => void answer(request));
process.send?.({ url: server.url });
