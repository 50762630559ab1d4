// Twenty entities: a request for `/make` makes an app of them, one for `/build` builds it, as Workers do,
// and nothing is asked of it. Whatever else is answered at once.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

import { D1 } from "burdock/data/d1";
import type { D1Binding } from "burdock/data/d1";
import { createApp } from "burdock";
import type { App, AppPlatform } from "burdock";

function table(name: string) {
	return sqliteTable(name, {
		id: integer("id").primaryKey({ autoIncrement: true }),
		title: text("title").notNull(),
		slug: text("slug").notNull().unique(),
		status: text("status", { enum: ["draft", "published"] })
			.notNull()
			.default("draft"),
		body: text("body"),
		author: text("author").notNull(),
		views: integer("views").notNull().default(0),
		isPinned: integer("is_pinned", { mode: "boolean" }).notNull().default(false),
		settings: text("settings", { mode: "json" }),
		createdAt: integer("created_at", { mode: "timestamp" }),
	});
}

const names = Array.from({ length: 20 }, (_, index) => `entity${index + 1}`);
const schema = Object.fromEntries(names.map((name) => [name, table(name)]));

function ignore(): void {}

const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, child: () => logger };

/** That of Workers, less what only a request needs. */
const platform: AppPlatform = {
	runtime: "cloudflare",
	env: {},
	clock: { now: () => Date.now() },
	logger,
	exposure: "public",
	deferral: "await",
	build: "synchronous",
	requestLines: "runtime",
	createContext: () => ({ get: () => undefined, run: (_value, callback) => callback() }),
	openDatabase: () => {
		throw new Error("It is given.");
	},
};

let app: App | undefined;

export default {
	async fetch(request: Request, { DB }: { readonly DB: D1Binding }): Promise<Response> {
		if (request.url.endsWith("/make")) {
			app = createApp({ connection: new D1(DB), schema }, platform);
		}
		if (request.url.endsWith("/build")) await app?.build();
		return new Response(null, { status: 204 });
	},
};
