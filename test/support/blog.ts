import { runtime } from "scenario-runtime";
import type { App, RequestContext } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import type { AppPlatform } from "../../src/app/platform.ts";
import type { Exposure } from "../../src/kernel/platform.ts";
import { recordingLogger, type LogLine } from "./recording-logger.ts";
import type { CountedTraffic, RuntimeApp, RuntimeOptions } from "./scenario-runtime.ts";
import * as schema from "./scenario-schema.ts";

/** The `traceparent` of every request that {@link requestOf} makes, and its trace id. */
export const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACEPARENT = `00-${TRACE_ID}-00f067aa0ba902b7-01`;

/** A request in short: `["POST", "/api/data/entity/posts", { title: "…" }, { accept: "…" }]`. */
export type ShortRequest =
	| readonly [method: string, path: string]
	| readonly [method: string, path: string, body: unknown]
	| readonly [
			method: string,
			path: string,
			body: unknown,
			headers: Readonly<Record<string, string>>,
	  ];

/** What a test changes of the blog. */
export interface BlogOptions {
	readonly config?: Config;
	readonly env?: Readonly<Record<string, unknown>>;
	readonly exposure?: Exposure;
	readonly platform?: Partial<AppPlatform>;
	readonly foreignKeys?: RuntimeOptions["foreignKeys"];
}

/** An app on a database of its own, and what a test looks at. */
export interface Blog {
	readonly app: App;
	readonly database: CountedTraffic;
	readonly log: Log;
	/** Sends a request as the runtime would pass it on. */
	send(request: ShortRequest | Request, context?: RequestContext): Promise<Response>;
	readonly settle: RuntimeApp["settle"];
	readonly run: RuntimeApp["run"];
}

/** What an app has logged. */
export interface Log {
	readonly lines: LogLine[];
	/** The lines of one level. */
	of(level: LogLine["level"]): readonly LogLine[];
}

/** The rows that every blog begins with. */
export const SEED = {
	authors: [
		{ id: "ada", name: "Ada", email: "ada@example.org", passwordHash: "hash-of-ada" },
		{ id: "bob", name: "Bob", email: "bob@example.org", passwordHash: "hash-of-bob" },
	],
	posts: [
		{ title: "One", slug: "one", views: 10, authorId: "ada", state: "live" as const },
		{ title: "Two", slug: "two", views: 20, authorId: "ada", extra: { a: [1] } },
		{ title: "Three", slug: "three", views: 30, authorId: "bob", publishedAt: new Date(0) },
	],
	tags: [
		{ id: 1, name: "hooks" },
		{ id: 2, name: "rivers" },
	],
};

/** An app that is not built yet; it is closed when the test ends. */
export function newBlog(options: BlogOptions = {}): Blog {
	return unbuilt(options).blog;
}

/** An app that is built and seeded. */
export async function blog(options: BlogOptions = {}): Promise<Blog> {
	const { blog: made, build } = unbuilt(options);
	await build();
	made.database.reset();
	made.log.lines.length = 0;
	return made;
}

function unbuilt(options: BlogOptions): { readonly blog: Blog; build(): Promise<void> } {
	const { config = {}, env = {}, exposure = "in-process", platform, foreignKeys } = options;
	const lines: LogLine[] = [];
	const log: Log = { lines, of: (level) => lines.filter((line) => line.level === level) };
	const opened = runtime.open(
		{
			schema,
			entities: { authors: { hidden: ["passwordHash"] } },
			async seed({ em }) {
				await em.atomic(async (unit) => {
					await unit.mutator(schema.authors).insertMany(SEED.authors);
					await unit.mutator(schema.posts).insertMany(SEED.posts);
					await unit.mutator(schema.tags).insertMany(SEED.tags);
				});
			},
			...config,
		},
		{ logger: recordingLogger(lines), env, exposure, platform, foreignKeys },
	);
	const send: Blog["send"] = (request, context) =>
		opened.fetch(request instanceof Request ? request : requestOf(request), context);
	const { app, database } = opened;
	return {
		blog: {
			app,
			database,
			log,
			send,
			settle: () => opened.settle(),
			run: (work) => opened.run(work),
		},
		build: () => opened.build(),
	};
}

/** Makes a request; a body that is neither text nor bytes is sent as JSON. */
export function requestOf([method, path, body, headers]: ShortRequest): Request {
	const raw = typeof body === "string" || body instanceof Uint8Array || body === undefined;
	return new Request(`http://localhost${path}`, {
		method,
		headers: {
			traceparent: TRACEPARENT,
			...(raw ? {} : { "content-type": "application/json" }),
			...headers,
		},
		...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
	});
}
