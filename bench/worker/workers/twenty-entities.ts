// Burdock with twenty entities. The app is made and built by the first request for `/built`, which
// it then answers with 404; `/bare` is answered without it.

import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

import { serve } from "../../../dist/runtime/cloudflare/index.js";

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

/** A Worker, as far as this one calls it. */
type Worker = ReturnType<typeof serve>;

let worker: Worker | undefined;

export default {
	fetch(...event: Parameters<Worker["fetch"]>): ReturnType<Worker["fetch"]> | Response {
		const [request] = event;
		if (!request.url.endsWith("/built")) return new Response(null, { status: 404 });
		worker ??= serve({ connection: { d1: "DB" }, schema, server: { access: "open" } });
		return worker.fetch(...event);
	},
};
