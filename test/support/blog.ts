import { onTestFinished } from "vitest";
import type { App, RequestContext } from "../../src/app/app.ts";
import type { Config } from "../../src/app/config.ts";
import { createApp } from "../../src/app/create-app.ts";
import type { AppPlatform } from "../../src/app/platform.ts";
import type { Exposure } from "../../src/kernel/platform.ts";
import { openDatabase } from "../../src/runtime/node/open-database.ts";
import { nodePlatform } from "../../src/runtime/node/platform.ts";
import { CountedDatabase } from "./counted-database.ts";
import * as schema from "./scenario-schema.ts";
import { recordingLogger, type LogLine } from "./test-app.ts";

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
}

/** An app on a database of its own, and what a test looks at. */
export interface Blog {
	readonly app: App;
	readonly database: CountedDatabase;
	readonly log: Log;
	/** Sends a request through `app.fetch`. */
	send(request: ShortRequest | Request, context?: RequestContext): Promise<Response>;
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
	const { config = {}, env = {}, exposure = "in-process" } = options;
	const lines: LogLine[] = [];
	const log: Log = { lines, of: (level) => lines.filter((line) => line.level === level) };
	const database = new CountedDatabase(openDatabase({ url: ":memory:" }));
	const platform = {
		...nodePlatform({ logger: recordingLogger(lines), env, exposure }),
		...options.platform,
	};
	const app = createApp(
		{
			connection: database,
			schema,
			entities: { authors: { hidden: ["passwordHash"] } },
			async seed({ em }) {
				await em.mutator(schema.authors).insertMany(SEED.authors);
				await em.mutator(schema.posts).insertMany(SEED.posts);
				await em.mutator(schema.tags).insertMany(SEED.tags);
			},
			...config,
		},
		platform,
	);
	onTestFinished(async () => {
		await app.close({ timeout: 0 });
	});
	return {
		app,
		database,
		log,
		send: async (request, context) =>
			app.fetch(request instanceof Request ? request : requestOf(request), {}, context),
	};
}

/** An app that is built and seeded. */
export async function blog(options: BlogOptions = {}): Promise<Blog> {
	const made = newBlog(options);
	await made.app.build();
	made.database.reset();
	made.log.lines.length = 0;
	return made;
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
