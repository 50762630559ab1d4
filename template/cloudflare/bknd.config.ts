import { DatabaseEvents, defineConfig } from "burdock";
import { withSlug } from "./src/hooks/with-slug.ts";
import * as schema from "./src/schema.ts";
import { seed } from "./src/seed.ts";
import * as tell from "./subscribers/tell.ts";

export default defineConfig((env) => ({
	connection: { url: String(env["DATABASE_URL"] ?? "file:.burdock/data.db"), d1: "DB" },
	schema,
	seed,
	events: { files: { tell } }, // a Worker has no folder to find it in

	onBuilt({ emgr }) {
		// The write waits for a sync listener; what it returns replaces the data.
		emgr.onEvent(DatabaseEvents.MutatorInsertBefore, ({ params }) => withSlug(params.data), {
			id: "slug",
			mode: "sync",
			entity: schema.posts,
		});
	},
}));
